import type { Language } from '../texts.ts';
import { card } from './card.ts';
import { common } from './common.ts';
import { desk } from './desk.ts';
import { embed } from './embed.ts';
import { live } from './live.ts';
import { missing } from './missing.ts';
import { ops } from './ops.ts';
import { refusals } from './refusals.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { timeline } from './timeline.ts';
import { work } from './work.ts';

export const es: Language = {
  card,
  common,
  desk,
  embed,
  live,
  missing,
  ops,
  refusals,
  shell,
  signIn,
  timeline,
  work,
};
