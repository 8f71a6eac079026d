import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AmiClient, connectAmi } from '@patchcord/asterisk';

/** Folder of a real Asterisk on loopback, with `up` and `cli`; its phones and numbers are those of this test. */
export const labFolder = process.env.PATCHCORD_ASTERISK_LAB;
export const hasLab = labFolder !== undefined && existsSync(join(labFolder, 'up'));

if (labFolder !== undefined && !hasLab) throw new Error(`PATCHCORD_ASTERISK_LAB: there is no lab in "${labFolder}"`);
if (!hasLab) console.log('tests: no real Asterisk (PATCHCORD_ASTERISK_LAB names no folder); its tests are skipped');

const run = promisify(execFile);

export const startLab = async (): Promise<void> => void (await run(join(labFolder ?? '', 'up')));

/** A command of Asterisk's own command line. */
export async function cli(command: string): Promise<string> {
  const { stdout } = await run(join(labFolder ?? '', 'cli'), [command]);
  return stdout;
}

export const ami = { host: '127.0.0.1', port: 5038, username: 'ctimin', secret: 'ctimin-lab-pw' } as const;

/** A second connection, by which a test looks at the PBX past the services. */
export const lookAtPbx = (onEvent: Parameters<typeof connectAmi>[0]['onEvent'] = () => undefined): Promise<AmiClient> =>
  connectAmi({ ...ami, username: 'cti', secret: 'cti-lab-pw', onEvent });
