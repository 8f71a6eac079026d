import { ensureServerBinaries } from '@patchcord/testkit';
import { ensureChromium } from './packages/chromium.ts';
import type { Unavailable } from './packages/debian-tree.ts';
import { ensureAsterisk } from './pbx/lab/packages.ts';

/** Once before all tests: real servers need their programs. */
export default async function setup(): Promise<void> {
  const log = (line: string): void => console.log(`tests: ${line}`);
  if (process.env.PATCHCORD_TEST_SERVERS !== 'docker') await ensureServerBinaries(log);
  await fetchIfWanted({ variable: 'PATCHCORD_ASTERISK', what: 'a real Asterisk', ensure: ensureAsterisk, log });
  await fetchIfWanted({ variable: 'PATCHCORD_CHROMIUM', what: 'a real browser', ensure: ensureChromium, log });
}

interface Wish {
  readonly variable: 'PATCHCORD_ASTERISK' | 'PATCHCORD_CHROMIUM';
  readonly what: string;
  readonly ensure: (log: (line: string) => void) => Promise<{ readonly outcome: 'ready' } | Unavailable>;
  readonly log: (line: string) => void;
}

/** `npm test` tries (scripts/check.ts); who runs a few tests, most of which need none, says so. */
async function fetchIfWanted({ variable, what, ensure, log }: Wish): Promise<void> {
  const wish = process.env[variable] || (process.env.CI === 'true' ? 'try' : '0');
  if (!['1', 'try'].includes(wish)) return;
  const fetched = await ensure(log);
  if (fetched.outcome === 'ready') return;
  if (wish === '1') throw new Error(`${variable}=1, but ${fetched.why}`);
  log(`the tests with ${what} are skipped: ${fetched.why}`);
}
