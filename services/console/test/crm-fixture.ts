import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { callRpc } from '@patchcord/bus';
import { type Contacts, createContacts } from '@patchcord/contacts';
import { type ContactDatabase, contactDatabase, rpc, type Scope } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { onTestFinished } from 'vitest';
import { type ConsoleFixture, type RequestOptions, startConsole } from './fixture.ts';

export const tenantId = 'acme';

const database: ContactDatabase = contactDatabase.parse({
  id: 'leads',
  name: 'Leads',
  columns: ['phone', 'name', 'crm_id'],
  phoneColumns: ['phone'],
  externalIdColumn: 'crm_id',
});
const order = {
  id: 'sale',
  name: 'Sale',
  fields: [{ name: 'amount', type: 'number', required: true, min: 1 }],
};
const dispositions = [
  { id: '1', name: 'Sold', crm: true },
  { id: '2', name: 'Call back' },
  { id: '3', name: 'Order', form: 'sale' },
];

export const entities = [
  { kind: 'tenant', entity: { id: tenantId, name: 'Acme', defaultRegion: 'US' } },
  { kind: 'external-system', entity: { id: '7', name: 'CRM' } },
  { kind: 'agent', entity: { id: '1001', name: 'Ana Diaz', username: 'ana', externalIds: { 7: 'ana@crm' } } },
  { kind: 'agent', entity: { id: '1002', name: 'Bo', externalIds: { 7: 'bo@crm' } } },
  { kind: 'form', entity: order },
  { kind: 'contact-database', entity: database },
  {
    kind: 'campaign',
    entity: {
      id: '11',
      name: 'Sales',
      type: 'preview',
      match: { queues: ['sales'] },
      database: 'leads',
      dispositions,
      agents: ['1001'],
      external: { system: '7', id: 'spring' },
    },
  },
  {
    kind: 'campaign',
    entity: { id: '12', name: 'Service', match: { queues: ['service'] }, dispositions: [{ id: '20', name: 'Solved' }] },
  },
];

export interface CrmFixture extends ConsoleFixture {
  readonly contacts: Contacts;
  readonly database: ContactDatabase;
  /** A contact with a number, and with an id in the CRM if one is given. */
  readonly addContact: (phone: string, externalId?: string) => Promise<string>;
  /** A token that acts for this agent only. */
  readonly agentToken: (agentId: string, ...scopes: Scope[]) => Promise<string>;
  readonly json: (path: string, options?: RequestOptions) => Promise<{ status: number; body: unknown }>;
}

/** A console with campaigns, contacts and a disposition service that runs as a process of its own. */
export async function startCrm(): Promise<CrmFixture> {
  const fixture = await startConsole();
  await fixture.config.applyAll(tenantId, entities);
  await startDispositionService(fixture);
  const contacts = createContacts(fixture.redis);
  let tokens = 0;
  return {
    ...fixture,
    contacts,
    database,
    addContact: async (phone, externalId = '') => {
      const where = { tenantId, database, region: 'US' };
      return (await contacts.add(where, { phone, name: 'Ann', crm_id: externalId })).contact.contactId;
    },
    agentToken: async (agentId, ...scopes) => {
      const { token, sha256 } = mintToken(tenantId);
      tokens += 1;
      await fixture.config.put(tenantId, 'api-token', {
        id: `agent-${tokens}`,
        name: 'Agent',
        sha256,
        scopes,
        agentId,
      });
      return token;
    },
    json: async (path, options) => {
      const answer = await fixture.request(path, options);
      return { status: answer.status, body: await answer.json() };
    },
  };
}

async function startDispositionService(fixture: ConsoleFixture): Promise<void> {
  startProcess(fixture, 'disposition');
  const asked = () => callRpc(fixture.bus, rpc.listDispositions, { tenantId, limit: 1 }, { timeoutMs: 1000 });
  const answers = () =>
    asked().then(
      () => true,
      () => false,
    );
  await eventually(answers, { what: 'the disposition service', deadlineMs: 20_000 });
}

/** Another service as a process of its own, until the test ends. */
export function startProcess(
  { nats, redisServer }: Pick<ConsoleFixture, 'nats' | 'redisServer'>,
  service: string,
  more: Record<string, string> = {},
): void {
  const main = join(import.meta.dirname, '../..', service, 'src/main.ts');
  const env = { NATS_URL: nats.url, REDIS_URL: redisServer.url, HTTP_PORT: '0', LOG_LEVEL: 'error', ...more };
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
}
