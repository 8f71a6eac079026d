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

/** What everybody may come to read, in English. The other languages have the same keys: the compiler sees to it. */
export const en = {
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
