import { serveRpc } from '@patchcord/bus';
import { routingDecision, rpc, type WriteSessionReply, type WriteSessionRequest } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
const written: WriteSessionRequest[] = [];
const budgetMs = 400;
const rule = {
  id: 'level',
  name: 'Level',
  url: 'https://crm.example.com/lookup',
  fieldName: 'level',
  budgetMs,
  rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
  default: { type: 'queue', target: 'general' },
  on: { timeout: { type: 'queue', target: 'slow' } },
};

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.config.put(tenantId, 'routing-rule', rule);
  await fixture.config.put(tenantId, 'routing-rule', { ...rule, id: 'patient', budgetMs: 10_000 });
  serveRpc(fixture.bus, rpc.writeSession, async (request): Promise<WriteSessionReply> => {
    written.push(request);
    return { outcome: 'written', version: 1, etag: 'e', data: {} };
  });
  await fixture.bus.nc.flush();
});
beforeEach(() => {
  written.length = 0;
});
afterAll(() => fixture.stop());

const ask = async (callId: string, id = 'patient') => {
  const { body } = await fixture.ask(`/v1/routing/${id}/decide`, { body: { callId, ani: '+14155550123' } });
  return routingDecision.parse(body);
};
const calls = (count: number): string[] => Array.from({ length: count }, (_, at) => `c-${count}-${at}`);

/** Nothing else happens in this process meanwhile: the service is in it. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Each once, whatever the order. */
const keptOnce = (callIds: readonly string[], outcome: string, id = 'patient') =>
  eventually(() => {
    expect(written.map(({ callId }) => callId).toSorted()).toEqual([...callIds].toSorted());
    expect(written.map(({ changes }) => changes[`app.routing.${id}`])).toEqual(
      written.map(() => expect.objectContaining({ outcome, rule: id, reason: expect.any(String) })),
    );
    return true;
  });

test('busy - each decision of 300 callers at once is kept with its call, once, with the row and why', async () => {
  const dispatcher = await fixture.answerLookups(async () => ({ outcome: 'found', value: 'GOLD', durationMs: 1 }));
  const callIds = calls(300);
  const decisions = await Promise.all(callIds.map((callId) => ask(callId)));
  await dispatcher.release();
  expect(new Set(decisions.map(({ outcome }) => outcome))).toEqual(new Set(['matched']));
  await keptOnce(callIds, 'matched');
});

test('busy - callers who come while others are kept waiting do not keep those decisions from being kept', async () => {
  const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let asked = 0;
  const dispatcher = await fixture.answerLookups(async () => {
    await answers[asked++ === 0 ? 0 : 1]?.promise;
    return { outcome: 'found', value: 'GOLD', durationMs: 1 };
  });
  const first = ask('c-first');
  await eventually(() => asked === 1);
  const second = ask('c-second');
  await eventually(() => asked === 2);
  answers[0]?.resolve();
  await first;
  await keptOnce(['c-first'], 'matched');
  answers[1]?.resolve();
  await second;
  await dispatcher.release();
  await keptOnce(['c-first', 'c-second'], 'matched');
});

test('busy - where nothing could be done until the time was over, the answer leaves at once and the time-out is kept', async () => {
  const ends: (() => void)[] = [];
  const dispatcher = await fixture.answerLookups(
    () => new Promise((resolve) => ends.push(() => resolve({ outcome: 'not-found', durationMs: 1 }))),
  );
  const callIds = calls(50);
  const asked = callIds.map((callId) => ask(callId, 'level'));
  await eventually(() => ends.length === callIds.length);
  block(budgetMs + 200);
  const unblockedAt = performance.now();
  const decisions = await Promise.all(asked);
  expect(performance.now() - unblockedAt).toBeLessThan(budgetMs);
  expect(new Set(decisions.map(({ outcome }) => outcome))).toEqual(new Set(['timeout']));
  for (const end of ends) end();
  await dispatcher.release();
  await keptOnce(callIds, 'timeout', 'level');
});
