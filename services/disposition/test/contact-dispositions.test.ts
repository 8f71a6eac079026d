import { callRpc } from '@patchcord/bus';
import { createContacts } from '@patchcord/contacts';
import { queues, rpc } from '@patchcord/contracts';
import { createJobs } from '@patchcord/jobs';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createDispositionStore } from '../src/adapters/disposition-store.ts';
import { dispositionEvent } from '../src/domain/events.ts';
import { followUpJob, internalRetry } from '../src/jobs/catalog.ts';
import { answeredCall } from './call-script.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await Promise.all([fixture.startReplica(), fixture.startReplica()]);
});
afterAll(() => fixture.stop());

const timeoutMs = 5000;
interface More {
  readonly campaignId?: string;
  readonly agentId?: string;
  readonly callId?: string;
  readonly form?: Record<string, unknown>;
  readonly withoutForm?: boolean;
}
const create = async (contactId: string, optionId: string, { form, ...more }: More = {}) => {
  const disposition = { optionId, ...(form === undefined ? {} : { form }) };
  const request = { tenantId, campaignId: 'support', contactId, disposition, ...more };
  return (await callRpc(fixture.bus, rpc.createDisposition, request, { timeoutMs })).entry;
};
const change = async (dispositionId: string, optionId: string, more: object = {}) => {
  const request = { tenantId, dispositionId, disposition: { optionId }, ...more };
  return (await callRpc(fixture.bus, rpc.changeDisposition, request, { timeoutMs })).entry;
};
const list = async (filter: object, limit = 100) =>
  (await callRpc(fixture.bus, rpc.listDispositions, { tenantId, limit, ...filter }, { timeoutMs })).dispositions;
const told = async (dispositionId: string) =>
  (await fixture.told(dispositionId)).map(({ type, data }) => ({ type: type.replace('patchcord.v1.', ''), data }));

test('contact - is disposed of once, changed by the id, and each is told once with what was before', async () => {
  const entry = await create('k1', 'sold', { agentId: '1001' });
  expect(entry).toMatchObject({ campaignId: 'support', contactId: 'k1', agentId: '1001', changes: 1 });
  const changed = await change(entry.dispositionId, 'callback');
  expect(changed).toMatchObject({ changes: 2, agentId: '1001', createdAt: entry.createdAt });
  expect(await change(entry.dispositionId, 'callback')).toEqual(changed);
  const { createdAt: _c, updatedAt: _u, ...first } = entry;
  const { createdAt: _c2, updatedAt: _u2, ...second } = changed;
  expect(await told(entry.dispositionId)).toEqual([
    { type: 'disposition.recorded', data: first },
    { type: 'disposition.changed', data: { ...second, previous: { optionId: 'sold', name: 'Sold' } } },
  ]);
  expect(await list({ contactId: 'k1' })).toEqual([changed]);
});

test('contact - a second disposition in the same campaign is refused with the id of the first, in another it is not', async () => {
  const first = await create('k2', 'sold');
  await expect(create('k2', 'callback')).rejects.toMatchObject({
    class: 'permanent',
    code: 'already_disposed',
    issues: [{ path: 'contactId', message: `expected a change of the disposition "${first.dispositionId}"` }],
  });
  const other = await create('k2', 'sold', { campaignId: 'quick' });
  expect(other.dispositionId).not.toBe(first.dispositionId);
  expect((await list({ contactId: 'k2' })).map(({ campaignId }) => campaignId)).toEqual(['quick', 'support']);
});

test('contact - of twenty that ask at once, one is the first', async () => {
  const asked = await Promise.allSettled(Array.from({ length: 20 }, () => create('k3', 'sold')));
  const created = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  expect(created).toHaveLength(1);
  expect(await told(created[0]?.dispositionId ?? '')).toHaveLength(1);
});

test('contact - changes at once each count, and each is told with the one before it', async () => {
  const { dispositionId } = await create('k4', 'sold');
  const comments = Array.from({ length: 12 }, (_, at) => `note ${at}`);
  await Promise.all(
    comments.map((text) => change(dispositionId, 'sold', { disposition: { optionId: 'sold', comments: text } })),
  );
  const events = await fixture.told(dispositionId);
  const said = events
    .flatMap(({ data }) => ('disposition' in data ? [data] : []))
    .sort((a, b) => a.changes - b.changes);
  expect(said.map(({ changes }) => changes)).toEqual(Array.from({ length: 13 }, (_, at) => at + 1));
  said.slice(1).forEach((one, at) => {
    expect('previous' in one && one.previous).toEqual(said[at]?.disposition);
  });
});

test('contact - refuses a campaign and an option that are not there, and another agent than the one bound to it', async () => {
  await expect(create('k5', 'sold', { campaignId: 'nosuch' })).rejects.toMatchObject({ code: 'unknown_campaign' });
  await expect(create('k5', 'nosuch')).rejects.toMatchObject({ code: 'unknown_disposition' });
  await expect(change('d-nosuch', 'sold')).rejects.toMatchObject({ code: 'not_found' });
  const { dispositionId } = await create('k5', 'sold', { agentId: '1001' });
  await expect(change(dispositionId, 'callback', { onlyOf: '1002' })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await change(dispositionId, 'callback', { onlyOf: '1001' })).toMatchObject({ changes: 2 });
});

