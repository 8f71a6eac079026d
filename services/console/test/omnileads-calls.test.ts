import { Failure } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import { tenantId } from './crm-fixture.ts';
import { startOffice, startPbx } from './omnileads-fixture.ts';

const refused = (field: string) => ({
  status: 200,
  body: { status: 'ERROR', message: expect.any(String), errors: { [field]: [expect.any(String)] } },
});
const url = '/api/v1/makeCall/';

test('omnileads - makeCall rings the agent who is logged in and dials, by our ids and by those of the CRM', async () => {
  const office = await startOffice();
  const commands = startPbx(office);
  const contactId = await office.addContact('+14155550123', 'C-1');
  const ana = await office.loggedIn('ana');
  const ours = { idCampaign: 11, idAgent: 1001, idContact: contactId, phone: '4155550123' };
  expect(await ana.form(url, ours)).toMatchObject({ status: 200, body: { status: 'OK' } });
  const theirs = {
    idExternalSystem: 7,
    idCampaign: 'spring',
    idAgent: 'ana@crm',
    idContacto: 'C-1',
    phone: '4155550123',
  };
  const made = await ana.json('/api/v1/makeCall', theirs);
  expect(made).toMatchObject({ status: 200, body: { status: 'OK', call_id: expect.any(String) } });
  const command = {
    command: 'originate',
    agentId: '1001',
    interface: 'PJSIP/1001',
    to: '4155550123',
    variables: { __CAMPAIGN: '11', __CONTACT: contactId },
  };
  expect(commands).toMatchObject([command, command]);
  const { call_id: callId } = made.body as { call_id: string };
  expect(await office.contacts.linkOf(tenantId, callId)).toMatchObject({ databaseId: 'leads', contactId });
});

test('omnileads - makeCall for another agent than the one who is logged in is refused, and nothing rings', async () => {
  const office = await startOffice();
  const commands = startPbx(office);
  const [ana, bo] = [await office.loggedIn('ana'), await office.loggedIn('bo')];
  const call = { idCampaign: 11, idAgent: 1001, phone: '4155550123' };
  expect(await ana.form(url, { ...call, idAgent: 1002 })).toMatchObject(refused('idAgent'));
  const theirs = { idExternalSystem: 7, idCampaign: 'spring', idAgent: 'bo@crm', phone: '4155550123' };
  expect(await ana.form(url, theirs)).toMatchObject(refused('idAgent'));
  expect(await bo.form(url, call)).toMatchObject(refused('idCampaign'));
  expect(await ana.form(url, { ...call, idAgent: 'nosuch' })).toMatchObject(refused('idAgent'));
  expect(await ana.form(url, { ...call, idAgent: '' })).toMatchObject(refused('idAgent'));
  expect(await ana.form(url, { ...call, idCampaign: 99 })).toMatchObject(refused('idCampaign'));
  expect(await ana.form(url, { ...call, idContact: 'c-nosuch' })).toMatchObject(refused('idContact'));
  expect(await ana.form(url, { ...call, phone: 'Bob' })).toMatchObject(refused('phone'));
  expect(await ana.form(url, { ...call, phone: '' })).toMatchObject(refused('phone'));
  // Of no particular agent, but he must work on the campaign.
  const sue = await office.loggedIn('sue');
  expect(await sue.form(url, { ...call, idAgent: 1002 })).toMatchObject(refused('idAgent'));
  expect(commands).toEqual([]);
  expect(await sue.form(url, call)).toMatchObject({ status: 200, body: { status: 'OK' } });
});

test('omnileads - a PBX that refuses, or is away, is told with 200 and ERROR', async () => {
  const office = await startOffice();
  const ana = await office.loggedIn('ana');
  const error = { status: 200, body: { status: 'ERROR', message: expect.any(String), errors: {} } };
  expect(await ana.form(url, { idCampaign: 11, idAgent: 1001, phone: '4155550123' })).toMatchObject(error);
  startPbx(office, async () => {
    throw new Failure('permanent', 'not_found', 'the agent has no call');
  });
  expect(await ana.form('/api/v1/hangupCall/')).toMatchObject({ ...error, body: { message: 'the agent has no call' } });
});

test('omnileads - the session of an agent: log in, pause, hold and back, hang up, log out', async () => {
  const office = await startOffice();
  const commands = startPbx(office);
  const ana = await office.loggedIn('ana');
  const talking = {
    interactionId: 'i-1',
    legId: 'l-1',
    agent: { agentId: '1001' },
    state: 'talking' as const,
    holdMs: 0,
    holds: 0,
  };
  const ok = { status: 200, body: { status: 'OK' } };
  expect(await ana.form('/api/v1/asterisk_login/')).toEqual(ok);
  expect(await ana.form('/api/v1/asterisk_pause/', { pause_id: 4 })).toEqual(ok);
  expect(await ana.form('/api/v1/asterisk_unpause/', { pause_id: 4 })).toEqual(ok);
  expect(await ana.form('/api/v1/asterisk_ringing/', { ringing: 'true' })).toEqual(ok);
  await office.publish({ callId: 'c-1', version: 1, state: 'talking', interactions: [talking] });
  expect(await ana.form('/api/v1/evento_hold/', { callid: 'c-1' })).toEqual(ok);
  await office.publish({ callId: 'c-1', version: 2, state: 'talking', interactions: [{ ...talking, state: 'held' }] });
  await eventually(async () => {
    await ana.form('/api/v1/evento_hold', { callid: 'c-1' });
    return commands.some(({ command }) => command === 'resume');
  });
  expect(await ana.form('/api/v1/evento_hold/')).toMatchObject(refused('callid'));
  expect(await ana.form('/api/v1/hangupCall')).toEqual(ok);
  expect(await ana.form('/api/v1/asterisk_logout/')).toEqual(ok);
  const agent = { agentId: '1001', interface: 'PJSIP/1001' };
  expect(commands).toMatchObject([
    { command: 'login', ...agent, queues: expect.arrayContaining(['sales']) },
    { command: 'pause', ...agent, reason: '4' },
    { command: 'unpause', ...agent },
    { command: 'hold', ...agent, callId: 'c-1' },
    { command: 'resume', ...agent, callId: 'c-1' },
    { command: 'hangup', ...agent },
    { command: 'logout', ...agent },
  ]);
  const sue = await office.loggedIn('sue');
  expect(await sue.form('/api/v1/asterisk_login/')).toMatchObject(refused('idAgent'));
});

test('omnileads - a call of no campaign, to a number or to another agent', async () => {
  const office = await startOffice();
  const commands = startPbx(office);
  const ana = await office.loggedIn('ana');
  const outside = '/api/v1/make_call_outside_campaign/';
  const ok = { status: 200, body: { status: 'OK' } };
  expect(await ana.form(outside, { destination_type: 'EXTERNAL', destination: '4155550123' })).toMatchObject(ok);
  expect(await ana.form(outside, { destination_type: 'AGENT', destination: 1002 })).toMatchObject(ok);
  expect(await ana.form(outside, { destination_type: 'AGENT', destination: 9 })).toMatchObject(refused('destination'));
  expect(await ana.form(outside, { destination_type: 'X', destination: 9 })).toMatchObject(refused('destination_type'));
  expect(commands).toMatchObject([
    { command: 'originate', agentId: '1001', to: '4155550123', variables: {} },
    { command: 'originate', agentId: '1001', to: '1002', variables: {} },
  ]);
});
