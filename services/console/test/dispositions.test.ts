import { expect, test } from 'vitest';
import { z } from 'zod';
import { startCrm, tenantId } from './crm-fixture.ts';
import { jsonOf, refusalOf } from './fixture.ts';

const entry = z.looseObject({ dispositionId: z.string(), changes: z.number() });
const listing = z.object({ dispositions: z.array(entry) });

test('dispositions - a CRM records, reads and changes them, by our ids and by its own', async () => {
  const { request, token, addContact, json } = await startCrm();
  const crm = await token(tenantId, 'dispositions:read', 'dispositions:write');
  const contactId = await addContact('+14155550123', 'C-1');
  const other = await addContact('+14155550124', 'C-2');
  const post = (body: unknown) => request('/v1/dispositions', { method: 'POST', token: crm, body });

  const first = await post({ campaignId: '11', contactId, agentId: '1001', disposition: { optionId: '1' } });
  expect(first.status).toBe(201);
  const made = await jsonOf(first, entry);
  expect(first.headers.get('location')).toBe(`/v1/dispositions/${made.dispositionId}`);
  expect(made).toMatchObject({ campaignId: '11', contactId, agentId: '1001', changes: 1 });
  expect(await json(`/v1/dispositions/${made.dispositionId}`, { token: crm })).toEqual({ status: 200, body: made });

  const theirs = { externalSystem: '7', campaignId: 'spring', contactId: 'C-2', agentId: 'ana@crm' };
  const second = await jsonOf(await post({ ...theirs, disposition: { optionId: '2', comments: 'at noon' } }), entry);
  expect(second).toMatchObject({ campaignId: '11', contactId: other, agentId: '1001' });

  const put = await request(`/v1/dispositions/${made.dispositionId}`, {
    method: 'PUT',
    token: crm,
    body: { externalSystem: '7', agentId: 'bo@crm', disposition: { optionId: '2' } },
  });
  const changed = await jsonOf(put, entry);
  expect(changed).toMatchObject({ changes: 2, agentId: '1002', disposition: { optionId: '2', name: 'Call back' } });

  const list = async (query: string) =>
    (await jsonOf(await request(`/v1/dispositions${query}`, { token: crm }), listing)).dispositions;
  expect(await list('')).toEqual([changed, second]);
  expect(await list('?limit=1')).toEqual([changed]);
  expect(await list(`?contactId=${other}`)).toEqual([second]);
  expect(await list('?externalSystem=7&campaignId=spring&contactId=C-1')).toEqual([changed]);
  expect(await list('?externalSystem=7&agentId=ana@crm')).toEqual([second]);
  expect(await list('?campaignId=12')).toEqual([]);
});

test('dispositions - the second of a contact in a campaign is a conflict, and names the first', async () => {
  const { request, token, addContact } = await startCrm();
  const crm = await token(tenantId, 'dispositions:write');
  const contactId = await addContact('+14155550123');
  const body = { campaignId: '11', contactId, disposition: { optionId: '1' } };
  const post = () => request('/v1/dispositions', { method: 'POST', token: crm, body });
  const { dispositionId } = await jsonOf(await post(), entry);
  expect(await refusalOf(await post())).toMatchObject({
    status: 409,
    code: 'already_disposed',
    issues: [{ path: 'contactId', message: `expected a change of the disposition "${dispositionId}"` }],
  });
});

test('dispositions - whatever is not there or not right is refused by the name of its field', async () => {
  const { request, token, addContact } = await startCrm();
  const crm = await token(tenantId, 'dispositions:read', 'dispositions:write');
  const contactId = await addContact('+14155550123', 'C-1');
  const good = { campaignId: '11', contactId, disposition: { optionId: '1' } };
  const post = async (more: object) =>
    refusalOf(await request('/v1/dispositions', { method: 'POST', token: crm, body: { ...good, ...more } }));
  const at = (path: string, status = 400) => ({
    status,
    issues: [{ path, message: expect.stringContaining('expected') }],
  });
  expect(await post({ campaignId: '99' })).toMatchObject(at('campaignId'));
  expect(await post({ campaignId: '12' })).toMatchObject(at('contactId'));
  expect(await post({ contactId: 'c-nosuch' })).toMatchObject(at('contactId'));
  expect(await post({ externalSystem: '8' })).toMatchObject(at('externalSystem'));
  expect(await post({ externalSystem: '7', campaignId: 'spring', contactId: 'C-9' })).toMatchObject(at('contactId'));
  expect(await post({ externalSystem: '7', campaignId: 'spring', contactId: 'C-1', agentId: 'x' })).toMatchObject(
    at('agentId'),
  );
  expect(await post({ disposition: { optionId: '9' } })).toMatchObject(at('optionId', 422));
  expect(await post({ disposition: { optionId: '3', form: { amount: 0 } } })).toMatchObject({
    status: 422,
    code: 'form_invalid',
    issues: [{ path: 'form.amount', message: 'expected 1 or more, not 0' }],
  });
  const get = async (query: string) => refusalOf(await request(`/v1/dispositions?${query}`, { token: crm }));
  expect(await get('externalSystem=7&contactId=C-1')).toMatchObject(at('contactId'));
  expect(await get('limit=0')).toMatchObject({ status: 400 });
  const unknown = { method: 'PUT', token: crm, body: { disposition: { optionId: '1' } } };
  expect(await refusalOf(await request('/v1/dispositions/d-x', unknown))).toMatchObject({ status: 404 });
  expect(await refusalOf(await request('/v1/dispositions/d-x', { token: crm }))).toMatchObject({ status: 404 });
});

test('dispositions - a token of an agent acts for him only, and sees his own', async () => {
  const { request, addContact, agentToken, json } = await startCrm();
  const ana = await agentToken('1001', 'dispositions:read', 'dispositions:write');
  const bo = await agentToken('1002', 'dispositions:read', 'dispositions:write');
  const [one, two] = [await addContact('+14155550123'), await addContact('+14155550124')];
  const post = (token: string, more: object) =>
    request('/v1/dispositions', {
      method: 'POST',
      token,
      body: { campaignId: '11', contactId: one, disposition: { optionId: '1' }, ...more },
    });
  const made = await jsonOf(await post(ana, {}), entry);
  expect(made).toMatchObject({ agentId: '1001' });
  expect(await refusalOf(await post(ana, { contactId: two, agentId: '1002' }))).toMatchObject({ status: 403 });
  // Agent 1002 does not work on the campaign.
  expect(await refusalOf(await post(bo, { contactId: two }))).toMatchObject({ status: 403 });
  const path = `/v1/dispositions/${made.dispositionId}`;
  const body = { disposition: { optionId: '2' } };
  expect(await refusalOf(await request(path, { method: 'PUT', token: bo, body }))).toMatchObject({ status: 403 });
  expect((await request(path, { token: bo })).status).toBe(404);
  expect(await json('/v1/dispositions', { token: bo })).toEqual({ status: 200, body: { dispositions: [] } });
  expect((await request(path, { method: 'PUT', token: ana, body })).status).toBe(200);
});
