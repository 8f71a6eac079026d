import { expect, test } from 'vitest';
import { tenantId } from './crm-fixture.ts';
import { startOffice } from './omnileads-fixture.ts';

const refused = (field: string) => ({
  status: 200,
  body: { status: 'ERROR', errors: { [field]: [expect.stringContaining('expected')] } },
});

test('omnileads - the columns of a campaign, by our id and by the one in the CRM', async () => {
  const { loggedIn } = await startOffice();
  const ana = await loggedIn('ana');
  const url = '/api/v1/campaign/database_metadata/';
  const metadata = {
    status: 200,
    body: { status: 'OK', fields: ['phone', 'name', 'crm_id'], main_phone: 'phone', external_id: 'crm_id' },
  };
  expect(await ana.form(url, { idCampaign: 11 })).toEqual(metadata);
  expect(await ana.json(url, { idExternalSystem: 7, idCampaign: 'spring' })).toEqual(metadata);
  expect(await ana.form(url, {})).toMatchObject(refused('idCampaign'));
  expect(await ana.form(url, { idCampaign: 99 })).toMatchObject(refused('idCampaign'));
  expect(await ana.form(url, { idCampaign: 12 })).toMatchObject(refused('idCampaign'));
  expect(await ana.form(url, { idExternalSystem: 8, idCampaign: 'spring' })).toMatchObject(refused('idExternalSystem'));
  const bo = await loggedIn('bo');
  expect(await bo.form(url, { idCampaign: 11 })).toMatchObject(refused('idCampaign'));
});

test('omnileads - a new contact, once for each id in the CRM', async () => {
  const { loggedIn, contacts, script, token } = await startOffice();
  const ana = await loggedIn('ana');
  const url = '/api/v1/new_contact/';
  const row = { phone: '+14155550123', name: 'Ann', crm_id: 'C-9' };
  const made = await ana.json(url, { idCampaign: '11', ...row });
  expect(made).toEqual({
    status: 200,
    body: { status: 'OK', message: expect.any(String), id: expect.any(String), contacto: row },
  });
  expect(await contacts.byExternalId(tenantId, 'leads', 'C-9')).toMatchObject({ values: row });
  expect(await ana.json(url, { idCampaign: '11', ...row })).toMatchObject(refused('crm_id'));
  expect(await ana.json(url, { idCampaign: '11', ...row, name: 'Bob' })).toMatchObject(refused('crm_id'));
  const bare = await ana.form(url, { idExternalSystem: 7, idCampaign: 'spring', phone: '4155550199' });
  expect(bare).toMatchObject({ status: 200, body: { contacto: { phone: '4155550199', name: null, crm_id: null } } });
  expect(await ana.form(url, { idCampaign: 11, name: 'Ann' })).toMatchObject(refused('phone'));
  expect(await ana.form(url, { idCampaign: 11, phone: '12' })).toMatchObject(refused('phone'));
  expect(await ana.form(url, { idCampaign: 11, phone: '4155550198', colour: 'red' })).toMatchObject(refused('colour'));
  const reader = script(await token(tenantId, 'contacts:read'));
  expect(await reader.form(url, { idCampaign: 11, phone: '4155550198' })).toMatchObject({ status: 403 });
});

test('omnileads - a new contact with its disposition; what was half done can be done again', async () => {
  const { loggedIn, contacts, addContact } = await startOffice();
  const ana = await loggedIn('ana');
  const url = '/api/v1/new_contact/disposition/';
  const data = { phone: '+14155550123', idExternalContact: 'C-5', name: 'Ann', idDispositionOption: 1, comments: 'hi' };
  const made = await ana.form(url, data);
  expect(made).toMatchObject({ status: 201, body: { callid: null, idDispositionOption: 1, comments: 'hi' } });
  const contact = await contacts.byExternalId(tenantId, 'leads', 'C-5');
  expect(contact?.values).toEqual({ phone: '+14155550123', name: 'Ann', crm_id: 'C-5' });
  expect(made.body).toMatchObject({ idContact: contact?.contactId });
  // The same again: the contact is there and so is its disposition.
  expect(await ana.form(url, data)).toMatchObject(refused('idContact'));
  expect(await ana.form(url, { ...data, phone: '+14155550124' })).toMatchObject(refused('idExternalContact'));
  // A process that died after it had added the contact.
  await addContact('+14155550177', 'C-6');
  const half = { phone: '+14155550177', idExternalContact: 'C-6', name: 'Ann', idDispositionOption: 2 };
  expect(await ana.form(url, half)).toMatchObject({ status: 201 });
  const before = await contacts.count(tenantId, 'leads');
  expect(await ana.form(url, { ...data, idExternalContact: 'C-7', idDispositionOption: 9 })).toMatchObject(
    refused('idDispositionOption'),
  );
  expect(await ana.form(url, { ...data, idExternalContact: 'C-7', phone: '' })).toMatchObject(refused('phone'));
  expect(await ana.form(url, { ...data, idExternalContact: 'C-7', phone: 'none' })).toMatchObject(refused('phone'));
  expect(await contacts.count(tenantId, 'leads')).toBe(before);
});
