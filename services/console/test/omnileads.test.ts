import { expect, test } from 'vitest';
import { tenantId } from './crm-fixture.ts';
import { scriptOf, startOffice } from './omnileads-fixture.ts';

const refused = (field: string) => ({
  status: 200,
  body: {
    status: 'ERROR',
    message: expect.stringContaining('expected'),
    errors: { [field]: [expect.stringContaining('expected')] },
  },
});

test('omnileads - the session of a script: log in, options, dispose, refused twice, modify, list', async () => {
  const { script, addContact } = await startOffice();
  const contactId = await addContact('+14155550123', 'C-1');
  const ana = script();
  expect(await ana.login('ana')).toEqual({
    status: 200,
    body: {
      user: { username: 'ana', first_name: 'Ana Diaz', last_name: '', email: '', agent_id: 1001 },
      expires_in: '28800.000000',
      token: expect.any(String),
    },
  });
  const options = [
    { id: 1, name: 'Sold', hidden: false },
    { id: 2, name: 'Call back', hidden: false },
    { id: 3, name: 'Order', hidden: false },
  ];
  expect(await ana.get('/api/v1/campaign/11/dispositionOptions/')).toEqual({ status: 200, body: options });
  expect(await ana.get('/api/v1/campaign/spring/dispositionOptions/7/')).toEqual({ status: 200, body: options });

  const made = await ana.form('/api/v1/disposition/', { idContact: contactId, idDispositionOption: 1, comments: 'ok' });
  const disposition = { idContact: contactId, callid: null, idDispositionOption: 1, comments: 'ok' };
  expect(made).toEqual({ status: 201, body: { id: expect.any(String), ...disposition } });
  const { id } = made.body as { id: string };

  const again = await ana.form('/api/v1/disposition/', { idContact: contactId, idDispositionOption: 2, comments: '' });
  expect(again).toMatchObject(refused('idContact'));
  expect(again.body).toMatchObject({ msg: expect.stringContaining('has a disposition') });

  const put = await ana.json(
    `/api/v1/disposition/${id}`,
    { idExternalSystem: 7, idContact: 'C-1', idDispositionOption: 2, comments: 'at noon', callid: 'c-lab-1' },
    'PUT',
  );
  const changed = { ...disposition, id, idDispositionOption: 2, comments: 'at noon' };
  expect(put).toEqual({ status: 200, body: changed });
  expect(await ana.get('/api/v1/disposition/')).toEqual({ status: 200, body: [changed] });
  expect(await ana.get(`/api/v1/disposition/${id}/`)).toEqual({ status: 200, body: changed });
});

test('omnileads - forms, JSON and multipart are one to it, ids are numbers or texts, paths end in a slash or not', async () => {
  const { loggedIn, addContact } = await startOffice();
  const ana = await loggedIn('ana');
  const contacts = await Promise.all([1, 2, 3, 4].map((n) => addContact(`+1415555012${n}`, `C-${n}`)));
  const created = { status: 201, body: { idDispositionOption: 1 } };
  const [one = '', two = '', , four = ''] = contacts;
  expect(await ana.multipart('/api/v1/disposition', { idContact: one, idDispositionOption: '1' })).toMatchObject(
    created,
  );
  expect(
    await ana.json('/api/v1/disposition/', { idContact: two, idDispositionOption: 1, comments: null }),
  ).toMatchObject(created);
  const external = { idExternalSystem: '7', idContacto: 'C-3', idDispositionOption: '1' };
  expect(await ana.form('/api/v1/disposition', external)).toMatchObject(created);
  const withCall = { idContact: four, idDispositionOption: 1, callid: '1795218080.1608' };
  expect(await ana.json('/api/v1/disposition', withCall)).toMatchObject({
    status: 201,
    body: { callid: '1795218080.1608' },
  });
});

test('omnileads - an option with a form is taken without one: scripts of the original cannot fill it in', async () => {
  const { loggedIn, addContact } = await startOffice();
  const ana = await loggedIn('ana');
  const idContact = await addContact('+14155550123');
  const made = await ana.form('/api/v1/disposition/', { idContact, idDispositionOption: 3 });
  expect(made).toMatchObject({ status: 201, body: { idDispositionOption: 3 } });
});

