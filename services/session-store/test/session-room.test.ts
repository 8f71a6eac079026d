import { callRpc, createPublisher } from '@patchcord/bus';
import { rpc, type SessionWriter } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenWrites } from '../src/adapters/open-writes.ts';
import { callStoreOf } from '../src/service.ts';
import { createTelling } from '../src/usecases/tell-written.ts';
import { createWriteSession } from '../src/usecases/write-session.ts';
import { type SessionFixture, startSessions } from './session-support.ts';

let fixture: SessionFixture;
beforeAll(async () => {
  fixture = await startSessions();
});
afterAll(() => fixture.stop());

const write = (callId: string, changes: Record<string, unknown>, by: SessionWriter = { kind: 'flow' }) =>
  callRpc(fixture.bus, rpc.writeSession, { tenantId: 'acme', callId, changes, by }, { timeoutMs: 2000 });

const named = (prefix: string, count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, value]));

describe('a session that a CRM has filled', () => {
  it.each([
    ['256 names', named('ivr.n', 256, 1)],
    ['64 KB', named('ivr.n', 8, 'x'.repeat(8170))],
  ])('%s - once nothing of a flow or of its automations could be stored any more', async (what, changes) => {
    const callId = await fixture.call(`full-${what.replace(' ', '-')}`);
    expect((await fixture.patch(callId, changes)).status).toBe(200);
    expect((await fixture.patch(callId, { 'ivr.more': 'x'.repeat(200) })).status).toBe(413);
    const flow = { 'app.flow.state': { turn: 1 }, 'app.flow.due': [] };
    expect(await write(callId, flow)).toMatchObject({ outcome: 'written' });
    const outcome = { 'app.automations.find': { run: 'f-1-action', outcome: 'succeeded' } };
    expect(await write(callId, outcome, { kind: 'automation', id: 'find' })).toMatchObject({ outcome: 'written' });
    expect((await fixture.session(callId)).data).toMatchObject({ ...flow, ...outcome });
  });

  it('what has room of its own has limits of its own, each beside the other', async () => {
    const callId = await fixture.call('own-limits');
    await write(callId, named('app.automations.a', 128, 1));
    await expect(write(callId, { 'app.automations.b': 1 })).rejects.toMatchObject({
      code: 'payload_too_large',
      message: /at most 128 names in "app.automations.\*", these would be 129/,
    });
    await expect(write(callId, named('app.flow.a', 5, 'x'.repeat(8000)))).rejects.toMatchObject({
      message: /at most 32768 bytes of JSON in "app.flow.\*"/,
    });
    expect(await write(callId, { 'app.flow.state': 1, 'app.x': 1 })).toMatchObject({ outcome: 'written' });
  });
});

it('one Idempotency-Key for writes into two calls - both are told; the stream once took the second for the first', async () => {
  const [first, second] = [await fixture.call('key-1'), await fixture.call('key-2')];
  const headers = { 'idempotency-key': 'email' };
  for (const callId of [first, second])
    expect((await fixture.patch(callId, { 'ivr.email': 'a@b.example' }, headers)).status).toBe(200);
  const told = async (callId: string) =>
    (await fixture.changes(callId)).some(({ data }) => data.written?.names.includes('ivr.email'));
  await eventually(() => told(first), { what: 'the first write' });
  await eventually(() => told(second), { what: 'the second write' });
});

it('a CRM that is told of each write and answers by another one - that once went on for ever', async () => {
  const callId = await fixture.call('endless');
  const store = callStoreOf(fixture.settings, fixture.redis);
  const openWrites = createOpenWrites(fixture.redis);
  const nothing = (): void => {};
  const { tell } = createTelling({ publisher: createPublisher(fixture.bus), store, openWrites, onTrouble: nothing });
  const writeSession = createWriteSession({
    service: 'session-store',
    store,
    openWrites,
    tell,
    wasThere: async () => false,
    now: Date.now,
    mostEvents: 20,
    observer: { folded: nothing, conflict: nothing },
  });
  const as = (kind: SessionWriter['kind'], changes: Record<string, unknown>) =>
    writeSession({ ref: { tenantId: 'acme', callId }, changes, by: { kind } });
  let written = 0;
  const endless = async (): Promise<never> => {
    for (;;) {
      await as('crm', { 'ivr.n': written });
      written += 1;
    }
  };
  await expect(endless()).rejects.toMatchObject({ class: 'permanent', code: 'too_many_writes' });
  expect(written).toBe(15);
  expect(await as('flow', { 'app.flow.state': 1 })).toMatchObject({ outcome: 'written' });
  expect(await as('automation', { 'app.automations.a': 1 })).toMatchObject({ outcome: 'written' });
});
