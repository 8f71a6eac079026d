import { ensureServerBinaries } from '@patchcord/testkit';

/** Once before all tests: real servers need their programs. */
export default async function setup(): Promise<void> {
  if (process.env.PATCHCORD_TEST_SERVERS === 'docker') return;
  await ensureServerBinaries((line) => console.log(`tests: ${line}`));
}
