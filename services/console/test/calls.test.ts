import { createContacts } from '@patchcord/contacts';
import { contactDatabase, Failure } from '@patchcord/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';
import { agentToken, entities, type ServedPbx, servePbx } from './pbx-support.ts';

const made = z.object({ outcome: z.string(), callId: z.string(), requestId: z.string() });

interface Lab {
  readonly fixture: ConsoleFixture;
  readonly pbx: ServedPbx;
  readonly token: string;
  readonly call: (body: Record<string, unknown>, token?: string) => Promise<Response>;
}

async function lab(pbxs?: readonly string[]): Promise<Lab> {
  const fixture = await startConsole();
  await fixture.config.applyAll('acme', entities);
  const pbx = servePbx(fixture, 'main', pbxs);
  const token = await fixture.token('acme', 'calls:control');
  const call: Lab['call'] = (body, own = token) => fixture.request('/v1/calls', { method: 'POST', token: own, body });
  return { fixture, pbx, token, call };
}

const to = '+1 (415) 555-0199';

describe('click-to-call', () => {
  test('asks the agent’s PBX, with campaign and contact on the call', async () => {
    const { fixture, pbx, call } = await lab();
    const contacts = createContacts(fixture.redis);
    const [database] = entities.filter(({ kind }) => kind === 'contact-database').map(({ entity }) => entity);
    const where = { tenantId: 'acme', database: contactDatabase.parse(database), region: 'US' };
    const { contact } = await contacts.add(where, { id: 'p-9', name: 'Ann', phone: '+14155550199' });
    const answer = await call({ agentId: '1001', campaignId: 'spring', contactId: contact.contactId, to });
    expect(answer.status).toBe(202);
    const { callId, requestId, outcome } = await jsonOf(answer, made);
    expect([outcome, callId]).toEqual(['accepted', `c-main-pc-${requestId}`]);
    expect(pbx.commands).toEqual([
      {
        command: 'originate',
        requestId,
        agentId: '1001',
        interface: 'PJSIP/1001',
        to: '+14155550199',
        variables: { __CAMPAIGN: 'spring', __CONTACT: contact.contactId },
        waitFor: 'ringing',
        ringTimeoutMs: 30_000,
      },
    ]);
    expect(await contacts.linkOf('acme', callId)).toMatchObject({ contactId: contact.contactId });
    const theirs = { externalSystem: 'crm', agentId: 'u-77', campaignId: 'c-5', contactId: 'p-9', to };
    const { callId: second } = await jsonOf(await call(theirs), made);
    expect(await contacts.linkOf('acme', second)).toMatchObject({ contactId: contact.contactId });
  });

  test('the same request again is the same call', async () => {
    const { call } = await lab();
    const body = { agentId: '1001', to, requestId: 'crm-42' };
    const answers = [await call(body), await call(body)];
    expect(await Promise.all(answers.map((answer) => jsonOf(answer, made)))).toEqual([
      { outcome: 'accepted', callId: 'c-main-pc-crm-42', requestId: 'crm-42' },
      { outcome: 'repeated', callId: 'c-main-pc-crm-42', requestId: 'crm-42' },
    ]);
  });

  test('a token of an agent makes calls for him only, without naming him', async () => {
    const { fixture, pbx, call } = await lab();
    const token = await agentToken(fixture, '1001', 'calls:control');
    expect((await call({ to }, token)).status).toBe(202);
    expect((await call({ externalSystem: 'crm', to }, token)).status).toBe(202);
    expect(pbx.commands.map(({ agentId }) => agentId)).toEqual(['1001', '1001']);
    expect(await refusalOf(await call({ agentId: '1002', to }, token))).toMatchObject({ status: 403 });
    const reader = await fixture.token('acme', 'sessions:read');
    expect(await refusalOf(await call({ agentId: '1001', to }, reader))).toMatchObject({ status: 403 });
    expect((await call({ agentId: '1001', to }, 'nothing')).status).toBe(401);
    expect(pbx.commands).toHaveLength(2);
  });

  test.each([
    [{ agentId: '1003', to }, 'agentId'],
    [{ to }, 'agentId'],
    [{ agentId: '1001', to: 's' }, 'to'],
    [{ agentId: '1001', to: '+1415\r\nAction: x' }, 'to'],
    [{ agentId: '1001', campaignId: 'autumn', to }, 'campaignId'],
    [{ agentId: '1001', contactId: 'p-9', to }, 'campaignId'],
    [{ agentId: '1001', campaignId: 'spring', contactId: 'p-0', to }, 'contactId'],
    [{ agentId: '1001', externalSystem: 'other', to }, 'externalSystem'],
    [{ agentId: '1001', to, requestId: 'a b' }, 'requestId'],
  ])('%j: refused with the name of the field', async (body, path) => {
    const { pbx, call } = await lab();
    expect(await refusalOf(await call(body))).toMatchObject({ status: 400, issues: [{ path }] });
    expect(pbx.commands).toEqual([]);
  });

  test('an agent who does not work on the campaign', async () => {
    const { call } = await lab();
    expect(await refusalOf(await call({ agentId: '1002', campaignId: 'spring', to }))).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  });

  test('what the PBX made of it comes through; a PBX that is away is said to be', async () => {
    const { pbx, call } = await lab();
    pbx.fails = new Failure('permanent', 'agent_busy', 'PJSIP/1001 is busy');
    const busy = { status: 422, code: 'agent_busy', message: 'PJSIP/1001 is busy' };
    expect(await refusalOf(await call({ agentId: '1001', to }))).toMatchObject(busy);
    await pbx.away();
    const away = await call({ agentId: '1001', to });
    expect(away.headers.get('retry-after')).not.toBeNull();
    expect(await refusalOf(away)).toMatchObject({ status: 503, code: 'pbx_away' });
  });

  test('of several PBXs the agent must say which is his', async () => {
    const { fixture, call } = await lab(['main', 'other']);
    const unclear = { status: 422, code: 'pbx_unclear', message: expect.stringContaining('pbxId') as string };
    expect(await refusalOf(await call({ agentId: '1001', to }))).toMatchObject(unclear);
    const other = servePbx(fixture, 'other', ['main', 'other']);
    expect((await call({ agentId: '1002', to })).status).toBe(202);
    expect(other.commands).toMatchObject([{ interface: 'SIP/two' }]);
  });
});

describe('calls', () => {
  test.each(['hangup', 'hold', 'resume'])('%s', async (command) => {
    const { fixture, pbx, token } = await lab();
    const path = `/v1/calls/c-main-1/${command}`;
    const byAgent = await agentToken(fixture, '1001', 'calls:control');
    expect((await fixture.request(path, { method: 'POST', token: byAgent })).status).toBe(202);
    expect((await fixture.request(path, { method: 'POST', token, body: { agentId: '1001' } })).status).toBe(202);
    const asked = { command, agentId: '1001', interface: 'PJSIP/1001', callId: 'c-main-1' };
    expect(pbx.commands).toEqual([asked, asked]);
    expect(await refusalOf(await fixture.request(path, { method: 'POST', token }))).toMatchObject({
      status: 400,
      issues: [{ path: 'agentId' }],
    });
    pbx.fails = new Failure('permanent', 'not_found', 'the call ended');
    expect((await fixture.request(path, { method: 'POST', token: byAgent })).status).toBe(404);
  });
});