test('omnileads - what is wrong with the data is 200 with the fields by name', async () => {
  const { loggedIn, addContact, config } = await startOffice();
  const ana = await loggedIn('ana');
  const idContact = await addContact('+14155550123');
  const post = (more: object) => ana.json('/api/v1/disposition/', { idContact, idDispositionOption: 1, ...more });
  expect(await post({ idContact: '' })).toMatchObject(refused('idContact'));
  expect(await post({ idContact: 'c-nosuch' })).toMatchObject(refused('idContact'));
  expect(await post({ idDispositionOption: 99 })).toMatchObject(refused('idDispositionOption'));
  expect(await post({ idDispositionOption: null })).toMatchObject(refused('idDispositionOption'));
  expect(await post({ idExternalSystem: 8 })).toMatchObject(refused('idExternalSystem'));
  expect(await post({ idAgent: 1002 })).toMatchObject(refused('idAgent'));
  const flat = await post({ idDispositionOption: 99 });
  expect(flat.body).toMatchObject({ idDispositionOption: expect.stringContaining('expected') });
  const sales = config.tenant(tenantId).campaign.get('11');
  await config.put(tenantId, 'campaign', { ...sales, id: '13', external: undefined });
  expect(await post({})).toMatchObject(refused('idDispositionOption'));
  expect(await post({ idCampaign: 13 })).toMatchObject({ status: 201 });
});

test('omnileads - who asks wrongly keeps the status of HTTP: 401, 403, 404, 400, 415', async () => {
  const { script, loggedIn, token, addContact } = await startOffice();
  const error = { status: 'ERROR', message: expect.any(String), errors: {}, detail: expect.any(String) };
  expect(await script().get('/api/v1/disposition/')).toMatchObject({ status: 401, body: error });
  expect(await script('nonsense').form('/api/v1/makeCall/', {})).toMatchObject({ status: 401, body: error });
  const reader = script(await token(tenantId, 'sessions:read'));
  expect(await reader.get('/api/v1/disposition/')).toMatchObject({ status: 403, body: error });
  const [ana, bo] = [await loggedIn('ana'), await loggedIn('bo')];
  expect(await ana.get('/api/v1/campaign/99/dispositionOptions/')).toMatchObject({ status: 404, body: error });
  expect(await ana.get('/api/v1/campaign/spring/dispositionOptions/8/')).toMatchObject({ status: 404, body: error });
  const idContact = await addContact('+14155550123');
  const { body } = await ana.form('/api/v1/disposition/', { idContact, idDispositionOption: 1 });
  const path = `/api/v1/disposition/${(body as { id: string }).id}`;
  expect(await bo.form(path, { idDispositionOption: 2 }, 'PUT')).toMatchObject({ status: 404, body: error });
  expect(await script().login('ana', 'wrong')).toMatchObject({ status: 404, body: error });
  expect(await script().form('/api/v1/login', { username: 'ana' })).toMatchObject({
    status: 400,
    body: { password: [expect.stringContaining('required')] },
  });
});

test('omnileads - bodies that are none are refused, and neither a parser nor a prototype falls for them', async () => {
  const { request, token, service } = await startOffice();
  const bearer = { token: await token(), method: 'POST' };
  const status = async (type: string, body: string): Promise<number> =>
    (await request('/api/v1/disposition/', { ...bearer, headers: { 'content-type': type }, body })).status;
  expect(await status('application/json', '{')).toBe(400);
  expect(await status('application/json', '[1]')).toBe(400);
  expect(await status('multipart/form-data', 'x')).toBe(400);
  expect(
    await status('multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
  ).toBe(400);
  expect(await status('text/csv', 'a,b')).toBe(415);
  expect(await status('application/json', `{"comments": "${'x'.repeat(1_100_000)}"}`)).toBe(413);
  expect(await status('application/json', '{"__proto__": {"idContact": "1"}, "constructor": 1}')).toBe(200);
  expect((await fetch(new URL('/livez', service.url))).status).toBe(200);
});

test('omnileads - by choice refuses data with the status that each path had: 400, but 200 of calls', async () => {
  const { another, token } = await startOffice();
  const { url = '' } = await another({ CONSOLE_OMNILEADS_STATUS: 'as-original' });
  const crm = scriptOf(url, await token());
  const error = { body: { status: 'ERROR', errors: expect.any(Object) } };
  expect(await crm.form('/api/v1/disposition/', {})).toMatchObject({ status: 400, ...error });
  expect(await crm.form('/api/v1/new_contact/', {})).toMatchObject({ status: 400, ...error });
  expect(await crm.form('/api/v1/makeCall/', {})).toMatchObject({ status: 200, ...error });
});

test('omnileads - each path stands in the OpenAPI once, with its slash', async () => {
  const { request } = await startOffice();
  const { paths } = (await (await request('/openapi.json')).json()) as { paths: Record<string, object> };
  const ours = Object.keys(paths).filter((path) => path.startsWith('/api/v1/'));
  expect(ours).toHaveLength(19);
  expect(ours.filter((path) => !path.endsWith('/'))).toEqual([]);
  const types = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'];
  const body = { content: Object.fromEntries(types.map((type) => [type, expect.any(Object)])) };
  expect(paths['/api/v1/makeCall/']).toMatchObject({ post: { requestBody: body } });
});
