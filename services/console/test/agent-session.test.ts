import { Failure } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { refusalOf, startConsole } from './fixture.ts';
import { agentToken, entities, servePbx } from './pbx-support.ts';

async function lab() {
  const fixture = await startConsole();
  await fixture.config.applyAll('acme', entities);
  const pbx = servePbx(fixture);
  const token = await fixture.token('acme', 'calls:control');
  const post = (path: string, body?: unknown, own = token): Promise<Response> =>
    fixture.request(`/v1/agents/${path}`, { method: 'POST', token: own, ...(body === undefined ? {} : { body }) });
  return { fixture, pbx, post };
}

const phone = { agentId: '1001', interface: 'PJSIP/1001' };

test('agent session - login is to the queues of his campaigns, or to those that are named', async () => {
  const { pbx, post } = await lab();
  expect((await post('1001/login')).status).toBe(202);
  expect((await post('1001/login', { queues: ['night'] })).status).toBe(202);
  expect((await post('u-77/login', { externalSystem: 'crm', queues: ['night'] })).status).toBe(202);
  const login = { command: 'login', ...phone, name: 'Agent One' };
  expect(pbx.commands.map((command) => ('queues' in command ? command.queues.toSorted() : []))).toEqual([
    ['sales', 'support', 'vip'],
    ['night'],
    ['night'],
  ]);
  expect(pbx.commands[2]).toMatchObject(login);
});

test('agent session - pause with a reason, unpause, logout', async () => {
  const { pbx, post } = await lab();
  expect((await post('1001/pause', { queue: 'vip', reason: 'Lunch' })).status).toBe(202);
  expect((await post('1001/pause')).status).toBe(202);
  expect((await post('1001/unpause', { queue: 'vip' })).status).toBe(202);
  expect((await post('1001/logout')).status).toBe(202);
  expect(pbx.commands).toEqual([
    { command: 'pause', ...phone, queue: 'vip', reason: 'Lunch' },
    { command: 'pause', ...phone },
    { command: 'unpause', ...phone, queue: 'vip' },
    { command: 'logout', ...phone, queues: [] },
  ]);
});

test('agent session - for another agent, for one that is not there, and what the PBX refuses', async () => {
  const { fixture, pbx, post } = await lab();
  const own = await agentToken(fixture, '1001', 'calls:control');
  expect((await post('1001/pause', {}, own)).status).toBe(202);
  expect(await refusalOf(await post('1002/pause', {}, own))).toMatchObject({ status: 403, code: 'forbidden' });
  expect(await refusalOf(await post('1003/pause'))).toMatchObject({ status: 404, code: 'not_found' });
  expect(await refusalOf(await post('1001/pause', { reason: 'x'.repeat(81) }))).toMatchObject({ status: 400 });
  pbx.fails = new Failure('permanent', 'not_logged_in', 'PJSIP/1001 is not a member of any queue: log in first');
  expect(await refusalOf(await post('1001/pause'))).toMatchObject({ status: 422, code: 'not_logged_in' });
  await pbx.away();
  expect(await refusalOf(await post('1001/unpause'))).toMatchObject({ status: 503, code: 'pbx_away' });
});
