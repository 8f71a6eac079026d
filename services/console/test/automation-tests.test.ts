import { serveRpc } from '@patchcord/bus';
import { type AutomationTestRequest, emptySession, rpc } from '@patchcord/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { type ConsoleFixture, refusalOf, startConsole } from './fixture.ts';

/** Stand where crm-dispatcher and session-store stand, and write down what the dispatcher was asked. */
function serveTests({ bus }: ConsoleFixture): AutomationTestRequest[] {
  const asked: AutomationTestRequest[] = [];
  const tests = serveRpc(bus, rpc.testAutomation, async (request) => {
    asked.push(request);
    return { outcome: 'rendered' as const, notes: [] };
  });
  const sessions = serveRpc(bus, rpc.readSession, async ({ tenantId, callId }) =>
    callId === 'c-known'
      ? { outcome: 'found' as const, session: emptySession({ tenantId, callId }), etag: '"1"' }
      : { outcome: 'unknown' as const },
  );
  onTestFinished(async () => {
    await Promise.all([tests.stop(), sessions.stop()]);
  });
  return asked;
}

const automation = { name: 'Tell', on: ['call.ended'], action: { type: 'event', name: 'told' } };

test('automation test - of a stored one, for made-up values, or a call as it is', async () => {
  const fixture = await startConsole();
  const asked = serveTests(fixture);
  const token = await fixture.token();
  await fixture.request('/v1/config/automation/tell', { method: 'PUT', token, body: automation });
  const run = (body?: object) => fixture.request('/v1/automations/tell/test', { method: 'POST', token, body });
  expect(await (await run()).json()).toEqual({ outcome: 'rendered', notes: [] });
  const chosen = { event: 'call.offered', values: { 'ivr.a': 1, 'event.b': 2 }, send: true };
  expect((await run({ ...chosen, callId: 'c-known' })).status).toBe(200);
  expect(asked).toMatchObject([
    { tenantId: 'acme', automation: { id: 'tell', priority: 0 }, values: {}, send: false },
    { ...chosen, session: { tenantId: 'acme', callId: 'c-known' } },
  ]);
  expect((await refusalOf(await run({ callId: 'c-none' }))).status).toBe(404);
  const unknown = await fixture.request('/v1/automations/none/test', { method: 'POST', token });
  expect((await refusalOf(unknown)).status).toBe(404);
});

test('automation test - of one that is not stored; for administrators', async () => {
  const fixture = await startConsole();
  const asked = serveTests(fixture);
  const run = (token: string, body: object) => fixture.request('/v1/automations/test', { method: 'POST', token, body });
  const token = await fixture.token();
  expect((await run(token, { automation })).status).toBe(200);
  expect(asked).toMatchObject([{ tenantId: 'acme', automation: { id: 'test', ...automation } }]);
  expect((await run(token, { automation, tenantId: 'umbrella' })).status).toBe(400);
  expect((await run(await fixture.token('acme', 'sessions:read'), { automation })).status).toBe(403);
});
