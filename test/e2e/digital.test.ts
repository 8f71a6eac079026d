import { digitalInteractionIdOf } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handedOnChat } from '../harness/digital.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World } from '../harness/world.ts';

/** Chats in by HTTP, records out into a CRM, through services that run as processes of their own. */
let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['call-ingest', 'crm-dispatcher', 'disposition', 'disposition'] });
}, 120_000);
afterAll(() => world?.stop());

const tell = (events: readonly object[]) =>
  postEvents({ url: () => world.service('call-ingest').url, token: world.token, path: '/v1/digital-events' }, events);
const ask = (method: string, path: string, body?: object) =>
  fetch(`${world.service('disposition').url}${path}`, {
    method,
    headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
/** How often the CRM was written to, by record. */
const writes = (contactId: string): Record<string, number> => {
  const paths = world.crm.requests().map(({ path }) => path.split('/').at(-1) ?? '');
  const own = paths.filter((id) => id.startsWith(`digital-${contactId}_`));
  return Object.fromEntries(
    Map.groupBy(own, (id) => id)
      .entries()
      .map(([id, all]) => [id, all.length]),
  );
};

test('a chat that is handed on - each agent is written into the CRM once, however often it is told', async () => {
  const [one, two] = [digitalInteractionIdOf('418', '1'), digitalInteractionIdOf('418', '2')];
  const events = handedOnChat('418');
  await tell(events.slice(0, 4));
  await eventually(() => world.crm.records().has(one), { deadlineMs: 20_000, what: 'the record of the first agent' });
  const { contact } = (await (await ask('GET', '/v1/digital-interactions/418')).json()) as { contact: object };
  expect(contact).toMatchObject({ state: 'open', segments: [{ interactionId: one, endReason: 'transferred' }] });
  await tell(events.toReversed());
  await eventually(() => world.crm.records().has(two), { deadlineMs: 20_000, what: 'the record of the second agent' });
  await tell(handedOnChat('419'));
  await eventually(() => Object.keys(writes('419')).length === 2, { deadlineMs: 20_000 });
  expect(writes('418')).toEqual({ [one]: 1, [two]: 1 });
  expect(world.crm.records().get(one)).toMatchObject({
    channel: 'digital',
    campaignId: 'support',
    agent: { agentId: '1001' },
    digital: { kind: 'chat', contactId: '418', endReason: 'transferred', customer: { name: 'Cora' } },
    transcript: 'Cora: Where is my parcel?',
  });
});

test('a disposition after the end - the same record is written again', async () => {
  await tell(handedOnChat('420'));
  const id = digitalInteractionIdOf('420', '2');
  await eventually(() => world.crm.records().has(id), { deadlineMs: 20_000 });
  const said = await ask('PUT', `/v1/interactions/${id}/disposition`, { optionId: 'solved' });
  expect([said.status, await said.json()]).toMatchObject([200, { outcome: 'recorded' }]);
  await eventually(
    () => (world.crm.records().get(id) as { disposition?: { optionId: string } }).disposition?.optionId === 'solved',
    { deadlineMs: 20_000, what: 'the disposition in the CRM' },
  );
  expect(writes('420')).toMatchObject({ [id]: 2 });
});
