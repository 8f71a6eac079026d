import { callRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica();
});
afterAll(() => fixture.stop());

const ask = () =>
  callRpc(
    fixture.bus,
    rpc.identify,
    { tenantId, identificationId: 'customer', digits: '4711', callId: 'c-1', budgetMs: 1000 },
    { timeoutMs: 5000 },
  );

it('other services ask who a caller is over NATS', async () => {
  fixture.crm.script('/identify', { body: '{"status":"ok","destination":"1,3"}' });
  await fixture.config.put(tenantId, 'identification', {
    id: 'customer',
    name: 'Customer',
    kind: 'destination',
    url: `${fixture.crm.url}/identify`,
    onSuccess: { type: 'queue', target: 'known' },
    onFailure: { type: 'queue', target: 'unknown' },
    egress: onThisMachine,
  });
  const reply = await eventually(async () => {
    const answer = await ask();
    return answer.outcome === 'answered' && answer;
  });
  expect(reply).toMatchObject({ status: 'ok', destination: '1,3' });
  expect(fixture.crm.requests().at(-1)).toMatchObject({ method: 'POST', path: '/identify', body: 'idContact=4711' });
});
