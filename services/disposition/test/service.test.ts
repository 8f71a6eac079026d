import { callRpc } from '@patchcord/bus';
import { type AgentEvent, rpc, type Session } from '@patchcord/contracts';
import { mintToken, type Service } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answeredCall, type CallScript, callScript, sessionChanged } from './call-script.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
let service: Service;

beforeAll(async () => {
  fixture = await startFixture();
  service = await fixture.startReplica();
});
afterAll(() => fixture.stop());

const types = async (call: CallScript): Promise<string[]> =>
  (await fixture.events(call.callId)).map(({ type }) => type.replace('patchcord.v1.', ''));
const reasons = async (call: CallScript): Promise<string[]> =>
  (await fixture.events(call.callId)).flatMap((event) =>
    event.type === 'patchcord.v1.agent.acw-ended' ? [event.data.reason] : [],
  );

/** A call that agent 1001 has taken and that is over. */
async function endedCall(queue = 'support'): Promise<CallScript> {
  const call = answeredCall(queue);
  await fixture.publish(call.session());
  await fixture.publish(call.ended());
  return call;
}

async function put(path: string, body: unknown, token = fixture.token, method = 'PUT') {
  const answer = await fetch(`${service.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}
const dispose = (call: CallScript, optionId: string, more: object = {}) =>
  put(`/v1/interactions/${call.interactionId('1001')}/disposition`, { optionId, ...more });
const disposedOnceKnown = (call: CallScript, optionId: string) =>
  eventually(async () => {
    const answer = await dispose(call, optionId);
    return answer.status === 200 && answer.body;
  });
const acwOpen = (call: CallScript) =>
  eventually(async () => (await types(call)).includes('agent.acw-started'), { what: 'after-call work' });

test('after the call - a disposition completes the after-call work, and the record carries it', async () => {
  const call = await endedCall();
  await acwOpen(call);
  const answer = await dispose(call, 'sold', { comments: 'wants it on Friday', form: { amount: 3 } });
  const disposition = { optionId: 'sold', name: 'Sold', comments: 'wants it on Friday', form: { amount: 3 } };
  expect(answer).toEqual({ status: 200, body: { outcome: 'recorded', disposition } });
  const [job, ...more] = await fixture.recordsOf(call, 1);
  expect(more).toEqual([]);
  expect(job).toMatchObject({
    workId: `w.${call.callId}.crm-main.after-call.${call.interactionId('1001')}`,
    destination: { kind: 'crm', id: 'main' },
    record: { outcome: 'answered', agent: { agentId: '1001' }, disposition, campaignId: 'support' },
  });
  expect(await reasons(call)).toEqual(['disposition']);
  expect(await types(call)).toEqual(['agent.acw-started', 'agent.acw-ended', 'disposition.recorded']);
});

test('after the call - nothing is written before the after-call work is complete', async () => {
  const waiting = await endedCall();
  await acwOpen(waiting);
  const quick = await endedCall('quick');
  await fixture.recordsOf(quick, 1);
  expect(fixture.records(waiting.callId)).toEqual([]);
});

test('after the call - the time limit completes it, and a late disposition writes the record again', async () => {
  const call = await endedCall('quick');
  const [first] = await fixture.recordsOf(call, 1);
  expect(await reasons(call)).toEqual(['timeout']);
  expect(first?.record.disposition).toBeUndefined();
  expect((await dispose(call, 'callback')).body).toMatchObject({ outcome: 'recorded' });
  const [, second] = await fixture.recordsOf(call, 2);
  expect(second).toMatchObject({
    workId: `${first?.workId}.r2`,
    revision: 2,
    record: { recordId: first?.record.recordId, disposition: { optionId: 'callback' } },
  });
  expect((await dispose(call, 'sold')).body).toMatchObject({ outcome: 'changed' });
  const [, , third] = await fixture.recordsOf(call, 3);
  expect(third).toMatchObject({ revision: 3, record: { disposition: { optionId: 'sold' } } });
  expect(await reasons(call)).toEqual(['timeout']);
});

test('after the call - a campaign without after-call work writes at once', async () => {
  const call = await endedCall('direct');
  await fixture.recordsOf(call, 1);
  expect(await reasons(call)).toEqual(['no-acw']);
  expect(await types(call)).not.toContain('agent.acw-started');
});

test('after the call - a disposition during the call leaves no after-call work', async () => {
  const call = answeredCall();
  await fixture.publish(call.session());
  await disposedOnceKnown(call, 'sold');
  await fixture.publish(call.ended());
  const [job] = await fixture.recordsOf(call, 1);
  expect(job?.record.disposition?.optionId).toBe('sold');
  expect(await types(call)).toEqual(['agent.acw-ended', 'disposition.recorded']);
});

test('after the call - the agent ends it by himself, once', async () => {
  const call = await endedCall();
  await acwOpen(call);
  const path = `/v1/interactions/${call.interactionId('1001')}/acw/end`;
  expect((await put(path, undefined, fixture.token, 'POST')).body).toEqual({ outcome: 'ended', reason: 'agent' });
  expect((await put(path, {}, fixture.token, 'POST')).body).toEqual({ outcome: 'already-ended', reason: 'agent' });
  await fixture.recordsOf(call, 1);
});

test('after the call - a token of another agent ended the work of this one', async () => {
  const call = await endedCall();
  await acwOpen(call);
  const path = `/v1/interactions/${call.interactionId('1001')}/acw/end`;
  const tokenOf = async (agentId: string): Promise<string> => {
    const { token, sha256 } = mintToken(tenantId);
    const entity = { id: `of-${agentId}`, name: agentId, sha256, scopes: ['dispositions:write'], agentId };
    await fixture.config.put(tenantId, 'api-token', entity);
    return token;
  };
  const [his, another] = [await tokenOf('1001'), await tokenOf('1002')];
  const answer = await eventually(async () => {
    const given = await put(path, undefined, another, 'POST');
    return given.status !== 401 && given;
  });
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  expect(await reasons(call)).toEqual([]);
  expect((await put(path, undefined, his, 'POST')).body).toEqual({ outcome: 'ended', reason: 'agent' });
});

test('after the call - an agent who goes away completes it; an absence before the call does not', async () => {
  const call = await endedCall();
  await acwOpen(call);
  const offline = (id: string, time: string): AgentEvent => ({
    specversion: '1.0',
    id: `${call.callId}-${id}`,
    source: '/pbx/lab',
    type: 'patchcord.v1.agent.state-changed',
    subject: '1001',
    time,
    datacontenttype: 'application/json',
    tenantid: tenantId,
    sequence: '0',
    data: { agent: { agentId: '1001' }, state: 'offline' },
  });
  await fixture.publisher.publish(offline('before', '2026-01-01T00:00:00.000Z'));
  await fixture.publisher.publish(offline('after', new Date(Date.now() + 60_000).toISOString()));
  await fixture.recordsOf(call, 1);
  expect(await reasons(call)).toEqual(['agent-gone']);
});

test('after the call - abandoned while three phones rang: one record', async () => {
  const call = callScript();
  await fixture.publish(call.offered());
  await fixture.publish(call.queued('support'));
  for (const agent of ['1001', '1002', '1003']) await fixture.publish(call.ringing(agent));
  await fixture.publish(call.tell({ type: 'patchcord.v1.call.abandoned', data: { during: 'ringing' } }));
  await fixture.publish(call.ended());
  const [job, ...more] = await fixture.recordsOf(call, 1);
  expect(job).toMatchObject({ record: { recordId: call.callId, outcome: 'abandoned' } });
  expect(job?.record).not.toHaveProperty('interactionId');
  expect(more).toEqual([]);
});

test('after the call - a call passed on has a record of each agent', async () => {
  const call = answeredCall('direct');
  await fixture.publish(call.session());
  await fixture.publish(call.released('1001'));
  const [first] = await fixture.recordsOf(call, 1);
  expect(first?.record.agent?.agentId).toBe('1001');
  await fixture.publish(call.ringing('1002'));
  await fixture.publish(call.answered('1002'));
  await fixture.publish(call.ended());
  await eventually(() => fixture.records(call.callId).some(({ record }) => record.agent?.agentId === '1002'));
  const ids = new Set(fixture.records(call.callId).map(({ record }) => record.recordId));
  expect(ids).toEqual(new Set([call.interactionId('1001'), call.interactionId('1002')]));
});

test('after the call - a recording that comes late writes the record again', async () => {
  const call = await endedCall('direct');
  await fixture.recordsOf(call, 1);
  const startedAt = new Date().toISOString();
  const data = { recordingId: 'r-1', legId: 'l-1', location: 'a.wav', startedAt };
  await fixture.publish(call.tell({ type: 'patchcord.v1.call.recording-ready', data }));
  const [, second] = await fixture.recordsOf(call, 2);
  expect(second).toMatchObject({ revision: 2, record: { recordings: [{ recordingId: 'r-1' }] } });
});

test('after the call - snapshots out of order and more than once give one record of the newest', async () => {
  const call = answeredCall('direct');
  const answered = call.session();
  const ended = call.ended();
  const startedAt = new Date().toISOString();
  const data = { recordingId: 'r-1', legId: 'l-1', location: 'a.wav', startedAt };
  const newest = call.tell({ type: 'patchcord.v1.call.recording-ready', data });
  const order: Session[] = [newest, answered, ended, answered, newest, ended];
  for (const [at, session] of order.entries()) {
    await fixture.publisher.publish(sessionChanged(session, `${call.callId}-copy-${at}`));
  }
  const [job] = await fixture.recordsOf(call, 1);
  expect(job).toMatchObject({ revision: 1, record: { recordings: [{ recordingId: 'r-1' }] } });
  // A later call through the same consumer: by then, what the copies caused has been caused.
  await fixture.recordsOf(await endedCall('direct'), 1);
  expect(fixture.records(call.callId)).toHaveLength(1);
});

test('after the call - a disposition in the same moment as the time limit: one completion, one record', async () => {
  const calls = await Promise.all(Array.from({ length: 8 }, () => endedCall('quick')));
  await Promise.all(calls.map((call, at) => acwOpen(call).then(() => disposeAround(call, 380 + at * 10))));
  for (const call of calls) {
    await eventually(() => fixture.records(call.callId).some(({ record }) => record.disposition?.optionId === 'sold'));
    expect(await reasons(call)).toHaveLength(1);
    expect(new Set(fixture.records(call.callId).map(({ record }) => record.recordId)).size).toBe(1);
    expect(new Set(fixture.records(call.callId).map(({ workId }) => workId)).size).toBe(
      fixture.records(call.callId).length,
    );
  }
});

async function disposeAround(call: CallScript, afterMs: number): Promise<void> {
  const started = (await fixture.events(call.callId)).find(({ type }) => type.endsWith('acw-started'));
  const at = Date.parse(started?.time ?? '') + afterMs;
  await eventually(() => Date.now() >= at);
  expect((await dispose(call, 'sold')).status).toBe(200);
}

test('disposition - over NATS as over HTTP', async () => {
  const call = await endedCall();
  await acwOpen(call);
  const request = { tenantId, interactionId: call.interactionId('1001'), agentId: '1001' };
  const record = (optionId: string) =>
    callRpc(fixture.bus, rpc.recordDisposition, { ...request, disposition: { optionId } }, { timeoutMs: 5000 });
  expect(await record('sold')).toEqual({ outcome: 'recorded', disposition: { optionId: 'sold', name: 'Sold' } });
  expect(await record('sold')).toMatchObject({ outcome: 'unchanged' });
  await expect(record('nosuch')).rejects.toMatchObject({ class: 'permanent', code: 'unknown_disposition' });
  expect(await types(call)).toEqual(['agent.acw-started', 'agent.acw-ended', 'disposition.recorded']);
});

test('refuses a disposition that the campaign does not have, and names those that it has', async () => {
  const call = await endedCall();
  await acwOpen(call);
  expect(await dispose(call, 'nosuch')).toEqual({
    status: 422,
    body: {
      error: {
        code: 'unknown_disposition',
        message: '"nosuch" cannot be recorded: expected one of "sold", "callback", "order"',
        issues: [{ path: 'optionId', message: 'expected one of "sold", "callback", "order"' }],
      },
    },
  });
});

test('refuses an interaction that is not known', async () => {
  const answer = await put('/v1/interactions/i-nosuch/disposition', { optionId: 'sold' });
  expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
});

test('refuses to end after-call work before the interaction is over', async () => {
  const call = answeredCall();
  await fixture.publish(call.session());
  const end = () => put(`/v1/interactions/${call.interactionId('1001')}/acw/end`, undefined, fixture.token, 'POST');
  await eventually(async () => (await end()).status !== 404);
  expect(await end()).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
});

test('refuses a body that is not as expected, by its field', async () => {
  const answer = await put('/v1/interactions/i-1/disposition', { optionId: 'so ld', comment: 'x' });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain('optionId');
  expect(JSON.stringify(answer.body)).toContain('comment');
});

test('health - ready, with each part by its name', async () => {
  const { ready, checks } = await service.health();
  expect(ready).toBe(true);
  expect(checks.map(({ name }) => name)).toEqual([
    'nats',
    'redis',
    'after-call-worker',
    'acw-timer-worker',
    'session-consumer',
    'digital-consumer',
    'agent-consumer',
    'card-consumer',
    'card-worker',
  ]);
});

test('what Redis refuses of a pipeline was told as an internal error', async () => {
  // As each command is refused while Redis loads its data.
  await fixture.redis.set(`pc:1:{${tenantId}}:disposition:i-strange`, 'no hash');
  const asked = callRpc(
    fixture.bus,
    rpc.listDispositions,
    { tenantId, dispositionId: 'i-strange', limit: 1 },
    { timeoutMs: 5000 },
  );
  await expect(asked).rejects.toMatchObject({ class: 'own-trouble', code: 'redis_unavailable' });
});

test('after the call - the agent takes more time, once for each end that he saw', async () => {
  const call = await endedCall('brief');
  await acwOpen(call);
  const agentId = '1001';
  const mine = async () => {
    const { acw } = await callRpc(fixture.bus, rpc.openAcw, { tenantId, agentId }, { timeoutMs: 2000 });
    return acw.find(({ callId }) => callId === call.callId);
  };
  const first = await mine();
  expect(first).toMatchObject({ interactionId: call.interactionId(agentId), campaignId: 'brief', queue: 'brief' });
  const until = first?.until ?? '';
  const asked = { tenantId, interactionId: call.interactionId(agentId), byMs: 20_000, until };
  const extend = (more: object = {}) => callRpc(fixture.bus, rpc.extendAcw, { ...asked, ...more }, { timeoutMs: 2000 });
  const later = new Date(Date.parse(until) + 20_000).toISOString();
  expect(await extend()).toEqual({ outcome: 'extended', until: later });
  expect(await extend()).toEqual({ outcome: 'unchanged', until: later });
  expect((await mine())?.until).toBe(later);
  await expect(extend({ onlyOf: '1002' })).rejects.toMatchObject({ code: 'forbidden' });
  // As long as it was first given.
  const other = await endedCall('brief');
  await fixture.recordsOf(other, 1);
  expect(await reasons(call)).toEqual([]);
  const end = { tenantId, interactionId: asked.interactionId };
  expect(await callRpc(fixture.bus, rpc.endAcw, end, { timeoutMs: 2000 })).toEqual({
    outcome: 'ended',
    reason: 'agent',
  });
  expect(await mine()).toBeUndefined();
  await expect(extend({ until: later })).rejects.toMatchObject({ code: 'conflict' });
  expect(await types(call)).toEqual(['agent.acw-started', 'agent.acw-extended', 'agent.acw-ended']);
});

test('after the call - more time has a timer of its own, and the one before it is taken back', async () => {
  const call = await endedCall('support');
  await acwOpen(call);
  const interactionId = call.interactionId('1001');
  const { acw } = await callRpc(fixture.bus, rpc.openAcw, { tenantId, agentId: '1001' }, { timeoutMs: 2000 });
  const until = acw.find((one) => one.interactionId === interactionId)?.until ?? '';
  const asked = { tenantId, interactionId, until, byMs: 3_600_000 };
  await callRpc(fixture.bus, rpc.extendAcw, asked, { timeoutMs: 2000 });
  const timers = await fixture.redis.keys('*acw-timer*');
  const ofCall = timers.filter((key) => key.includes(interactionId));
  expect(ofCall.filter((key) => key.endsWith(`${interactionId}.1`)).length).toBe(1);
  expect(ofCall.filter((key) => key.endsWith(interactionId))).toEqual([]);
});
