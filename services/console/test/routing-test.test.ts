import { serveRpc } from '@patchcord/bus';
import { type RoutingDecision, type RoutingRequest, rpc } from '@patchcord/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { startConsole } from './fixture.ts';

const queue = (target: string) => ({ type: 'queue', target });
const rule = {
  name: 'Levels',
  location: { type: 'did', dids: ['+1 415 555-0199'] },
  url: 'https://crm.example/lookup',
  fieldName: 'level',
  rows: [{ operator: '=', value: 'GOLD', destination: queue('gold') }],
  default: queue('general'),
};

/** Stands where the routing decider stands, and says GOLD of everybody. */
async function startTrials() {
  const fixture = await startConsole();
  const asked: RoutingRequest[] = [];
  const served = serveRpc(fixture.bus, rpc.decideRoute, async (request): Promise<RoutingDecision> => {
    asked.push(request);
    const destination = { type: 'queue' as const, target: 'gold' };
    return { destination, outcome: 'matched', row: 0, value: 'GOLD', reason: 'row 1', durationMs: 7 };
  });
  onTestFinished(() => served.stop());
  const token = await fixture.token();
  const put = async (path: string, body: unknown) => {
    const answer = await fixture.request(`/v1/config/${path}`, { method: 'PUT', token, body });
    expect(answer.status, await answer.text()).toBe(201);
  };
  await put('routing-rule/levels', rule);
  const tryOut = async (body: object) => {
    const answer = await fixture.request('/v1/routing-test', { method: 'POST', token, body });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { asked, put, tryOut };
}

test('routing test - the rule of the called number is asked as for a call, but without one', async () => {
  const { asked, tryOut } = await startTrials();
  const { status, body } = await tryOut({ ani: '+14155550123', dnis: '14155550199' });
  expect([status, body]).toEqual([
    200,
    {
      rule: expect.objectContaining({ id: 'levels', name: 'Levels', rows: rule.rows }),
      decision: expect.objectContaining({ outcome: 'matched', row: 0, value: 'GOLD' }),
    },
  ]);
  expect(asked).toEqual([{ tenantId: 'acme', ruleId: 'levels', input: { ani: '+14155550123', dnis: '14155550199' } }]);
});

test('routing test - names the campaign of the queue and whom its contacts know', async () => {
  const { put, tryOut } = await startTrials();
  await put('contact-database/people', { name: 'People', columns: ['phone'], phoneColumns: ['phone'] });
  await put('campaign/gold', { name: 'Gold', match: { queues: ['gold'] }, database: 'people' });
  const { body } = await tryOut({ ani: '+14155550123', rule: 'levels' });
  expect(body).toMatchObject({
    campaign: { id: 'gold', name: 'Gold' },
    known: { database: 'people', contacts: 0 },
  });
});

test('routing test - a number of no rule, a rule that does not exist, and a caller who is missing', async () => {
  const { asked, tryOut } = await startTrials();
  expect(await tryOut({ ani: '+14155550123', dnis: '+14155550000' })).toEqual({ status: 200, body: {} });
  expect((await tryOut({ ani: '+14155550123', rule: 'nobody' })).status).toBe(404);
  expect(await tryOut({})).toMatchObject({ status: 400, body: { error: { issues: [{ path: 'ani' }] } } });
  expect(asked).toEqual([]);
});
