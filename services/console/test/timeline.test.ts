import { createPublisher, serveRpc } from '@patchcord/bus';
import { type Delivery, events, rpc, subjects } from '@patchcord/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';

const told = z.object({
  entries: z.array(z.looseObject({ kind: z.string(), at: z.string(), name: z.string().optional() })),
  missing: z.array(z.string()),
});
const agent = { agentId: '1001', name: 'Ana' };
const at = (second: number): string => `2026-11-21T10:00:${String(second).padStart(2, '0')}.000Z`;

const decided = { destination: { type: 'queue', target: 'gold' }, outcome: 'matched', row: 0, reason: 'is GOLD' };

/** A call that is told out of its order: it rang, was decided, was answered. */
async function happened({ bus }: ConsoleFixture): Promise<void> {
  const publisher = createPublisher(bus);
  const common = {
    specversion: '1.0',
    datacontenttype: 'application/json',
    source: '/pbx/lab',
    tenantid: 'acme',
    subject: 'c-1',
    correlationid: 'c-1',
    sequence: '0',
  } as const;
  const { callOffered, callAnswered, callSessionWritten } = events;
  await publisher.publish({ ...common, id: '3', type: callAnswered.type, time: at(9), data: { agent, legId: 'l-1' } });
  const offered = { direction: 'inbound', ani: '+14155550123', legId: 'l-0', pbxId: 'lab' } as const;
  await publisher.publish({ ...common, id: '1', type: callOffered.type, time: at(1), data: offered });
  await publisher.publish({
    ...common,
    id: '2',
    type: callSessionWritten.type,
    time: at(2),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    data: { changes: { 'app.routing.plan': decided, 'ivr.plan': 'GOLD' }, by: { kind: 'automation', id: 'x' } },
  });
}

const delivery: Delivery = {
  workId: 'w.c-1.site-hook.answered',
  tenantId: 'acme',
  callId: 'c-1',
  destination: { kind: 'site', id: 'hook' },
  cause: 'answered',
  state: 'succeeded',
  method: 'POST',
  url: 'https://crm.example.com/hook',
  createdAt: at(10),
  updatedAt: at(10),
  attempts: [],
};

function served({ bus }: ConsoleFixture): void {
  const servers = [
    serveRpc(bus, rpc.listDeliveries, async () => ({ deliveries: [delivery] })),
    serveRpc(bus, rpc.listDispositions, async () => ({ dispositions: [] })),
  ];
  onTestFinished(async () => void (await Promise.all(servers.map((server) => server.stop()))));
}

test('timeline - events, decision and delivery stand in the order in which they happened', async () => {
  const fixture = await startConsole();
  served(fixture);
  await happened(fixture);
  const response = await fixture.request('/v1/calls/c-1/timeline', { token: await fixture.token() });
  const { entries, missing } = await jsonOf(response, told);
  expect(missing).toEqual([]);
  expect(entries.map(({ kind, name }) => name ?? kind)).toEqual([
    'call.offered',
    'decision',
    'call.session-written',
    'call.answered',
    'delivery',
  ]);
  expect(entries[1]).toMatchObject({
    ruleId: 'plan',
    decision: { row: 0 },
    traceId: '0af7651916cd43dd8448eb211c80319c',
  });
  expect(entries[2]).toMatchObject({ data: { changes: { 'ivr.plan': 'GOLD' } } });
});

test('timeline - services that do not answer take their own part away, and it is said', async () => {
  const fixture = await startConsole();
  await happened(fixture);
  const response = await fixture.request('/v1/calls/c-1/timeline', { token: await fixture.token() });
  const { entries, missing } = await jsonOf(response, told);
  expect(missing).toEqual(['dispositions', 'deliveries']);
  expect(entries.map(({ kind }) => kind)).toEqual(['event', 'decision', 'event', 'event']);
});

test('timeline - whoever is no admin sees no deliveries; another tenant, or another agent, sees nothing', async () => {
  const fixture = await startConsole();
  served(fixture);
  await happened(fixture);
  const ask = async (token: string) => fixture.request('/v1/calls/c-1/timeline', { token });
  const { entries } = await jsonOf(await ask(await fixture.token('acme', 'sessions:read')), told);
  expect(entries.some(({ kind }) => kind === 'delivery')).toBe(false);
  expect(await refusalOf(await ask(await fixture.token('umbrella')))).toMatchObject({ status: 404, code: 'not_found' });
  const none = await fixture.request('/v1/calls/c-none/timeline', { token: await fixture.token() });
  expect(none.status).toBe(404);
});

test('timeline - a message of the call that was no JSON took its whole story away', async () => {
  const fixture = await startConsole();
  await fixture.bus.js.publish(subjects.event('acme', 'call', 'c-1', 'answered'), 'no JSON');
  await happened(fixture);
  const response = await fixture.request('/v1/calls/c-1/timeline', { token: await fixture.token() });
  expect((await jsonOf(response, told)).entries).toHaveLength(4);
});
