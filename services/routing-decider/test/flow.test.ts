import { dueAutomationsKey } from '@patchcord/contracts';
import { flowStateKey } from '@patchcord/flows';
import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, tenantId } from './fixture.ts';
import { type Sessions, serveSessions } from './sessions.ts';

let fixture: Fixture;
let sessions: Sessions;
let callId = 'c-main-0';
let calls = 0;

const flow = {
  id: 'orders',
  name: 'Orders',
  start: 'welcome',
  modules: [
    {
      id: 'welcome',
      type: 'audio-player',
      prompts: ['custom/welcome'],
      automations: [{ position: 'enter', automation: 'look-up' }],
      next: 'reference',
    },
    { id: 'reference', type: 'input-reader', variable: 'reference', min: 4, max: 4, prompt: 'enter', next: 'check' },
    { id: 'check', type: 'wait-for-variable', expression: 'ivr.queue', next: 'agent', otherwise: 'bye' },
    { id: 'agent', type: 'queue', queue: '{ivr.queue}' },
    { id: 'bye', type: 'hangup' },
  ],
};

const automation = { id: 'look-up', name: 'Look up', action: { type: 'http', url: 'https://crm.example.com/callers' } };

beforeAll(async () => {
  fixture = await startFixture();
  sessions = await serveSessions(fixture.bus);
  await fixture.config.put(tenantId, 'automation', automation);
  await fixture.config.put(tenantId, 'flow', flow);
  await eventually(async () => (await next({ type: 'started' })).status === 200);
});
afterAll(async () => {
  await sessions.stop();
  await fixture.stop();
});
beforeEach(() => {
  sessions.recover();
  sessions.onRead = () => undefined;
  calls += 1;
  callId = `c-main-${calls}`;
  sessions.add(callId);
});

const next = (input: object, turn?: number) =>
  fixture.ask('/v1/flows/orders/next', { body: { callId, input, ...(turn === undefined ? {} : { turn }) } });
const started = () => next({ type: 'started' });
const reading = (turn: number) => expect.objectContaining({ do: 'read', turn });
const stateOf = () => sessions.data(callId)[flowStateKey];

