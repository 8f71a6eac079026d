import { common } from './common.ts';
import { live } from './live.ts';
import { missing } from './missing.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { timeline } from './timeline.ts';
import { work } from './work.ts';

/** Every text of the pages, in English. The other languages have the same keys: the compiler sees to it. */
export const en = { common, live, missing, shell, signIn, timeline, work };
