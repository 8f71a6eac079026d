import { callIdOf } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkedId, type SessionFixture, startSessions } from './session-support.ts';

let fixture: SessionFixture;
beforeAll(async () => {
  fixture = await startSessions();
});
afterAll(() => fixture.stop());

const etagOf = async (callId: string): Promise<string> =>
  (await fixture.ask('GET', `/v1/calls/${callId}/session`)).headers.get('etag') ?? '';
const dataOf = async (callId: string) => (await fixture.ask('GET', `/v1/calls/${callId}/session`)).body.data;

describe('session API - the steps of the collection', () => {
  it('view active calls, check the session of one, write into it', async () => {
    const callId = await fixture.call('steps');
    const active = await fixture.ask('GET', '/v1/calls');
    expect(active.body.calls.map((one) => one.callId)).toContain(callId);
    const before = await fixture.ask('GET', `/v1/calls/${callId}/session`);
    expect(before.body).toEqual({
      callId,
      sessionId: callId,
      state: 'queued',
      version: 5,
      data: {},
      variables: { CAMPAIGN: 'support', gone: 'x' },
    });
    const changes = { 'ivr.email': 'jane@example.com', 'ivr.premium': true, 'ivr.track_id': 'T-4711', 'ivr.old': null };
    const written = await fixture.patch(callId, changes);
    expect(written).toMatchObject({ status: 200, body: { outcome: 'written', version: 6 } });
    const { 'ivr.old': _, ...data } = changes;
    expect(written.body.data).toEqual(data);
    const after = await fixture.ask('GET', `/v1/calls/${callId}/session`);
    expect(after.body.data).toEqual(data);
    expect(after.headers.get('etag')).toBe(written.headers.get('etag'));
  });

  it('each change is told with its snapshot, once, and the stream has the write', async () => {
    const callId = await fixture.call('told');
    await fixture.patch(callId, { 'ivr.email': 'jane@example.com' });
    await fixture.patch(callId, { 'ivr.email': null, 'ivr.n': { deep: [1, null, 'x'] } });
    const changes = await eventually(async () => {
      const all = await fixture.changes(callId);
      return all.length === 7 && all;
    });
    expect(changes.map(({ data }) => data.session.data)).toEqual([
      ...Array.from({ length: 5 }, () => undefined),
      { 'ivr.email': 'jane@example.com' },
      { 'ivr.n': { deep: [1, null, 'x'] } },
    ]);
    expect(changes.at(-1)?.data.cause.type).toBe('patchcord.v1.call.session-written');
    expect(changes.at(-1)?.data.written?.by).toMatchObject({ kind: 'crm' });
    expect(changes.at(0)?.data.written).toBeUndefined();
    expect(changes.some(({ data }) => data.late)).toBe(false);
    const messages = await fixture.bus.jsm.streams.info('CALL_EVENTS', { subjects_filter: `*.*.*.*.*.${callId}.>` });
    expect(Object.values(messages.state.subjects ?? {}).reduce((sum, count) => sum + count, 0)).toBe(7);
  });

  it("the PBX's own id addresses the call too", async () => {
    const callId = await fixture.call('linked');
    expect((await fixture.patch(linkedId('linked'), { 'ivr.a': 1 })).body).toMatchObject({
      callId,
      data: { 'ivr.a': 1 },
    });
    expect((await fixture.ask('GET', `/v1/calls/${linkedId('linked')}/session`)).body.callId).toBe(callId);
    expect((await fixture.ask('GET', `/v1/calls/${linkedId('linked')}`)).body.callId).toBe(callId);
  });
});

