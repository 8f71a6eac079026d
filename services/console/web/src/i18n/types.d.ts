import 'i18next';
import type { administration } from './en/administration.ts';
import type { en } from './en/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en & typeof administration };
  }
}
