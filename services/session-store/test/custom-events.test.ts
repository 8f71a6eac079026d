import { storedMessages } from '@patchcord/bus';
import { type CustomRaised, streams, subjects } from '@patchcord/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SessionFixture, startSessions } from './session-support.ts';

let fixture: SessionFixture;
beforeAll(async () => {
  fixture = await startSessions();
});
afterAll(() => fixture.stop());

async function told(name: string): Promise<CustomRaised[]> {
  const subject = subjects.event('acme', 'custom', name, 'raised');
  const messages = await Array.fromAsync(storedMessages(fixture.bus, streams.workEvents.name, subject));
  return messages.map((message) => message.json<CustomRaised>());
}

describe("events of one's own", () => {
  it('is told with the call as it is', async () => {
    const callId = await fixture.call('shipped');
    await fixture.patch(callId, { 'ivr.email': 'jane@example.com' });
    const body = { name: 'order-shipped', values: { track_id: 'T-4711' } };
    const answer = await fixture.ask('POST', `/v1/calls/${callId}/events`, { body });
    expect(answer.status).toBe(202);
    expect(await told('order-shipped')).toMatchObject([
      {
        id: answer.body.eventId,
        correlationid: callId,
        data: { ...body, callId, depth: 1, session: { callId, data: { 'ivr.email': 'jane@example.com' } } },
      },
    ]);
  });

  it('the same key again is the same event, a key of another event another one', async () => {
    const callId = await fixture.call('twice');
    const headers = { 'idempotency-key': 'k1' };
    for (const name of ['twice', 'twice', 'other']) {
      const answer = await fixture.ask('POST', `/v1/calls/${callId}/events`, { body: { name }, headers });
      expect(answer.status).toBe(202);
    }
    expect(await told('twice')).toHaveLength(1);
    expect(await told('other')).toHaveLength(1);
  });

  it.each([
    ['a name that is no token', { name: 'order.shipped' }, 400],
    ['too much', { name: 'big', values: { x: 'x'.repeat(70_000) } }, 400],
    ['a field of no meaning', { name: 'x', depth: 0 }, 400],
  ])('%s is refused', async (_what, body, status) => {
    const callId = await fixture.call('refused');
    expect(await fixture.ask('POST', `/v1/calls/${callId}/events`, { body })).toMatchObject({ status });
  });

  it('a call that is not known, or of another agent, is not there; who may only read may not tell', async () => {
    const callId = await fixture.call('hidden');
    const ask = async (id: string, token?: string): Promise<number> =>
      (await fixture.ask('POST', `/v1/calls/${id}/events`, { body: { name: 'x' }, ...(token && { token }) })).status;
    expect(await ask('c-never')).toBe(404);
    expect(await ask(callId, await fixture.token({ agentId: '9999' }))).toBe(404);
    expect(await ask(callId, await fixture.token({ scopes: ['sessions:read'] }))).toBe(403);
  });
});
