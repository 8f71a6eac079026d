import { ensureServerBinaries } from '@patchcord/testkit';
import { ensureAsterisk } from './pbx/lab/packages.ts';

/** Once before all tests: real servers need their programs. */
export default async function setup(): Promise<void> {
  const log = (line: string): void => console.log(`tests: ${line}`);
  if (process.env.PATCHCORD_TEST_SERVERS !== 'docker') await ensureServerBinaries(log);
  if (isAsteriskWanted()) await fetchAsterisk(log);
}

/** `npm test` tries (scripts/check.ts); who runs a few tests, most of which need none, says so. */
const isAsteriskWanted = (): boolean => ['1', 'try'].includes(asteriskWish) || (asteriskWish === '' && isCi);

const asteriskWish = process.env.PATCHCORD_ASTERISK ?? '';
const isCi = process.env.CI === 'true';

async function fetchAsterisk(log: (line: string) => void): Promise<void> {
  const fetched = await ensureAsterisk(log);
  if (fetched.outcome === 'ready') return;
  if (asteriskWish === '1') throw new Error(`PATCHCORD_ASTERISK=1, but ${fetched.why}`);
  log(`the tests with a real Asterisk are skipped: ${fetched.why}`);
}
