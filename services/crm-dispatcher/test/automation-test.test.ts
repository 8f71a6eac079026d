import { callRpc } from '@patchcord/bus';
import { type AutomationTestReply, rpc } from '@patchcord/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { session } from './automation-scene.ts';
import { tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica({ SECRETS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` });
  await callRpc(fixture.bus, rpc.putSecret, { tenantId, id: 'key', value: 's3cret' }, { timeoutMs: 3000 });
  const key = { id: 'key', name: 'Key', kind: 'api-key', field: 'X-Key', key: 'key' };
  await fixture.config.put(tenantId, 'site-authentication', key);
  const conditions = [{ expression: 'ivr.premium', operator: 'EQ', expectation: true }];
  await fixture.config.put(tenantId, 'trigger', { id: 'premium', name: 'Premium', conditions });
});
afterAll(() => fixture.stop());

const test = (action: object, more: object = {}, asked: object = {}): Promise<AutomationTestReply> => {
  const automation = { id: 'tested', name: 'Tested', on: ['call.answered'], action, ...more };
  const request = { tenantId, automation, values: {}, send: false, ...asked };
  return callRpc(fixture.bus, rpc.testAutomation, request, { timeoutMs: 5000 });
};

const http = (more: object = {}) => ({
  type: 'http',
  url: `${fixture.crm.url}/hooks/tested?q={ivr.q}`,
  parameters: { who: '{call.from}', event: '{event.name}' },
  authentication: 'key',
  egress: onThisMachine,
  ...more,
});
const requests = () => fixture.crm.requests().filter(({ path }) => path === '/hooks/tested');

describe('test of an automation', () => {
  it('shows what it would do, with made-up values and without credentials, and does nothing', async () => {
    const reply = await test(http(), {}, { session, values: { 'ivr.q': 'a b' } });
    const request = reply.work?.kind === 'request' ? reply.work.request : undefined;
    expect([reply.outcome, request?.url]).toEqual(['rendered', `${fixture.crm.url}/hooks/tested?q=a%20b`]);
    expect(request?.headers['X-Key'] ?? request?.headers['x-key']).toBe('***');
    expect(JSON.parse(request?.body ?? '')).toEqual({ who: '+14155550123', event: 'call.answered' });
    expect(requests()).toHaveLength(0);
  });

  it('does it if asked to, and shows what of the answer would be written', async () => {
    fixture.crm.script('/hooks/tested', { body: { customer: { email: 'a@b.example' } }, times: 1 });
    const answer = { variables: { 'ivr.email': 'customer.email', 'ivr.gone': 'gone' } };
    const reply = await test(http({ answer }), {}, { send: true });
    expect(reply).toMatchObject({
      outcome: 'sent',
      answer: { status: 200 },
      changes: { 'ivr.email': 'a@b.example' },
      notes: [expect.stringContaining('"ivr.q"'), expect.stringContaining('"ivr.gone"')],
    });
    expect(requests()[0]?.headers).toMatchObject({ 'x-key': 's3cret', 'x-patchcord-test': '1' });
  });

  it('says why it would do nothing', async () => {
    expect(await test(http(), { when: 'premium' })).toMatchObject({
      outcome: 'skipped',
      why: 'its trigger did not fire',
    });
    const fires = { values: { 'ivr.premium': true } };
    expect(await test(http(), { when: 'premium' }, fires)).toMatchObject({ outcome: 'rendered' });
  });

  it('names what is not as expected', async () => {
    const unknown = test(http({ authentication: 'gone' }));
    await expect(unknown).rejects.toMatchObject({
      code: 'config_invalid',
      issues: [{ path: 'automation.action.authentication', message: expect.stringContaining('gone') }],
    });
    await expect(test({ type: 'fax' })).rejects.toMatchObject({ issues: [{ path: 'automation.action.type' }] });
  });
});
