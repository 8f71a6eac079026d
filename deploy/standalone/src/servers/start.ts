import { spawnSync } from 'node:child_process';
import {
  ensureServerBinaries,
  findBinary,
  hasDistributionPackages,
  type ServerProcess,
  startNats,
  startRedis,
} from '@patchcord/testkit';
import type { DataFolder } from '../data-folder.ts';
import type { PortBook } from '../ports.ts';
import { chooseSource, type ServerSource } from './choose.ts';

export interface Servers {
  readonly natsUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly data: DataFolder;
  readonly ports: PortBook;
  readonly log: (line: string) => void;
}

type Start = (options: { dir: string; port: number; container: boolean }) => Promise<ServerProcess>;

interface ServerKind {
  readonly name: 'NATS' | 'Redis';
  readonly binary: string;
  readonly variable: string;
  readonly usualPort: number;
  readonly start: Start;
}

const kinds: readonly ServerKind[] = [
  { name: 'NATS', binary: 'nats-server', variable: 'NATS_URL', usualPort: 4222, start: startNats },
  {
    name: 'Redis',
    binary: 'redis-server',
    variable: 'REDIS_URL',
    usualPort: 6379,
    start: (options) => startRedis({ ...options, appendOnly: 'everysec' }),
  },
];

/** Gets NATS and Redis the best way this machine offers, and says which way that was. */
export async function startServers(options: ServerOptions): Promise<Servers> {
  const running: ServerProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
  };
  try {
    const urls: string[] = [];
    for (const kind of kinds) urls.push(await startOne(kind, options, running));
    const [natsUrl = '', redisUrl = ''] = urls;
    return { natsUrl, redisUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOne(kind: ServerKind, options: ServerOptions, running: ServerProcess[]): Promise<string> {
  const source = sourceOf(kind, options.env);
  if (source.kind === 'url') {
    options.log(`${kind.name}: using ${kind.variable}`);
    return source.url;
  }
  if (source.kind === 'distribution' || source.kind === 'none') await ensureServerBinaries(options.log);
  const [dir, port] = [
    await options.data.sub(kind.name.toLowerCase()),
    await options.ports.take(kind.name, kind.usualPort),
  ];
  const server = await kind.start({ dir, port, container: source.kind === 'container' });
  running.push(server);
  options.log(`${kind.name}: ${described(source, kind)} on port ${server.port}`);
  return server.url;
}

function sourceOf(kind: ServerKind, env: NodeJS.ProcessEnv): ServerSource {
  const url = env[kind.variable];
  const onPath = findBinary(kind.binary) !== undefined;
  // Docker is asked only where it matters: its daemon may take seconds to say that it is not there.
  const docker = url === undefined && !onPath && dockerAnswers();
  return chooseSource({ url, onPath, docker, distribution: hasDistributionPackages() });
}

function described(source: ServerSource, kind: ServerKind): string {
  if (source.kind === 'container') return 'started in a container';
  return source.kind === 'binary' ? `started ${findBinary(kind.binary)}` : `started the distribution's ${kind.binary}`;
}

const dockerAnswers = (): boolean =>
  findBinary('docker') !== undefined &&
  spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 5000, stdio: 'ignore' }).status === 0;
