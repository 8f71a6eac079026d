import { callRpc } from '@patchcord/bus';
import { type Delivery, rpc, type Session } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { type SmtpServer, startSmtpServer } from '@patchcord/testkit/smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
const services = ['call-ingest', 'session-store', 'crm-dispatcher'] as const;

let world: World;
let smtp: SmtpServer;

beforeAll(async () => {
  smtp = await startSmtpServer();
  world = await startWorld({
    services,
    env: { DISPATCH_RETRY_DELAYS_MS: '0,50,100', DISPATCH_REMOVED_GRACE_MS: '300', BREAKER_FAILURES: '1000' },
  });
  await put('mail-server', {
    id: 'mail',
    host: '127.0.0.1',
    port: smtp.port,
    security: 'none',
    from: 'Orders <orders@example.com>',
    egress: { allowPlain: true, allowCidrs: egress.allowCidrs },
  });
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await smtp?.close();
});

const put = (kind: string, entity: { readonly id: string } & Record<string, unknown>): Promise<unknown> =>
  world.config.put(worldTenant, kind, { name: entity.id, ...entity });

/** The dispatcher hears of it before any call that is posted then. */
async function automation(id: string, entity: Record<string, unknown>): Promise<void> {
  await put('automation', { id, ...entity });
  await eventually(() => world.config.tenant(worldTenant).automation.has(id));
}

const hook = (id: string, more: object = {}): object => ({
  type: 'http',
  url: `${world.crm.url}/hooks/${id}`,
  egress,
  ...more,
});

/** A call that is offered, once session-store has it. */
async function call(name: string): Promise<string> {
  const { callId, events } = answeredCall({ name, queue: name, startMs: Date.now() });
  await postEvents({ url: () => world.service('call-ingest').url, token: world.token }, events.slice(0, 2));
  await eventually(() => sessionOf(callId));
  return callId;
}

async function sessionOf(callId: string): Promise<Session | undefined> {
  const reply = await callRpc(world.bus, rpc.readSession, { tenantId: worldTenant, callId }, { timeoutMs: 3000 });
  return reply.outcome === 'found' ? reply.session : undefined;
}

const variable = (callId: string, name: string): Promise<unknown> =>
  eventually(async () => (await sessionOf(callId))?.data?.[name], { what: `${name} of ${callId}` });

const writeAs = (kind: 'crm' | 'flow', callId: string, changes: object): Promise<unknown> =>
  callRpc(
    world.bus,
    rpc.writeSession,
    { tenantId: worldTenant, callId, changes: { ...changes }, by: { kind } },
    { timeoutMs: 3000 },
  );

async function deliveries(callId: string): Promise<Delivery[]> {
  const query = { tenantId: worldTenant, callId, limit: 500 };
  return (await callRpc(world.bus, rpc.listDeliveries, query, { timeoutMs: 3000 })).deliveries;
}

const delivered = (callId: string, destination: string, state: Delivery['state']): Promise<Delivery> =>
  eventually(
    async () => (await deliveries(callId)).find((row) => row.destination.id === destination && row.state === state),
    { what: `${destination} ${state}` },
  );

const due = (id: string, occurrence: string) => ({
  'app.flow.due': [{ automation: id, module: 'm', position: 'action', occurrence }],
});

describe('a flow that waits for an automation', () => {
  it.each([
    ['skipped', { enabled: false }],
    ['failed', {}],
  ])(
    'is told %s at once - that once waited in the queue of the automation, behind its rate limit',
    async (outcome, more) => {
      const id = `slow-${outcome}`;
      await automation(id, { action: hook(id), rateLimit: { perSecond: 0.01 } });
      const first = await call(`${id}-1`);
      world.crm.script(`/hooks/${id}`, { status: 400 });
      await writeAs('flow', first, due(id, 'p-1'));
      expect(await variable(first, `app.automations.${id}`)).toMatchObject({ run: 'p-1', outcome: 'failed' });
      if (outcome === 'failed') return;
      await automation(id, { action: hook(id), rateLimit: { perSecond: 0.01 }, ...more });
      const second = await call(`${id}-2`);
      await writeAs('flow', second, due(id, 'p-1'));
      expect(await variable(second, `app.automations.${id}`)).toMatchObject({ run: 'p-1', outcome });
    },
  );

  it('is told failed when the automation is gone - that once died with the queue of it', async () => {
    await automation('removed', { action: hook('removed') });
    world.crm.script('/hooks/removed', { status: 500, times: 1 });
    world.crm.script('/hooks/removed', { hang: true });
    const callId = await call('removed');
    await writeAs('flow', callId, due('removed', 'p-1'));
    await delivered(callId, 'removed', 'retrying');
    await world.config.remove(worldTenant, 'automation', 'removed');
    expect(await eventually(() => variable(callId, 'app.automations.removed'), { deadlineMs: 30_000 })).toMatchObject({
      outcome: 'failed',
    });
  });

  it('is told failed when the automation does something else by now', async () => {
    await automation('changed', { action: hook('changed') });
    world.crm.script('/hooks/changed', { status: 500, times: 1 });
    const callId = await call('changed');
    await writeAs('flow', callId, due('changed', 'p-1'));
    await automation('changed', { action: { type: 'set-variables', variables: { 'app.x': 1 } } });
    expect(await variable(callId, 'app.automations.changed')).toMatchObject({ outcome: 'failed' });
    expect(await delivered(callId, 'changed', 'dead')).toMatchObject({ method: 'POST' });
  });
});
