import { startHouse } from '@patchcord/standalone';
import { ensureServerBinaries, startServers } from '@patchcord/testkit';
import { inOrder, type OpenApi, type ServiceApi } from './openapi-document.ts';

/** Nothing of the machine may show in what is generated. */
const environment = { LOG_LEVEL: 'silent', HTTP_HOST: '127.0.0.1' };

/**
 * The API of every service, as the running services give it: they are started in this process beside a NATS and a Redis
 * of their own, asked, and stopped.
 */
export async function serviceApis(): Promise<ServiceApi[]> {
  if (process.env.PATCHCORD_TEST_SERVERS !== 'docker') await ensureServerBinaries((line) => console.error(line));
  const servers = await startServers();
  try {
    return await askHouse({ ...environment, NATS_URL: servers.nats.url, REDIS_URL: servers.redis.url });
  } finally {
    await servers.stop();
  }
}

async function askHouse(env: Readonly<Record<string, string>>): Promise<ServiceApi[]> {
  const usualPorts = new Map<string, number>();
  const anyPort = async (name: string, usual: number): Promise<number> => {
    usualPorts.set(name, usual);
    return 0;
  };
  const house = await startHouse({ env, ports: { take: anyPort } });
  try {
    return await Promise.all(
      [...usualPorts]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(async ([service, port]) => ({ service, port, api: inOrder(await openApiAt(house.urls[service] ?? '')) })),
    );
  } finally {
    await house.stop();
  }
}

async function openApiAt(url: string): Promise<OpenApi> {
  const answer = await fetch(`${url}/openapi.json`);
  if (!answer.ok) throw new Error(`${url}/openapi.json answered ${answer.status}`);
  return (await answer.json()) as OpenApi;
}
