import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createContacts } from '@patchcord/contacts';
import type { ExternalSite } from '@patchcord/contracts';
import { connectRedis } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredWork, changed, newCallId, part, tenantId } from './call.ts';
import { type Fixture, log, startFixture } from './fixture.ts';

/** What the two examples of OMniLeads' documentation send. */
const recordingFile = 'prev-115-20190604-2-4149014-1559667982.424.wav';
const database = { id: 'people', name: 'People', columns: ['telefono', 'codigo'], phoneColumns: ['telefono'] };

let fixture: Fixture;
let redis: Redis;
let server: Server;
/** The first line of each request, as it came. */
const lines: string[] = [];
let url = '';

beforeAll(async () => {
  fixture = await startFixture();
  redis = await connectRedis({ url: fixture.servers.redis.url, name: 'test', log });
  server = createServer((request, response) => {
    lines.push(`${request.method} ${request.url}`);
    response.end('ok');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await fixture.startReplica();
  await fixture.config.put(tenantId, 'contact-database', { ...database, externalIdColumn: 'codigo' });
  const stored = await eventually(() => fixture.config.tenant(tenantId)['contact-database'].get('people'));
  const person = { telefono: '4155550123', codigo: '321321321' };
  await createContacts(redis).add({ tenantId, database: stored, region: 'US' }, person);
});
afterAll(async () => {
  redis.disconnect();
  await new Promise((resolve) => server.close(resolve));
  await fixture.stop();
});

async function answeredCall(site: string): Promise<string> {
  const callId = newCallId();
  const at = new Date().toISOString();
  const interactions = [part(callId, { answeredAt: at })];
  const recordings = [
    { recordingId: 'r-1', legId: `l-${callId}`, location: `/var/rec/${recordingFile}`, startedAt: at },
  ];
  const variables = { CAMPAIGN: '11' };
  const queues = [{ queue: site, enteredAt: at }];
  await fixture.publish(changed(callId, 'answered', { at, interactions, recordings, variables, queues }));
  return answeredWork(callId, site);
}

const table = (names: readonly [string, string, string, string], lang: string): ExternalSite['parameters'] => [
  { family: 'contact', key: 'codigo', name: names[0] },
  { family: 'campaign', key: 'id', name: names[1] },
  { family: 'fixed', key: lang, name: names[2] },
  { family: 'call', key: 'rec_filename', name: names[3] },
];

describe('the examples of OMniLeads, byte for byte', () => {
  it('example 1 - GET with parameters', async () => {
    const parameters = table(['idClient', 'idCamp', 'lang', 'recordingFile'], 'en');
    await fixture.addSite('11', { method: 'GET', url, parameters }, { database: 'people', match: {} });
    await fixture.until(await answeredCall('11'), 'succeeded');
    expect(lines.at(-1)).toBe(`GET /?idClient=321321321&idCamp=11&lang=en&recordingFile=${recordingFile}`);
  });

  it('example 2 - GET with a clean URL', async () => {
    const parameters = table(['{1}', '{2}', '{3}', '{4}'], 'es');
    const clean = `${url}/{1}/{2}/{3}/{4}`;
    await fixture.addSite('clean', { method: 'GET', url: clean, parameters });
    await fixture.config.put(tenantId, 'campaign', { id: '11', name: '11', sites: ['clean'], database: 'people' });
    // A replica may still know the campaign as it was.
    await eventually(async () => {
      await answeredCall('clean');
      return lines.at(-1)?.startsWith('GET /3');
    });
    expect(lines.at(-1)).toBe(`GET /321321321/11/es/${recordingFile}`);
  });
});
