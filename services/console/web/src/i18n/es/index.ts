import type { Language } from '../texts.ts';
import { common } from './common.ts';
import { live } from './live.ts';
import { missing } from './missing.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { timeline } from './timeline.ts';
import { work } from './work.ts';

export const es: Language = { common, live, missing, shell, signIn, timeline, work };
