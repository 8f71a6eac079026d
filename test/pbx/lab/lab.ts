import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type AmiClient, connectAmi } from '@patchcord/asterisk';
import { eventually, startServerProcess } from '@patchcord/testkit';
import { type DialplanTopic, dialplanOf } from './dialplan.ts';
import { type Asterisk, unpackedAsterisk } from './packages.ts';
import { configuration } from './settings.ts';

/** Where a service finds the PBX. */
export interface AmiAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: string;
}

/** A real Asterisk on 127.0.0.1, with ports and a folder of its own: several may run at a time. */
export interface Lab {
  /** With the rights that the services need. */
  readonly ami: AmiAddress;
  /** UDP. */
  readonly sipPort: number;
  /** A command of Asterisk's own command line. */
  cli(command: string): Promise<string>;
  /** A connection by which a test looks at the PBX past the services. */
  observe(onEvent?: Parameters<typeof connectAmi>[0]['onEvent']): Promise<AmiClient>;
  /** Ends all calls; resolves when no channel is left. */
  quiet(): Promise<void>;
  /** The end of what Asterisk wrote into its log. */
  log(): Promise<string>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** On the same ports; ends it first when it still runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const logCharacters = 6000;

const asterisk = process.env.PATCHCORD_ASTERISK === '0' ? undefined : unpackedAsterisk();
export const hasLab = asterisk !== undefined;

if (!hasLab)
  console.log(
    'tests: no real Asterisk here, its tests are skipped; `npm test` or PATCHCORD_ASTERISK=1 fetches one on Debian',
  );

export async function startLab(topic: DialplanTopic = {}): Promise<Lab> {
  if (asterisk === undefined) throw new Error('there is no Asterisk on this machine');
  const secret = randomBytes(16).toString('hex');
  const dialplan = dialplanOf(topic);
  let folder = '';
  const command = async ({ dir, port }: { dir: string; port: number }) => {
    await isFree(port);
    await writeConfiguration(dir, configuration({ asterisk, dir, port, secret, dialplan }));
    await linkData(asterisk.root, dir, dialplan.sounds);
    folder = dir;
    const [binary, ...args] = asterisk.command;
    return { binary, args: [...args, '-f', '-C', join(dir, 'etc/asterisk.conf')], readyLine: /./s };
  };
  const server = await startServerProcess({ name: 'asterisk', scheme: 'sip', command });
  const user = (username: string) => ({ host: '127.0.0.1', port: server.port, username, secret });
  const cli = (line: string) => runCli(asterisk, folder, line);
  const observe: Lab['observe'] = (onEvent = () => undefined) => connectAmi({ ...user('observer'), onEvent });
  const log = async (): Promise<string> =>
    (await readFile(join(folder, 'log/full'), 'utf8').catch(() => '')).slice(-logCharacters);
  // What it prints comes long before it is ready.
  const booted = async (): Promise<void> => {
    await eventually(() => cli('core waitfullybooted'), { what: 'a booted Asterisk' });
    (await observe()).close();
  };
  await booted().catch(async (cause: unknown) => {
    const said = await log();
    await server.stop();
    throw new Error(`Asterisk does not start:\n${said}`, { cause });
  });
  return {
    ami: user('services'),
    sipPort: server.port,
    cli,
    observe,
    quiet: () => quiet(cli),
    log,
    kill: () => server.kill(),
    async restart() {
      await server.restart();
      await booted();
    },
    stop: () => server.stop(),
  };
}

/** TCP is seen by the PBX's own start; a UDP port that is taken it only notes in its log. */
async function isFree(port: number): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  await new Promise<void>((resolve) => void socket.close(resolve));
}

async function writeConfiguration(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const name of ['etc', 'cache', 'lib/keys', 'spool', 'run', 'log'])
    await mkdir(join(dir, name), { recursive: true });
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dir, 'etc', name), text)));
}

/** What an installation of the packages links by scripts of its own, and the sounds of this test. */
async function linkData(root: string, dir: string, sounds: readonly string[]): Promise<void> {
  const [from, to] = [join(root, 'usr/share/asterisk'), join(dir, 'data')];
  const voice = join(from, 'sounds/en_US_f_Allison');
  const links = [
    [join(from, 'documentation'), 'documentation'],
    [voice, 'sounds/en'],
    ...sounds.map((name) => [join(voice, 'beep.gsm'), `sounds/${name}.gsm`]),
  ] as const;
  await rm(to, { recursive: true, force: true });
  for (const [target = '', name = ''] of links) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    await symlink(target, join(to, name));
  }
}

async function runCli({ command: [binary, ...args] }: Asterisk, folder: string, line: string): Promise<string> {
  const all = [...args, '-C', join(folder, 'etc/asterisk.conf'), '-rx', line];
  const { stdout } = await promisify(execFile)(binary, all, { timeout: 10_000 });
  return stdout;
}

async function quiet(cli: Lab['cli']): Promise<void> {
  await cli('channel request hangup all');
  await eventually(async () => (await cli('core show channels')).includes('0 active channels'), {
    what: 'no channel left on the PBX',
  });
}