test('form - is checked where the option has one, and saved as its fields want it', async () => {
  await expect(create('k6', 'order', { form: { amount: 'much', colour: 'red' } })).rejects.toMatchObject({
    code: 'form_invalid',
    issues: [
      { path: 'form.colour', message: 'the form "sale" has no such field: expected one of "amount", "delivery"' },
      { path: 'form.amount', message: 'expected a number, e.g. 12.5' },
    ],
  });
  await expect(create('k6', 'order')).rejects.toMatchObject({ code: 'form_invalid' });
  const entry = await create('k6', 'order', { form: { amount: '12.50', delivery: '' } });
  expect(entry.disposition.form).toEqual({ amount: 12.5 });
});

test('form - is not demanded of those who cannot fill it in, and stays when they change the rest', async () => {
  const entry = await create('k7', 'order', { form: { amount: 3 } });
  const disposition = { optionId: 'order', comments: 'from the CRM' };
  const kept = await change(entry.dispositionId, 'order', { disposition, withoutForm: true });
  expect(kept.disposition).toEqual({ ...disposition, name: 'Order', form: { amount: 3 } });
  expect((await create('k8', 'order', { withoutForm: true })).disposition).toEqual({
    optionId: 'order',
    name: 'Order',
  });
});

test('form - fields of an option without one are taken as they are', async () => {
  expect((await create('k9', 'sold', { form: { anything: [1, 'two'] } })).disposition.form).toEqual({
    anything: [1, 'two'],
  });
});

test('interaction - is listed with campaign and contact, and changed by its id', async () => {
  const call = answeredCall();
  const dispositionId = call.interactionId('1001');
  await createContacts(fixture.redis).linkCall(
    tenantId,
    call.callId,
    { databaseId: 'leads', contactId: 'k10' },
    60_000,
  );
  await fixture.publish(call.session());
  await expect(change(dispositionId, 'sold')).rejects.toMatchObject({ code: 'not_found' });
  await eventually(() =>
    callRpc(
      fixture.bus,
      rpc.recordDisposition,
      { tenantId, interactionId: dispositionId, agentId: '1001', disposition: { optionId: 'sold' } },
      { timeoutMs },
    ).catch(() => false),
  );
  const [entry] = await list({ contactId: 'k10' });
  expect(entry).toMatchObject({ dispositionId, callId: call.callId, campaignId: 'support', changes: 1 });
  const changed = await change(dispositionId, 'callback');
  expect(changed).toMatchObject({ changes: 2, disposition: { optionId: 'callback' }, createdAt: entry?.createdAt });
  expect(await change(dispositionId, 'callback')).toEqual(changed);
  const events = (await told(dispositionId)).map(({ data }) => data);
  expect(events).toHaveLength(2);
  expect(events[1]).toMatchObject({
    campaignId: 'support',
    contactId: 'k10',
    previous: { optionId: 'sold' },
    session: { callId: call.callId },
  });
  await expect(change(dispositionId, 'sold', { onlyOf: '1002' })).rejects.toMatchObject({ code: 'forbidden' });
});

test('a disposition of a contact with its call carries the call as it is', async () => {
  const call = answeredCall();
  await fixture.publish(call.session());
  await eventually(async () => (await fixture.redis.keys(`*${call.callId}*`)).length > 0);
  const { dispositionId } = await create('k11', 'sold', { callId: call.callId });
  expect((await told(dispositionId))[0]?.data).toMatchObject({ callId: call.callId, session: { callId: call.callId } });
});

test('recovery - what a killed process stored and did not tell is told by the job that it left', async () => {
  const jobs = createJobs({ redisUrl: fixture.servers.redis.url });
  onTestFinished(() => jobs.close());
  const at = new Date().toISOString();
  const disposition = { optionId: 'sold', name: 'Sold' };
  const entry = {
    dispositionId: 'd-left',
    campaignId: 'support',
    disposition,
    createdAt: at,
    updatedAt: at,
    changes: 1,
  };
  const event = dispositionEvent(entry, { tenantId, previous: undefined, session: undefined });
  const pending = [{ kind: 'event', id: event.id, event } as const];
  const store = createDispositionStore({ redis: fixture.redis, ttlMs: 60_000 });
  await store.replace(tenantId, undefined, { entry, pending });
  const queue = jobs.queue(queues.afterCall, followUpJob, { schedule: internalRetry });
  await queue.add({ tenantId, dispositionId: 'd-left' }, { jobId: 'acme.d-left.recover' });
  await eventually(async () => (await fixture.told('d-left')).length > 0);
  await eventually(async () => (await store.read({ tenantId, dispositionId: 'd-left' }))?.pending.length === 0);
});

test('list - newest change first, by each filter and all of them, no more than asked for', async () => {
  const entries = [];
  for (const [at, contactId] of ['m1', 'm2', 'm3', 'm4'].entries()) {
    entries.push(await create(contactId, 'sold', { campaignId: 'brief', agentId: at % 2 === 0 ? '2001' : '2002' }));
  }
  const [first, second, third, fourth] = entries.map(({ dispositionId }) => dispositionId);
  await change(first ?? '', 'callback', { agentId: '2002' });
  const ids = async (filter: object, limit?: number) => (await list(filter, limit)).map((entry) => entry.dispositionId);
  expect(await ids({ campaignId: 'brief' })).toEqual([first, fourth, third, second]);
  expect(await ids({ campaignId: 'brief' }, 2)).toEqual([first, fourth]);
  expect(await ids({ agentId: '2001' })).toEqual([third]);
  expect(await ids({ agentId: '2002', campaignId: 'brief', contactId: 'm1' })).toEqual([first]);
  expect(await ids({ dispositionId: second })).toEqual([second]);
  expect(await ids({ dispositionId: second, campaignId: 'quick' })).toEqual([]);
});
