import type { DigitalContact, DigitalEvent } from '@patchcord/contracts';
import { mintToken, type Service } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDigitalStore } from '../src/adapters/digital-store.ts';
import { type DigitalScript, digitalScript } from './digital-script.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
let service: Service;
const reader = mintToken(tenantId);
const bound = mintToken(tenantId);

beforeAll(async () => {
  fixture = await startFixture();
  const scopes = ['sessions:read'];
  await fixture.config.put(tenantId, 'api-token', { id: 'reader', name: 'Reader', sha256: reader.sha256, scopes });
  await fixture.config.put(tenantId, 'agent', { id: '1002', name: 'Bob' });
  const own = { id: 'bound', name: 'Bob', sha256: bound.sha256, scopes, agentId: '1002' };
  await fixture.config.put(tenantId, 'api-token', own);
  service = await fixture.startReplica();
});
afterAll(() => fixture.stop());

/** On the bus as they are, also twice: without a message id that NATS would know again. */
async function publish(...events: DigitalEvent[]): Promise<void> {
  for (const event of events) {
    const [, , entity, name] = event.type.split('.');
    const subject = `patchcord.v1.evt.${event.tenantid}.${entity}.${event.subject}.${name}`;
    await fixture.bus.js.publish(subject, JSON.stringify(event));
  }
}

