import { findBinary } from './binaries.ts';
import { hasDistributionPackages, natsServer, redisServer, unpackFromDistribution } from './distribution.ts';

/**
 * Makes sure that nats-server and redis-server can be started as child processes: installed ones are taken; otherwise
 * they are unpacked from the distribution's packages. The error says what to install by hand.
 */
export async function ensureServerBinaries(log: (line: string) => void): Promise<void> {
  const missing = [natsServer, redisServer].filter(({ binary }) => findBinary(binary) === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ binary }) => binary).join(' and ');
  if (!hasDistributionPackages()) throw new Error(howToInstall(names));
  log(`${names} not installed: taking the distribution's packages, without touching the system`);
  try {
    await unpackFromDistribution(missing, log);
  } catch (cause) {
    throw new Error(`${howToInstall(names)} Fetching the packages failed: ${(cause as Error).message}`, { cause });
  }
}

const howToInstall = (names: string): string =>
  `${names} not found. Install NATS 2.9 or newer (nats-server, https://docs.nats.io) and Redis 7 or newer ` +
  '(redis-server), or set NATS_URL and REDIS_URL to running ones.';
