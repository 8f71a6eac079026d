import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireBinary } from './binaries.ts';
import { containersWanted, startContainer } from './container.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

export interface NatsOptions {
  /** JetStream's directory. Default: a new one that `stop` removes. */
  readonly dir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** In a container; default: as PATCHCORD_TEST_SERVERS says. */
  readonly container?: boolean;
  /** Lines added to the server's configuration file, e.g. users. Child processes only. */
  readonly config?: string;
}

const readyLine = /Server is ready/;

/** A NATS server with JetStream on 127.0.0.1. */
export async function startNats(options: NatsOptions = {}): Promise<ServerProcess> {
  if (options.container ?? containersWanted()) {
    const command = ['--jetstream', '--store_dir', '/data'];
    return startContainer({
      name: 'nats',
      image: 'NATS_IMAGE',
      scheme: 'nats',
      innerPort: 4222,
      command,
      readyLine,
      dir: options.dir,
      port: options.port,
    });
  }
  const binary = requireBinary('nats-server', 'nats-server');
  return startServerProcess({
    name: 'nats',
    scheme: 'nats',
    dir: options.dir,
    port: options.port,
    command: async ({ dir, port }) => {
      const file = join(dir, 'nats.conf');
      await writeFile(file, configuration(dir, port, options.config ?? ''));
      return { binary, args: ['-c', file], readyLine };
    },
  });
}

const configuration = (dir: string, port: number, more: string): string =>
  [`listen: "127.0.0.1:${port}"`, `jetstream { store_dir: ${JSON.stringify(join(dir, 'js'))} }`, more, ''].join('\n');
