import { requireBinary } from './binaries.ts';
import { containersWanted, startContainer } from './container.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

export interface RedisOptions {
  /** Directory of the append-only file. Default: a new one that `stop` removes. */
  readonly dir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** `true` writes each command to disk before it is answered, `everysec` once a second. Default: nothing survives. */
  readonly appendOnly?: boolean | 'everysec';
  /** In a container; default: as PATCHCORD_TEST_SERVERS says. */
  readonly container?: boolean;
}

const readyLine = /Ready to accept connections/;

/** A Redis server on 127.0.0.1. */
export async function startRedis(options: RedisOptions = {}): Promise<ServerProcess> {
  const settings = redisSettings(options.appendOnly ?? false);
  if (options.container ?? containersWanted()) {
    // Clients come from outside the container; not every build of the image leaves protected mode off.
    const command = ['redis-server', '--dir', '/data', '--protected-mode', 'no', ...settings];
    return startContainer({
      name: 'redis',
      image: 'REDIS_IMAGE',
      scheme: 'redis',
      innerPort: 6379,
      command,
      readyLine,
      dir: options.dir,
      port: options.port,
    });
  }
  const binary = requireBinary('redis-server', 'redis-server');
  return startServerProcess({
    name: 'redis',
    scheme: 'redis',
    dir: options.dir,
    port: options.port,
    command: async ({ dir, port }) => ({
      binary,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...settings],
      readyLine,
    }),
  });
}

/** `hz 100`: Redis looks for expired keys ten times as often as by default, so that delayed jobs start within 13 ms. */
const redisSettings = (appendOnly: boolean | 'everysec'): string[] => {
  const fsync = appendOnly === 'everysec' ? 'everysec' : 'always';
  const persistence = appendOnly ? ['--appendonly', 'yes', '--appendfsync', fsync] : ['--appendonly', 'no'];
  return ['--save', '', '--hz', '100', '--maxmemory-policy', 'noeviction', ...persistence];
};
