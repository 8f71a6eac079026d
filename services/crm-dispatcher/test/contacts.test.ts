import { createContacts } from '@patchcord/contacts';
import { type Contact, campaign, emptyTenantConfig, type Session } from '@patchcord/contracts';
import { connectRedis } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFindContacts } from '../src/usecases/find-contacts.ts';
import { answeredWork, changed, newCallId, part, tenantId } from './call.ts';
import { type Fixture, log, startFixture } from './fixture.ts';

let fixture: Fixture;
let redis: Redis;
const people: Record<string, Contact> = {};

beforeAll(async () => {
  fixture = await startFixture();
  redis = await connectRedis({ url: fixture.servers.redis.url, name: 'test', log });
  await fixture.startReplica();
  const entity = { id: 'people', name: 'People', columns: ['phone', 'name'], phoneColumns: ['phone'] };
  await fixture.config.put(tenantId, 'contact-database', entity);
  const database = await eventually(() => fixture.config.tenant(tenantId)['contact-database'].get('people'));
  for (const [name, phone] of [
    ['Ann', '4155550123'],
    ['Twin A', '2125550100'],
    ['Twin B', '(212) 555-0100'],
    ['Zoe', '3125550100'],
    ['Extension', '1001'],
  ] as const) {
    const added = await createContacts(redis)
      .add({ tenantId, database, region: 'US' }, { name, phone })
      .catch(() => undefined);
    if (added !== undefined) people[name] = added.contact;
  }
  const parameters = [{ family: 'contact', key: 'name', name: 'name', missing: 'empty' }] as const;
  await fixture.addSite('known', { parameters: [...parameters] }, { database: 'people' });
  await fixture.addSite('shown', { trigger: 'automatic', method: 'GET', target: 'embedded' }, { database: 'people' });
});
afterAll(async () => {
  redis.disconnect();
  await fixture.stop();
});

const call = (site: string, callId: string, more: Partial<Session> = {}) =>
  changed(callId, 'answered', { queues: [{ queue: site, enteredAt: new Date().toISOString() }], ...more });

async function nameTold(more: Partial<Session>, callId = newCallId()): Promise<unknown> {
  await fixture.publish(call('known', callId, more));
  const workId = answeredWork(callId, 'known');
  await fixture.until(workId, 'succeeded');
  return (JSON.parse(fixture.crm.accepted().get(workId)?.body ?? '') as { name?: unknown }).name;
}

describe('whom a call is about', () => {
  it.each([
    ['the caller', { direction: 'inbound', ani: '+14155550123', dnis: '+13125550100' }, 'Ann'],
    ['who is called', { direction: 'outbound', ani: '+14155550123', dnis: '+13125550100' }, 'Zoe'],
    ['nobody: two have the number', { direction: 'inbound', ani: '+12125550100' }, ''],
    ['nobody: he hides his number', { direction: 'inbound', ani: 'anonymous' }, ''],
    ['nobody: an extension', { direction: 'internal', ani: '1001' }, ''],
    ['nobody: nobody has the number', { direction: 'inbound', ani: '+16175550100' }, ''],
  ] as const)('%s', async (_who, more, expected) => {
    expect(await nameTold(more)).toBe(expected);
  });

  it('the contact that the call is linked to, whatever its number', async () => {
    const callId = newCallId();
    const contactId = people.Zoe?.contactId ?? '';
    await createContacts(redis).linkCall(tenantId, callId, { databaseId: 'people', contactId }, 60_000);
    expect(await nameTold({ ani: '+14155550123' }, callId)).toBe('Zoe');
  });

  it('several are shown to the agent, and none is chosen', async () => {
    const [callId, agentId] = [newCallId(), '700'];
    const news = await fixture.watch(agentId);
    const at = new Date().toISOString();
    const interactions = [part(callId, { agent: { agentId }, answeredAt: at })];
    await fixture.publish(call('shown', callId, { at, ani: '+12125550100', interactions } as Partial<Session>));
    await eventually(() => news.length === 1);
    const [first] = news;
    const names = first?.news === 'offered' ? first.pop.contacts.map(({ name }) => name) : [];
    expect(new Set(names)).toEqual(new Set(['Twin A', 'Twin B']));
  });

  it('Redis that does not answer is our trouble, and not nobody', async () => {
    const entity = { id: 'people', name: 'P', columns: ['phone'], phoneColumns: ['phone'], lastDigits: 8 };
    const config = { ...emptyTenantConfig(), 'contact-database': new Map([['people', entity]]) };
    const find = createFindContacts({
      config: { tenant: () => config },
      contacts: {
        linkOf: async () => undefined,
        get: async () => undefined,
        find: async () => {
          throw new Error('Connection is closed.');
        },
      },
    });
    const { session } = changed('c-1', 'answered').data;
    const occasion = {
      tenantId,
      cause: 'answered',
      occurredAt: new Date().toISOString(),
      campaign: campaign.parse({ id: 'a', name: 'A', database: 'people' }),
      session,
      identity: { callId: 'c-1' },
    } as const;
    await expect(find(occasion)).rejects.toMatchObject({ class: 'own-trouble' });
  });

  it('a call that is answered while Redis is away is told with its contact when it is back', async () => {
    await fixture.servers.redis.kill();
    const callId = newCallId();
    await fixture.publish(call('known', callId, { ani: '+14155550123' }));
    await fixture.servers.redis.restart();
    const workId = answeredWork(callId, 'known');
    await eventually(() => fixture.crm.accepted().has(workId), { deadlineMs: 20_000 });
    expect(JSON.parse(fixture.crm.accepted().get(workId)?.body ?? '')).toEqual({ name: 'Ann' });
  });
});
