import {
  type AutomationOutcome,
  automationOutcomeKey,
  callIdOf,
  type DueAutomation,
  dueAutomationsKey,
  subjects,
} from '@patchcord/contracts';
import { flowState, flowStateKey } from '@patchcord/flows';
import { callFastAgi, eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, tenantId } from './fixture.ts';
import { fastAgi, freePort } from './flow-dial.ts';
import { type Sessions, serveSessions } from './sessions.ts';

/** How flows wait for HTTP actions, with a dispatcher's answers at moments of our choice. */
const budgetMs = 700;
const automation = { id: 'find', name: 'Find', action: { type: 'http', url: 'https://crm.example.com/callers' } };
const ask = { id: 'ask', type: 'http-action', automation: 'find', budgetMs, next: 'again', otherwise: 'support' };
const flow = {
  id: 'asking',
  name: 'Asking',
  start: 'ask',
  modules: [
    ask,
    { id: 'again', type: 'simple-menu', options: { 1: 'ask' }, maxAttempts: 1, timeoutMs: 1000, next: 'gold' },
    { id: 'gold', type: 'queue', queue: 'gold' },
    { id: 'support', type: 'queue', queue: 'support' },
  ],
};

let fixture: Fixture;
let sessions: Sessions;
let port: number;
let linkedId: string;
let callId = 'c-main-0';
let calls = 0;

beforeAll(async () => {
  port = await freePort();
  fixture = await startFixture(fastAgi(port));
  sessions = await serveSessions(fixture.bus);
  await fixture.config.put(tenantId, 'automation', automation);
  await fixture.config.put(tenantId, 'flow', flow);
  await eventually(async () => (await next({ type: 'started' })).status === 200);
});
afterAll(async () => {
  await sessions.stop();
  await fixture.stop();
});
beforeEach(newCall);

function newCall(): void {
  calls += 1;
  linkedId = `17952180.${calls}`;
  callId = callIdOf('main', linkedId);
  sessions.add(callId);
  sessions.writes.length = 0;
}

const dueOf = (changes: Readonly<Record<string, unknown>>) => (changes[dueAutomationsKey] ?? []) as DueAutomation[];
/** Runs that were told of this call, in their order. */
const runs = (of = callId): string[] =>
  sessions.writes.flatMap((write) => (write.callId === of ? dueOf(write.changes) : [])).map((due) => due.occurrence);

/** As the dispatcher: the outcome of the run is in the session, and its change is told. */
async function conclude(outcome: AutomationOutcome['outcome'], nth = 1): Promise<number> {
  const of = callId;
  const run = await eventually(() => runs(of)[nth - 1]);
  sessions.write(of, { [automationOutcomeKey('find')]: { run, outcome } });
  fixture.bus.nc.publish(subjects.event(tenantId, 'session', of, 'changed'), '{}');
  return performance.now();
}

const next = (input: object, turn?: number) =>
  fixture.ask('/v1/flows/asking/next', { body: { callId, input, ...(turn === undefined ? {} : { turn }) } });
const targetOf = (body: unknown): unknown => (body as { instruction: { leave?: unknown } }).instruction.leave;

describe('over HTTP', () => {
  it('the call waits, and goes on with the answer', async () => {
    expect((await next({ type: 'started' })).body).toMatchObject({
      instruction: { do: 'wait' },
      turn: 1,
      stored: true,
    });
    expect((await next({ type: 'variables-changed' }, 1)).body).toMatchObject({ instruction: { do: 'wait' }, turn: 1 });
    await conclude('succeeded');
    expect((await next({ type: 'variables-changed' }, 1)).body).toMatchObject({ instruction: { do: 'read' }, turn: 2 });
  });

  it.each(['succeeded', 'skipped'] as const)('%s: next', async (outcome) => {
    await next({ type: 'started' });
    await conclude(outcome);
    await next({ type: 'variables-changed' }, 1);
    expect(targetOf((await next({ type: 'timeout' }, 2)).body)).toMatchObject({ target: 'gold' });
  });

  it('failed: otherwise, at once', async () => {
    await next({ type: 'started' });
    await conclude('failed');
    expect(targetOf((await next({ type: 'variables-changed' }, 1)).body)).toMatchObject({ target: 'support' });
  });

  it('no answer: otherwise when the PBX says that the time is over, and a late answer moves nobody', async () => {
    await next({ type: 'started' });
    const left = (await next({ type: 'timeout' }, 1)).body;
    expect(targetOf(left)).toMatchObject({ target: 'support' });
    await conclude('succeeded');
    expect((await next({ type: 'variables-changed' }, 1)).body).toEqual(left);
  });

  it('asked by ten at once: one run', async () => {
    await Promise.all(Array.from({ length: 10 }, () => next({ type: 'started' })));
    expect(runs()).toEqual(['asking-1-action']);
  });
});

const dial = (keys: readonly string[] = []) =>
  callFastAgi({ port, script: 'flow/asking', variables: { 'CHANNEL(linkedid)': linkedId }, keys });
const queueOf = ({ variables }: Awaited<ReturnType<typeof dial>>) => variables.get('CRM_DESTINATION_TARGET');

describe('over FastAGI', () => {
  it('an answer wakes the call by its news, not by looking now and then', async () => {
    const late: number[] = [];
    for (let one = 0; one < 10; one += 1) {
      newCall();
      let wentOn = 0;
      const on = (line: string): void => {
        if (line.startsWith('SET VARIABLE') && wentOn === 0 && line.includes('CRM_DESTINATION'))
          wentOn = performance.now();
      };
      const call = callFastAgi({ port, script: 'flow/asking', variables: { 'CHANNEL(linkedid)': linkedId }, on });
      late.push(-(await conclude('failed')));
      expect(queueOf(await call)).toBe('support');
      late.push(wentOn + (late.pop() ?? 0));
    }
    console.log(`tests: a call goes on ${Math.max(...late).toFixed(1)} ms at most after the answer of its HTTP action`);
    expect(late.toSorted((a, b) => a - b)[5]).toBeLessThan(250);
  });

  it.each([
    ['succeeded', 'gold'],
    ['skipped', 'gold'],
    ['failed', 'support'],
  ] as const)('%s: to %s', async (outcome, queue) => {
    const call = dial();
    await conclude(outcome);
    expect(queueOf(await call)).toBe(queue);
  });

  it('no answer: otherwise at the end of the budget, not later', async () => {
    const over: number[] = [];
    for (let one = 0; one < 5; one += 1) {
      newCall();
      expect(queueOf(await dial())).toBe('support');
      const { deadline } = flowState.parse(sessions.writes[0]?.changes[flowStateKey]);
      over.push(Date.now() - (deadline ?? 0));
    }
    console.log(`tests: a call waits ${Math.max(...over).toFixed(1)} ms at most past the budget of its HTTP action`);
    expect(Math.min(...over)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...over)).toBeLessThan(50);
    expect(Math.max(...over)).toBeLessThan(400);
  });

  it('twice through the same module: a run and an answer each', async () => {
    const call = dial(['1']);
    await conclude('succeeded');
    await conclude('failed', 2);
    expect(queueOf(await call)).toBe('support');
    expect(runs()).toEqual(['asking-1-action', 'asking-3-action']);
  });
});
