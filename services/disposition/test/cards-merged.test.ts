import { callRpc } from '@patchcord/bus';
import { type Card, type CrmHit, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answeredCall, callScript } from './call-script.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

const timeoutMs = 5000;
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await Promise.all([fixture.startReplica(), fixture.startReplica()]);
}, 60_000);
afterAll(() => fixture?.stop());

const cardWhere = (cardId: string, right: (card: Card) => boolean): Promise<Card> =>
  eventually(
    async () => {
      const answer = await callRpc(fixture.bus, rpc.readCard, { tenantId, cardId }, { timeoutMs }).catch(
        () => undefined,
      );
      return answer !== undefined && right(answer.card) && answer.card;
    },
    { what: `card ${cardId}` },
  );
const hit = (id: string, fields: CrmHit['fields'] = {}): CrmHit => ({
  connection: 'main',
  module: 'Contact',
  id,
  name: id,
  match: 'e164',
  field: 'Phone',
  fields,
});
const tell = (callId: string, runId: string, ...records: CrmHit[]) => {
  const run = { runId, name: 'Search', at: new Date().toISOString(), by: 'flow' } as const;
  const reply = { outcome: 'found', records, durationMs: 1 } as const;
  return callRpc(fixture.bus, rpc.cardResult, { tenantId, callId, run, reply: { ...reply, records } }, { timeoutMs });
};

test('calls that the PBX merged - the card stayed open for good, and before whoever did not answer the consult call', async () => {
  const customer = answeredCall('support', '1001');
  await fixture.publish(customer.session());
  const consult = callScript({ queue: 'support' });
  consult.offered();
  consult.ringing('1002');
  await fixture.publish(consult.ringing('1003'));
  await cardWhere(consult.callId, ({ agents }) => agents.length === 2);
  await tell(consult.callId, `found-${consult.callId}`, hit('ada'));
  consult.answered('1002');
  // The snapshot with the merge is all that is heard of how the consult call went on.
  const together = consult.tell({ type: 'patchcord.v1.call.merged', data: { intoCallId: customer.callId } });
  await Promise.all([1, 2, 3].map(() => fixture.publish(together)));
  const whole = await cardWhere(customer.callId, ({ merged }) => merged.length > 0);
  expect(whole).toMatchObject({ agents: ['1001', '1002'], merged: [consult.callId], state: 'open' });
  expect(whole.changes.filter(({ what }) => what === 'merge')).toHaveLength(1);
  expect(whole.current.map(({ id }) => id)).toEqual(['ada']);
  const { linked } = await callRpc(fixture.bus, rpc.linkedRecords, { tenantId, callId: consult.callId }, { timeoutMs });
  expect(linked.map(({ id }) => id)).toEqual(['ada']);
  customer.released('1001');
  await fixture.publish(customer.ended());
  expect((await cardWhere(customer.callId, ({ state }) => state === 'over')).agents).toEqual(['1001', '1002']);
});

test('an agent with many full cards - the list was longer than a message, and never came', async () => {
  const fields = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`f${i}`, 'x'.repeat(2000)]));
  const calls = Array.from({ length: 12 }, () => answeredCall('support', '7001'));
  for (const call of calls) {
    await fixture.publish(call.session());
    const many = Array.from({ length: 9 }, (_, i) => hit(`${i}`, fields));
    await tell(call.callId, `full-${call.callId}`, ...many);
    await cardWhere(call.callId, ({ agents }) => agents.includes('7001'));
  }
  const asked = { tenantId, agentId: '7001', limit: 100 };
  const { cards } = await callRpc(fixture.bus, rpc.listCards, asked, { timeoutMs });
  expect(cards.length).toBeGreaterThan(3);
  expect(cards[0]?.cardId).toBe(calls.at(-1)?.callId);
}, 30_000);
