import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { babelforceCallOf } from '../src/domain/babelforce-call.ts';
import { linkedId, type SessionFixture, startSessions } from './session-support.ts';

let fixture: SessionFixture;
beforeAll(async () => {
  fixture = await startSessions();
});
afterAll(() => fixture.stop());

const { ask, call } = {
  ask: (...given: Parameters<SessionFixture['ask']>) => fixture.ask(...given),
  call: (...given: Parameters<SessionFixture['call']>) => fixture.call(...given),
};

describe('babelforce - the order tracking example', () => {
  it('view active calls, check the session, write what was found; the same by the id that the PBX gave', async () => {
    const callId = await call('orders');
    const active = await ask('GET', '/api/v2/calls/reporting?state=queued&state=ringing');
    expect(active.body).toMatchObject({ success: true, pagination: { current: 1, pages: 1 } });
    expect(active.body.items).toContainEqual({
      id: callId,
      parentId: null,
      sessionId: callId,
      conversationId: callId,
      dateCreated: 1795218081,
      dateEstablished: null,
      dateFinished: null,
      state: 'queued',
      finishReason: null,
      type: 'inbound',
      from: '+14155550123',
      to: '+12025550100',
      source: 'lab',
      domain: 'external',
      duration: expect.any(Number),
      anonymous: false,
      recordings: [],
      bridged: null,
    });
    const empty = await ask('GET', `/api/v2/sessions/${callId}`);
    expect(empty.body).toEqual({
      item: { id: callId, valid: true, created: 1795218081, last_access: expect.any(Number), data: {} },
      success: true,
    });
    const found = { 'ivr.email': 'jane@example.com', 'ivr.premium': false, 'ivr.track_id': 'T-4711' };
    const put = await ask('PUT', `/api/v2/sessions/${linkedId('orders')}`, { body: found });
    expect(put).toMatchObject({ status: 200, body: { success: true, item: { id: callId, data: found } } });
    const one = await ask('GET', `/api/v2/calls/${linkedId('orders')}`);
    expect(one.body).toMatchObject({ item: { id: callId, state: 'queued' }, success: true });
    expect((await fixture.session(callId)).data).toEqual(found);
  });

  it('names without an area are of `ivr.`; read-only ones and those of the flow are refused', async () => {
    const callId = await call('names');
    const put = (body: unknown, headers = {}) => ask('PUT', `/api/v2/sessions/${callId}`, { body, headers });
    expect((await put({ customerTier: 'gold', lastOrderId: 17 })).body.item.data).toEqual({
      'ivr.customerTier': 'gold',
      'ivr.lastOrderId': 17,
    });
    for (const key of ['call.from', 'app.priority', 'other.name', 'constructor', 'a b']) {
      const refused = await put({ [key]: 1 });
      expect(refused.status, key).toBe(400);
      expect(refused.body.error.issues).toHaveLength(1);
    }
    expect((await put({ 'call.from': 1, customerTier: null }, { prefer: 'handling=lenient' })).body.item.data).toEqual({
      'ivr.lastOrderId': 17,
    });
  });

  it('session/set takes names of `app.` and leaves out all others', async () => {
    const callId = await call('set');
    const body = {
      variables: { 'app.priority': 'high', 'ivr.email': 'x', priority: 1, 'app.flow.step': 2, 'app.': 1 },
    };
    const answer = await ask('PUT', `/api/v2/calls/${callId}/session/set`, { body });
    expect(answer).toMatchObject({ status: 200, body: { success: true, item: { id: callId } } });
    expect((await fixture.session(callId)).data).toEqual({ 'app.priority': 'high' });
    expect((await ask('PUT', '/api/v2/calls/c-none/session/set', { body })).status).toBe(404);
  });

  it('two writers, a stale ETag, a write after the hang-up', async () => {
    const callId = await call('two');
    const put = (body: unknown, headers = {}) => ask('PUT', `/api/v2/sessions/${callId}`, { body, headers });
    await Promise.all([put({ 'ivr.a': 1 }), put({ 'ivr.b': 2 })]);
    const read = await ask('GET', `/api/v2/sessions/${callId}`);
    expect(read.body.item.data).toEqual({ 'ivr.a': 1, 'ivr.b': 2 });
    const etag = read.headers.get('etag') ?? '';
    expect((await put({ 'ivr.a': 3 }, { 'if-match': etag })).status).toBe(200);
    expect((await put({ 'ivr.a': 4 }, { 'if-match': etag })).status).toBe(412);
    await call('two', 15);
    expect(await put({ 'ivr.late': 1 })).toMatchObject({
      status: 202,
      body: { item: { valid: false, data: { 'ivr.late': 1 } } },
    });
  });
});

