import { Failure, type RoutingDecision, type WriteSessionReply, type WriteSessionRequest } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import { createKeepDecision } from '../src/usecases/keep-decision.ts';

const decision: RoutingDecision = {
  destination: { type: 'queue', target: 'gold' },
  outcome: 'matched',
  row: 0,
  value: 'GOLD',
  read: 'value',
  reason: 'rows[0] (= "GOLD") matches "GOLD"',
  durationMs: 12.3456,
};
const request = { tenantId: 'acme', ruleId: 'level', input: { callId: 'c-1', ani: '+14155550123' } };
const written: WriteSessionReply = { outcome: 'written', version: 1, etag: 'e', data: {} };

function keeper(replies: (WriteSessionReply | Error)[], delaysMs = [0, 1, 1], most = 100) {
  const writes: WriteSessionRequest[] = [];
  const lost: string[] = [];
  const keeping = createKeepDecision({
    write: async (write) => {
      writes.push(write);
      const reply = replies.shift() ?? written;
      if (reply instanceof Error) throw reply;
      return reply;
    },
    onLost: ({ code }) => lost.push(code),
    now: () => new Date(0),
    delaysMs,
    most,
  });
  return { ...keeping, writes, lost };
}

test('keep decision - row, value, what was read and why are written into the session of the call', async () => {
  const { keep, stop, writes } = keeper([]);
  keep(request, decision);
  await stop();
  const { durationMs: _, ...told } = decision;
  expect(writes).toEqual([
    {
      tenantId: 'acme',
      callId: 'c-1',
      changes: { 'app.routing.level': { ...told, rule: 'level', at: '1970-01-01T00:00:00.000Z', durationMs: 12 } },
      by: { kind: 'automation', id: 'routing-rule/level' },
      idempotencyKey: expect.any(String),
    },
  ]);
});

test('keep decision - a call that is not known yet is tried again, as the same write', async () => {
  const { keep, writes, lost } = keeper([
    { outcome: 'unknown' },
    new Failure('own-trouble', 'no_responders', 'nobody serves it'),
  ]);
  keep(request, decision);
  await eventually(() => writes.length === 3);
  expect(new Set(writes.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  expect(lost).toEqual([]);
});

test('keep decision - it was lost when the call was told, but its session was not there yet ("gone")', async () => {
  const { keep, writes, lost } = keeper([{ outcome: 'gone' }]);
  keep(request, decision);
  await eventually(() => writes.length === 2);
  expect(lost).toEqual([]);
});

test.each<[string, (WriteSessionReply | Error)[], string]>([
  ['a call that nobody knows', Array.from({ length: 3 }, () => ({ outcome: 'unknown' })), 'call_unknown'],
  ['a call of long ago', Array.from({ length: 3 }, () => ({ outcome: 'gone' })), 'call_gone'],
  ['a session that is full', [new Failure('permanent', 'payload_too_large', 'full')], 'payload_too_large'],
  ['a defect', Array.from({ length: 3 }, () => new Error('a defect')), 'unexpected'],
])('keep decision - %s: said once, and nothing else happens', async (_, replies, code) => {
  const count = replies.length;
  const { keep, writes, lost } = keeper(replies);
  keep(request, decision);
  await eventually(() => lost.length === 1);
  expect(lost).toEqual([code]);
  expect(writes).toHaveLength(count);
});

test('keep decision - a decision about no call is kept nowhere', async () => {
  const { keep, stop, writes, lost } = keeper([]);
  keep({ ...request, input: {} }, decision);
  await stop();
  expect([writes, lost]).toEqual([[], []]);
});

test('keep decision - who stops does not wait for the next try: he tries once more at once', async () => {
  const { keep, stop, writes, lost } = keeper([{ outcome: 'unknown' }], [0, 3_600_000]);
  keep(request, decision);
  await eventually(() => writes.length === 1);
  await stop();
  expect(writes).toHaveLength(2);
  expect(lost).toEqual([]);
});

test('keep decision - more than can be tried at once are lost, and the others are not', async () => {
  const { keep, stop, writes, lost } = keeper([], [0], 2);
  for (let n = 0; n < 3; n += 1) keep(request, decision);
  await stop();
  expect(lost).toEqual(['too_many']);
  expect(writes).toHaveLength(2);
});

test('keep decision - long names and values fit into a session', async () => {
  const { keep, stop, writes } = keeper([]);
  keep({ ...request, ruleId: 'r'.repeat(128) }, { ...decision, value: '\u0000'.repeat(1024) });
  await stop();
  const [[name, value] = ['', '']] = Object.entries(writes[0]?.changes ?? {});
  expect(name.length).toBeLessThanOrEqual(128);
  expect(JSON.stringify(value).length).toBeLessThan(4096);
});