describe('session API - refusals', () => {
  it('names each bad name with its remedy, and writes nothing', async () => {
    const callId = await fixture.call('bad');
    const answer = await fixture.patch(callId, {
      'ivr.good': 1,
      email: 'x',
      'app.priority': 'high',
      'call.from': '+1',
      'ivr.a b': 1,
      'ivr.constructor': 1,
      'ivr.big': 'x'.repeat(9000),
    });
    expect(answer.status).toBe(400);
    const { issues } = answer.body.error;
    expect(Object.fromEntries(issues.map(({ path, message }) => [path, message]))).toEqual({
      email: expect.stringContaining('"ivr.email"'),
      'app.priority': expect.stringContaining('belongs to the call flow'),
      'call.from': expect.stringContaining('read-only'),
      'ivr.a b': expect.stringContaining('letters, digits'),
      'ivr.constructor': expect.stringContaining('without "__proto__"'),
      'ivr.big': expect.stringContaining('8192 bytes'),
    });
    expect(await dataOf(callId)).toEqual({});
  });

  it('lenient - writes the rest, and says what was left out', async () => {
    const callId = await fixture.call('lenient');
    const answer = await fixture.patch(callId, { 'ivr.good': 1, email: 'x' }, { prefer: 'handling=lenient' });
    expect(answer).toMatchObject({ status: 200, body: { data: { 'ivr.good': 1 }, ignored: [{ path: 'email' }] } });
    expect(answer.headers.get('preference-applied')).toBe('handling=lenient');
  });

  it('limits - names of one write, names of a session, bytes of a session', async () => {
    const callId = await fixture.call('limits');
    const many = (from: number, count: number, value: unknown) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`ivr.n${from + at}`, value]));
    expect(await fixture.patch(callId, many(0, 300, 1))).toMatchObject({ status: 413 });
    expect(await fixture.patch(callId, many(0, 256, 1))).toMatchObject({ status: 200 });
    expect(await fixture.patch(callId, many(256, 1, 1))).toMatchObject({ status: 413 });
    expect(await fixture.patch(callId, { 'ivr.n0': null, ...many(256, 1, 1) })).toMatchObject({ status: 200 });
    const large = await fixture.patch(callId, many(1, 9, 'x'.repeat(8000)));
    expect(large).toMatchObject({ status: 413, body: { error: { code: 'payload_too_large' } } });
    expect(large.body.error.message).toContain('65536 bytes');
    expect(Object.keys(await dataOf(callId))).toHaveLength(256);
  });

  it('hostile bodies - refused, and nothing is polluted', async () => {
    const callId = await fixture.call('hostile');
    const deep = `{"ivr.deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const bodies = [
      '{"__proto__":{"admin":true}}',
      '{"ivr.a":{"__proto__":{"admin":true}}}',
      '{"ivr.a":1',
      '[1]',
      '3',
      deep,
    ];
    for (const body of bodies) {
      const answer = await fixture.ask('PATCH', `/v1/calls/${callId}/variables`, { body });
      expect(answer.status, body.slice(0, 40)).toBe(400);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(await dataOf(callId)).toEqual({});
  });

  it('another tenant, another scope, no token', async () => {
    const callId = await fixture.call('foreign', 5, 'other');
    expect((await fixture.patch(callId, { 'ivr.a': 1 })).status).toBe(404);
    expect((await fixture.ask('GET', `/v1/calls/${callId}/session`)).status).toBe(404);
    expect((await fixture.patch(linkedId('foreign'), { 'ivr.a': 1 })).status).toBe(404);
    const reader = await fixture.token({ scopes: ['sessions:read'] });
    const own = await fixture.call('own');
    const refused = await fixture.ask('PATCH', `/v1/calls/${own}/variables`, { token: reader, body: { 'ivr.a': 1 } });
    expect(refused.status).toBe(403);
    expect((await fixture.session(callId, 'other')).data).toBeUndefined();
  });

  it("an agent's token sees and writes that agent's calls only, as that agent", async () => {
    const [his, notHis] = [await fixture.call('his', 9), await fixture.call('not-his', 5)];
    const token = await fixture.token({ agentId: '1002' });
    const listed = await fixture.ask('GET', '/v1/calls', { token });
    expect(listed.body.calls.map((one) => one.callId)).toEqual([his]);
    expect((await fixture.ask('GET', '/v1/calls?agentId=1001', { token })).status).toBe(403);
    expect((await fixture.ask('GET', `/v1/calls/${notHis}`, { token })).status).toBe(404);
    const write = (id: string) => fixture.ask('PATCH', `/v1/calls/${id}/variables`, { token, body: { 'ivr.a': 1 } });
    expect((await write(notHis)).status).toBe(404);
    expect((await write(his)).status).toBe(200);
    const last = await eventually(async () => (await fixture.changes(his)).at(-1)?.data.session.data !== undefined);
    expect(last).toBe(true);
    expect((await fixture.ask('GET', '/api/v2/sessions/x', { token })).status).toBe(404);
    expect((await fixture.ask('POST', '/api/v2/sessions', { token })).status).toBe(403);
  });
});

describe('session API - conditions', () => {
  it('If-Match - a stale ETag is refused, and an event of the PBX makes none stale', async () => {
    const callId = await fixture.call('etag');
    const first = await etagOf(callId);
    expect((await fixture.patch(callId, { 'ivr.a': 1 }, { 'if-match': first })).status).toBe(200);
    const stale = await fixture.patch(callId, { 'ivr.a': 2 }, { 'if-match': first });
    expect(stale).toMatchObject({ status: 412, body: { error: { code: 'revision_conflict' } } });
    const now = await etagOf(callId);
    await fixture.call('etag', 6);
    expect((await fixture.session(callId)).version).toBe(7);
    expect((await fixture.patch(callId, { 'ivr.a': 2 }, { 'if-match': now })).status).toBe(200);
    expect((await fixture.patch(callId, { 'ivr.a': 3 }, { 'if-match': '*' })).status).toBe(200);
  });

  it('Idempotency-Key - the same write again changes nothing, also after another one', async () => {
    const callId = await fixture.call('key');
    const write = (body: unknown, key: string) => fixture.patch(callId, body, { 'idempotency-key': key });
    expect((await write({ 'ivr.a': 1 }, 'one')).body).toMatchObject({ outcome: 'written', version: 6 });
    expect((await write({ 'ivr.a': 2 }, 'two')).body).toMatchObject({ outcome: 'written', version: 7 });
    const again = await write({ 'ivr.a': 1 }, 'one');
    expect(again).toMatchObject({ status: 200, body: { outcome: 'unchanged', version: 7, data: { 'ivr.a': 2 } } });
    const other = await write({ 'ivr.a': 3 }, 'one');
    expect(other).toMatchObject({ status: 422, body: { error: { code: 'idempotency_key_reused' } } });
  });

  it('what is so already changes nothing and is not told', async () => {
    const callId = await fixture.call('same');
    await fixture.patch(callId, { 'ivr.o': { a: 1, b: 2 } });
    const again = await fixture.patch(callId, { 'ivr.o': { b: 2, a: 1 }, 'ivr.never': null });
    expect(again.body).toMatchObject({ outcome: 'unchanged', version: 6 });
    expect((await fixture.patch(callId, {})).body).toMatchObject({ outcome: 'unchanged', version: 6 });
  });
});

describe('session API - after the end', () => {
  it('is kept with the session and told, so that the record carries it', async () => {
    const callId = await fixture.call('over', 15);
    const answer = await fixture.patch(callId, { 'ivr.late': true });
    expect(answer).toMatchObject({ status: 202, body: { state: 'ended', late: true, data: { 'ivr.late': true } } });
    const told = await eventually(async () => (await fixture.changes(callId)).at(15));
    expect(told?.data).toMatchObject({ session: { state: 'ended', data: { 'ivr.late': true } } });
  });

  it('410 when its session is gone, 404 when there never was one', async () => {
    const callId = await fixture.call('gone', 15);
    const prefix = `pc:1:{acme:${callId}}`;
    await fixture.redis.del(`${prefix}:session`, `${prefix}:events`);
    expect(await fixture.patch(callId, { 'ivr.a': 1 })).toMatchObject({
      status: 410,
      body: { error: { code: 'gone' } },
    });
    expect((await fixture.patch(linkedId('gone'), { 'ivr.a': 1 })).status).toBe(410);
    expect((await fixture.patch(callIdOf('lab', 'never'), { 'ivr.a': 1 })).status).toBe(404);
    expect((await fixture.patch('1795.never', { 'ivr.a': 1 })).status).toBe(404);
    expect(await fixture.redis.exists(`${prefix}:session`)).toBe(0);
  });
});
