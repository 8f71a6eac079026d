import { createServer } from 'node:net';

/** Hands out ports: the usual one of each part, or the next free one. Never the same port twice. */
export interface PortBook {
  /** A free port for `name`, at or above `usual`. */
  take(name: string, usual: number): Promise<number>;
}

/** How far above the usual port a free one is looked for. */
const reach = 200;

export function createPortBook(log: (line: string) => void, host = '127.0.0.1'): PortBook {
  const taken = new Set<number>();
  return {
    take: async (name, usual) => {
      for (let port = usual; port < usual + reach; port += 1) {
        if (taken.has(port) || !(await isFree(host, port))) continue;
        taken.add(port);
        if (port !== usual) log(`port ${usual} (${name}) is busy: taking ${port}`);
        return port;
      }
      throw new Error(`no free port for ${name} from ${usual} to ${usual + reach - 1}`);
    },
  };
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