describe('flows over HTTP', () => {
  it('one write per step, by the flow, with what it read and where the call is', async () => {
    sessions.writes.length = 0;
    await started();
    await next({ type: 'played' }, 1);
    expect((await next({ type: 'digits', digits: '4711' }, 2)).body).toMatchObject({
      instruction: { do: 'wait', turn: 3 },
    });
    expect(sessions.writes).toHaveLength(3);
    const due = { automation: 'look-up', module: 'welcome', position: 'enter', occurrence: 'orders-1-enter-0' };
    expect(sessions.writes.map(({ changes }) => changes[dueAutomationsKey])).toEqual([[due], null, undefined]);
    expect(sessions.writes[2]).toMatchObject({ by: { kind: 'flow', id: 'orders' }, tenantId, callId });
    expect(Object.keys(sessions.writes[2]?.changes ?? {}).toSorted()).toEqual([
      'app.flow.state',
      'app.inputReader.reference',
    ]);
    sessions.write(callId, { 'ivr.queue': 'gold' });
    expect((await next({ type: 'variables-changed' }, 3)).body).toEqual({
      instruction: { do: 'leave', turn: 4, leave: { to: 'queue', target: 'gold', returns: false } },
      turn: 4,
      stored: true,
    });
  });

  it('the same again, ten times at once, and late ones: one step, one answer', async () => {
    await started();
    const again = await Promise.all(Array.from({ length: 10 }, () => next({ type: 'played' }, 1)));
    for (const { body } of again) expect(body).toEqual({ instruction: reading(2), turn: 2, stored: true });
    expect((await next({ type: 'played', turn: 1 })).body).toMatchObject({ turn: 2 });
    expect(stateOf()).toMatchObject({ turn: 2, entered: 2 });
  });

  it('a CRM that writes between reading and writing is seen: the step is made again with what it wrote', async () => {
    await started();
    await next({ type: 'played' }, 1);
    const before = sessions.conflicts();
    let once = true;
    sessions.onRead = (id) => {
      if (once) sessions.write(id, { 'ivr.queue': 'silver' });
      once = false;
    };
    const { body } = await next({ type: 'digits', digits: '4711' }, 2);
    expect(body).toMatchObject({ instruction: { do: 'leave', leave: { target: 'silver' } }, stored: true });
    expect(sessions.conflicts()).toBe(before + 1);
    expect(sessions.data(callId)).toMatchObject({ 'ivr.queue': 'silver', 'app.inputReader.reference': '4711' });
  });

  it('somebody who writes all the time does not keep the caller waiting', async () => {
    sessions.busy = true;
    const { status, body } = await started();
    sessions.busy = false;
    expect([status, body]).toMatchObject([200, { turn: 1, stored: false }]);
  });

  it('a session store that hangs: on with what is remembered, in time; it has all of it afterwards', async () => {
    await started();
    sessions.hang();
    const begin = performance.now();
    expect((await next({ type: 'played' }, 1)).body).toEqual({ instruction: reading(2), turn: 2, stored: false });
    expect(performance.now() - begin).toBeLessThan(1500);
    expect((await next({ type: 'digits', digits: '4711' }, 2)).body).toMatchObject({ turn: 3, stored: false });
    expect(stateOf()).toMatchObject({ turn: 1 });
    sessions.recover();
    expect((await next({ type: 'variables-changed' }, 3)).body).toMatchObject({
      instruction: { do: 'wait' },
      stored: true,
    });
    expect(sessions.data(callId)).toMatchObject({ 'app.inputReader.reference': '4711', [flowStateKey]: { turn: 3 } });
  });

  it('a call that the PBX did not tell of yet: on without its session, which gets all of it when it is there', async () => {
    callId = 'c-main-untold';
    expect((await started()).body).toMatchObject({ instruction: { do: 'play' }, stored: false });
    expect((await next({ type: 'played' }, 1)).body).toEqual({ instruction: reading(2), turn: 2, stored: false });
    sessions.add(callId, { 'ivr.queue': 'gold' });
    const { body } = await next({ type: 'digits', digits: '4711' }, 2);
    expect(body).toMatchObject({ instruction: { do: 'leave', leave: { target: 'gold' } }, stored: true });
    expect(sessions.data(callId)).toMatchObject({
      'app.inputReader.reference': '4711',
      [flowStateKey]: { phase: 'left' },
    });
  });

  it('the last step of a call has none after it: its session gets it all the same', async () => {
    await started();
    await next({ type: 'played' }, 1);
    sessions.write(callId, { 'ivr.queue': 'gold' });
    await next({ type: 'variables-changed' }, 2);
    sessions.hang();
    const { body } = await next({ type: 'digits', digits: '4711' }, 2);
    expect(body).toMatchObject({ instruction: { do: 'leave', leave: { target: 'gold' } }, stored: false });
    sessions.write(callId, { 'ivr.queue': 'silver' });
    sessions.recover();
    await eventually(() => sessions.data(callId)['app.inputReader.reference'] === '4711');
    expect(stateOf()).toMatchObject({ phase: 'left', leave: { target: 'gold' } });
    expect(sessions.data(callId)['ivr.queue']).toBe('silver');
  });

  it.each(['nonsense', { v: 1, flow: 'orders', module: 'gone', phase: 'play', turn: 3, entered: 1, steps: 1 }])(
    'a state that means nothing any more gives the call back',
    async (state) => {
      sessions.write(callId, { [flowStateKey]: state });
      const { body } = await next({ type: 'played' });
      expect(body).toMatchObject({ instruction: { do: 'leave', leave: { to: 'continue' } } });
    },
  );

  it('a caller who hung up has left the flow', async () => {
    await started();
    expect((await next({ type: 'hung-up' })).body).toMatchObject({ instruction: { leave: { to: 'hangup' } } });
    expect(stateOf()).toMatchObject({ phase: 'over' });
  });
});

describe('who may ask, and what', () => {
  const body = { callId: 'c-main-1', input: { type: 'started' } };
  it('a flow that does not exist, of another tenant too, is none', async () => {
    expect((await fixture.ask('/v1/flows/nosuch/next', { body })).status).toBe(404);
    const { token, sha256 } = mintToken('other');
    await fixture.config.put('other', 'api-token', { id: 'pbx', name: 'PBX', sha256, scopes: ['routing:decide'] });
    await eventually(async () => (await fixture.ask('/v1/flows/orders/next', { body, token })).status === 404);
  });

  it('needs a token that may decide', async () => {
    expect((await fixture.ask('/v1/flows/orders/next', { body, token: null })).status).toBe(401);
    const { token, sha256 } = mintToken(tenantId);
    await fixture.config.put(tenantId, 'api-token', { id: 'desk', name: 'Desk', sha256, scopes: ['sessions:read'] });
    await eventually(async () => (await fixture.ask('/v1/flows/orders/next', { body, token })).status === 403);
  });

  it.each([
    {},
    { callId: 'c-main-1' },
    { ...body, trun: 1 },
    { ...body, turn: -1 },
    { ...body, input: { type: 'digits', digits: 4711 } },
    { ...body, input: { type: 'pressed' } },
    { ...body, callId: 'a.b' },
  ])('refuses %j', async (wrong) => {
    const answer = await fixture.ask('/v1/flows/orders/next', { body: wrong });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
  });
});