async function get(path: string, token = reader.token) {
  const answer = await fetch(`${service.url}/v1/digital-interactions${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const read = ({ contactId }: DigitalScript) =>
  get(`/${contactId}`).then(({ body }) => body.contact as DigitalContact | undefined);
const readOnce = (contact: DigitalScript, isSo: (contact: DigitalContact) => boolean) =>
  eventually(async () => {
    const now = await read(contact);
    return now !== undefined && isSo(now) && now;
  });

async function dispose(contact: DigitalScript, segmentId: string, optionId: string) {
  return eventually(async () => {
    const answer = await fetch(`${service.url}/v1/interactions/${contact.interactionId(segmentId)}/disposition`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${fixture.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ optionId }),
    });
    return answer.status === 200 && answer.json();
  });
}

const written = (contact: DigitalScript, count: number) =>
  eventually(() => fixture.records(contact.callId).length >= count && fixture.records(contact.callId), {
    what: `${count} records`,
  });
const summary = (contact: DigitalScript) =>
  fixture.records(contact.callId).map(({ record, revision }) => [record.interactionId, revision]);

/** Another contact that is told of later is written: what was due before is written too. */
async function everythingBefore(): Promise<void> {
  const other = digitalScript();
  await publish(other.opened(), other.assigned('1', '1009'), other.closed());
  await written(other, 1);
}

test('digital - handed on: the first agent is written once, the next has a segment of his own', async () => {
  const contact = digitalScript();
  await publish(contact.opened(), contact.assigned('1', '1001'), contact.transferred('1', '1002'));
  const [job] = await written(contact, 1);
  expect(job).toMatchObject({
    workId: `w.${contact.callId}.crm-main.after-call.${contact.interactionId('1')}`,
    record: {
      channel: 'digital',
      campaignId: 'direct',
      agent: { agentId: '1001' },
      digital: { kind: 'chat', contactId: contact.contactId, segmentId: '1', endReason: 'transferred' },
    },
  });
  await publish(contact.assigned('2', '1002'));
  const seen = await readOnce(contact, ({ segments }) => segments.length === 2);
  expect(seen.segments).toMatchObject([
    { interactionId: contact.interactionId('1'), endReason: 'transferred' },
    { interactionId: contact.interactionId('2'), agent: { agentId: '1002' } },
  ]);
  expect(seen.segments[1]).not.toHaveProperty('endedAt');
  await publish(contact.closed());
  await written(contact, 2);
  await everythingBefore();
  expect(summary(contact)).toEqual([
    [contact.interactionId('1'), 1],
    [contact.interactionId('2'), 1],
  ]);
});

test('digital - given back without a dismissal nothing is written; with it, once, in either order', async () => {
  const [one, other] = [digitalScript(), digitalScript()];
  await publish(one.opened(), one.assigned('1', '1001'), one.unassigned('1'));
  await publish(other.opened(), other.assigned('1', '1001'), other.dismissed('1'));
  await readOnce(one, ({ segments }) => segments[0]?.unassignedAt !== undefined);
  await readOnce(other, ({ segments }) => segments[0]?.dismissedAt !== undefined);
  await everythingBefore();
  expect([summary(one), summary(other)]).toEqual([[], []]);
  await publish(one.dismissed('1'), other.unassigned('1'));
  for (const contact of [one, other]) {
    const [job] = await written(contact, 1);
    expect(job?.record.digital?.endReason).toBe('dismissed');
  }
  await publish(one.closed(), other.closed());
  await readOnce(one, ({ state }) => state === 'closed');
  await everythingBefore();
  expect([summary(one).length, summary(other).length]).toEqual([1, 1]);
});

test('digital - told twice, late and out of order, each segment is written once', async () => {
  const contact = digitalScript();
  const events = [
    contact.opened(),
    contact.assigned('1', '1001'),
    contact.unassigned('1'),
    contact.assigned('2', '1002'),
    contact.dismissed('1'),
    contact.closed(),
  ];
  await publish(...[5, 3, 0, 4, 3, 2, 5, 1, 0, 2].flatMap((at) => events[at] ?? []));
  await written(contact, 2);
  await publish(...events);
  await everythingBefore();
  expect(summary(contact).toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual([
    [contact.interactionId('1'), 1],
    [contact.interactionId('2'), 1],
  ]);
});

test('digital - a disposition before the end is in the record; after it, the record is written again', async () => {
  const contact = digitalScript();
  await publish(contact.opened(), contact.assigned('1', '1001'));
  expect(await dispose(contact, '1', 'callback')).toMatchObject({ outcome: 'recorded' });
  await publish(contact.closed());
  const [first] = await written(contact, 1);
  expect(first).toMatchObject({ revision: 1, record: { disposition: { optionId: 'callback' } } });
  expect(await dispose(contact, '1', 'sold')).toMatchObject({ outcome: 'changed' });
  const [, second] = await written(contact, 2);
  expect(second).toMatchObject({
    revision: 2,
    record: { recordId: first?.record.recordId, disposition: { optionId: 'sold' } },
  });
});

test('digital - after-call work begins only where the campaign gives time for it', async () => {
  const acw = { timeoutMs: 60_000, digitalTimeoutMs: 300 };
  const entity = { id: 'mail', name: 'Mail', match: { queues: ['mail'] }, records: ['main'], acw };
  await fixture.config.put(tenantId, 'campaign', entity);
  const [without, timed] = [digitalScript({ queue: 'brief' }), digitalScript({ queue: 'mail' })];
  for (const contact of [without, timed]) {
    await publish(contact.opened(), contact.assigned('1', '1001'), contact.closed());
    await written(contact, 1);
  }
  const types = async ({ callId }: DigitalScript) => (await fixture.events(callId)).map(({ type }) => type);
  expect(await types(without)).toEqual(['patchcord.v1.agent.acw-ended']);
  expect(await types(timed)).toEqual(['patchcord.v1.agent.acw-started', 'patchcord.v1.agent.acw-ended']);
});

test('digital - a transcript that comes late is written; that of whoever goes on, only with his record', async () => {
  const contact = digitalScript();
  await publish(contact.opened(), contact.assigned('1', '1001'), contact.transcript('so far'));
  await publish(
    contact.transferred('1', '1002'),
    contact.assigned('2', '1002'),
    contact.transcript('so far, and more'),
  );
  await written(contact, 1);
  await publish(contact.closed());
  await written(contact, 2);
  await publish(contact.transcript('the end', '2'));
  await written(contact, 3);
  await everythingBefore();
  const texts = fixture
    .records(contact.callId)
    .map(({ record, revision }) => [record.interactionId, revision, record.transcript]);
  expect(texts.slice(1)).toEqual([
    [contact.interactionId('2'), 1, 'so far, and more'],
    [contact.interactionId('2'), 2, 'the end'],
  ]);
  expect(texts[0]?.[2]).toMatch(/^so far/);
});

test('digital - open contacts are listed, an agent sees his own, and what is over is gone', async () => {
  const [his, other] = [digitalScript(), digitalScript()];
  await publish(his.opened(), his.assigned('1', '1002'), his.transcript('secret'), other.opened());
  const ids = async (query: string, token?: string) =>
    ((await get(query, token)).body.contacts as DigitalContact[]).map(({ contactId }) => contactId);
  await eventually(async () => (await ids('')).includes(other.contactId));
  await readOnce(his, ({ segments }) => segments.length === 1);
  expect(await ids('')).toContain(his.contactId);
  expect(await ids('?agentId=1002')).toContain(his.contactId);
  expect(await ids('', bound.token)).not.toContain(other.contactId);
  expect((await get(`/${other.contactId}`, bound.token)).status).toBe(404);
  expect((await get('?agentId=1001', bound.token)).status).toBe(403);
  const { body } = await get(`/${his.contactId}`, bound.token);
  expect(body.course).toMatchObject([
    { what: 'opened' },
    { what: 'assigned', agentId: '1002' },
    { what: 'transcript-recorded' },
  ]);
  expect(JSON.stringify(body)).not.toContain('secret');
  await publish(his.closed());
  await readOnce(his, ({ state }) => state === 'closed');
  expect(await ids('')).not.toContain(his.contactId);
  expect((await get('/nobody')).status).toBe(404);
});

test('digital - an agent looks at his own - the contacts of everybody were read, with all that was written', async () => {
  const [his, others] = [digitalScript(), Array.from({ length: 30 }, () => digitalScript())];
  await publish(his.opened(), his.assigned('1', '1007'), ...others.map((one) => one.opened()));
  const store = createDigitalStore({ redis: fixture.redis, ttlMs: 60_000 });
  const openOf = (agentId?: string) => store.openOf(tenantId, { from: 0, count: 100, agentId });
  await eventually(async () => {
    const all = await openOf();
    return [his, ...others].every(({ contactId }) => all.includes(contactId));
  });
  expect(await openOf('1007')).toEqual([his.contactId]);
  await publish(his.closed());
  await eventually(async () => (await openOf('1007')).length === 0);
});