describe('babelforce - sessions without a call', () => {
  it('are made, read, written, and end by themselves', async () => {
    const made = await ask('POST', '/api/v2/sessions', { body: { customerTier: 'gold' } });
    expect(made).toMatchObject({ status: 201, body: { item: { valid: true, data: { 'ivr.customerTier': 'gold' } } } });
    const { id } = made.body.item;
    const put = (body: unknown, headers = {}) => ask('PUT', `/api/v2/sessions/${id}`, { body, headers });
    await Promise.all(Array.from({ length: 20 }, (_, at) => put({ [`ivr.n${at}`]: at })));
    expect((await put({ 'ivr.customerTier': null, 'call.x': 1 })).status).toBe(400);
    await put({ 'ivr.customerTier': null });
    const read = await ask('GET', `/api/v2/sessions/${id}`);
    expect(Object.keys(read.body.item.data)).toHaveLength(20);
    expect((await put({ 'ivr.a': 1 }, { 'if-match': '"stale"' })).status).toBe(412);
    const ttlMs = await fixture.redis.pttl(`pc:1:{acme:${id}}:standalone`);
    expect(ttlMs).toBeGreaterThan(23 * 3_600_000);
    expect((await ask('POST', '/api/v2/sessions')).status).toBe(201);
    const other = await fixture.token({ tenantId: 'other' });
    expect((await ask('GET', `/api/v2/sessions/${id}`, { token: other })).status).toBe(404);
    expect((await ask('PUT', `/api/v2/sessions/${id}`, { token: other, body: { a: 1 } })).status).toBe(404);
    await fixture.redis.del(`pc:1:{acme:${id}}:standalone`);
    expect((await put({ 'ivr.a': 1 })).status).toBe(404);
  });
});

describe('babelforce - reporting', () => {
  it('states of theirs, reasons, pages, CSV', async () => {
    await call('talks', 9);
    await call('ended', 15);
    const ids = async (query: string) =>
      (await ask('GET', `/api/v2/calls/reporting?${query}`)).body.items
        .map(({ id }) => id)
        .filter((id) => /talks|ended/.test(id));
    expect(await ids('state=bridged')).toEqual(['c-lab-talks']);
    expect(await ids('state=completed')).toEqual(['c-lab-ended']);
    expect(await ids('state=busy')).toEqual([]);
    expect(await ids('finishReason=hangup')).toEqual(['c-lab-ended']);
    expect(await ids('source=lab&domain=external&agentId=1002')).toEqual(['c-lab-talks']);
    expect(await ids('domain=internal')).toEqual([]);
    expect(await ids(`sessionId=${linkedId('ended')}`)).toEqual(['c-lab-ended']);
    expect(await ids('time.start=1795218081.5&time.end=1795218000')).toEqual([]);
    expect((await ask('GET', '/api/v2/calls/reporting?state=lost')).status).toBe(400);
    const paged = await ask('GET', '/api/v2/calls/reporting?max=1&page=2');
    expect(paged.body).toMatchObject({ pagination: { current: 2, max: 1 } });
    expect(paged.body.items).toHaveLength(1);
    const csv = await ask('GET', '/api/v2/calls/reporting?state=bridged&format=csv');
    expect(csv.text).toMatch(/^id,parentId,.*queueName\r\nc-lab-talks,,.*,1002,Agent 1002,/);
  });

  it.each([
    [{ outcome: 'answered', endedBy: 'agent', endReason: 'hangup' }, 'completed', 'passive-hangup'],
    [{ outcome: 'answered', endedBy: 'system', endReason: 'pbx-crash' }, 'completed', 'dropped'],
    [
      { outcome: 'abandoned', endedBy: 'customer', endReason: 'hangup', abandoned: { at: 'x', during: 'ringing' } },
      'canceled',
      'hangup',
    ],
    [
      { outcome: 'abandoned', endedBy: 'customer', endReason: 'hangup', abandoned: { at: 'x', during: 'queue' } },
      'completed',
      'hangup',
    ],
    [{ outcome: 'missed', endedBy: 'system', endReason: 'no-answer' }, 'no-answer', 'no-answer'],
    [{ outcome: 'failed', endedBy: 'customer', endReason: 'busy' }, 'busy', 'busy'],
    [{ outcome: 'failed', endedBy: 'unknown', endReason: 'unreachable' }, 'failed', 'unreachable'],
    [{ outcome: 'merged', mergedInto: 'c-2' }, 'completed', 'transferred'],
  ] as const)('%j', async (end, state, finishReason) => {
    const ended = { ...(await fixture.session(await call('words', 1))), state: 'ended' as const, ...end };
    expect(babelforceCallOf(ended, 0)).toMatchObject({ state, finishReason });
  });
});
