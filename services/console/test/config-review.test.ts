import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonOf, refusalOf, startConsole } from './fixture.ts';

const database = { name: 'People', columns: ['number', 'phone'], phoneColumns: ['phone'] };
const card = { name: 'Card', url: 'https://crm.example/{number}', trigger: 'automatic', target: 'embedded' };
const column = (key: string) => [{ family: 'contact', key, name: '{number}' }];

const warnings = z.object({
  warnings: z.array(z.object({ kind: z.string(), id: z.string(), path: z.string(), message: z.string() })),
});

async function configured() {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  const put = (path: string, body: unknown): Promise<Response> =>
    request(`/v1/config/${path}`, { method: 'PUT', token, body });
  const apply = (body: string): Promise<Response> =>
    request('/v1/config:apply', { method: 'POST', token, body, headers: { 'content-type': 'application/yaml' } });
  const warned = async (): Promise<string[]> => {
    const answer = await jsonOf(await request('/v1/config-warnings', { token }), warnings);
    return answer.warnings.map(({ kind, id, path, message }) => `${kind}/${id} ${path}: ${message}`);
  };
  return { put, apply, warned };
}

test('parameter tables - one that does not fit its site is refused with the place and what there is', async () => {
  const { put } = await configured();
  const wrong = [
    { family: 'call', key: 'agentid', name: 'agent' },
    { family: 'contact', key: 'number', name: '{id}' },
    { family: 'disposition', key: 'name', name: 'result' },
  ];
  const { status, issues } = await refusalOf(await put('external-site/card', { ...card, parameters: wrong }));
  expect(status).toBe(422);
  expect(issues).toEqual([
    { path: 'parameters[0].key', message: expect.stringMatching(/^expected one of event, /) },
    { path: 'parameters[1].name', message: expect.stringContaining('there are {number}') },
    { path: 'parameters[2].family', message: expect.stringContaining('only with the trigger "disposition"') },
  ]);
});

test('parameter tables - of a campaign are checked against the columns of its contacts', async () => {
  const { put } = await configured();
  await put('contact-database/people', database);
  await put('external-site/card', { ...card, parameters: column('number') });
  const campaign = (parameters: unknown) => ({ name: 'C', database: 'people', sites: [{ site: 'card', parameters }] });
  expect((await put('campaign/c', campaign(column('number')))).status).toBe(201);
  const refused = await refusalOf(await put('campaign/c', campaign(column('city'))));
  expect(refused.issues).toEqual([
    { path: 'sites[0].parameters[0].key', message: expect.stringContaining('number, phone, contact_id, external_id') },
  ]);
});

test('parameter tables - a change that breaks the table of somebody else is refused, and says whose', async () => {
  const { put } = await configured();
  await put('contact-database/people', database);
  await put('external-site/card', { ...card, parameters: column('number') });
  await put('campaign/c', { name: 'C', database: 'people', sites: ['card'] });
  const refused = await refusalOf(await put('contact-database/people', { ...database, columns: ['phone'] }));
  expect(refused.issues).toEqual([{ path: 'campaign/c.sites[0]', message: expect.stringContaining('"number"') }]);
});

test('parameter tables - in a document, with the line', async () => {
  const { apply } = await configured();
  const document = [
    'external-site:',
    '  - id: card',
    '    name: Card',
    '    url: https://crm.example/card',
    '    parameters:',
    '      - { family: call, key: colour, name: colour }',
  ].join('\n');
  const { issues } = await refusalOf(await apply(document));
  expect(issues).toEqual([
    { path: 'external-site[0].parameters[0].key', message: expect.stringMatching(/^expected one of .*\(line 6\)$/) },
  ]);
});

test('warnings - what is allowed and probably not meant', async () => {
  const { put, warned } = await configured();
  await put('external-system/sales', { name: 'Sales' });
  await put('external-system/service', { name: 'Service' });
  await put('contact-database/people', database);
  await put('agent/1001', { name: 'One' });
  await put('external-site/card', { ...card, parameters: column('number'), tls: { verify: false } });
  await put('external-site/idle', { name: 'Idle', url: 'https://crm.example' });
  await put('campaign/a', { name: 'A', sites: ['card'], external: { system: 'sales', id: '1' } });
  const sold = { id: 'sold', name: 'Sold', crm: true };
  await put('campaign/b', {
    name: 'B',
    database: 'people',
    dispositions: [sold],
    external: { system: 'sales', id: '2' },
  });
  await put('campaign/c', { name: 'C', database: 'people', external: { system: 'service', id: '1' } });
  expect(await warned()).toEqual([
    'agent/1001 externalIds.sales: works on the campaign "a", and has no id in its external system "sales"',
    'campaign/a sites[0]: the parameter "{number}" is a contact\'s, and the campaign has no contact database',
    'agent/1001 externalIds.sales: works on the campaign "b", and has no id in its external system "sales"',
    'campaign/b dispositions[0].crm: is marked for the CRM, and the campaign has no site with the trigger "disposition"',
    'agent/1001 externalIds.service: works on the campaign "c", and has no id in its external system "service"',
    'campaign/c database: the contact database "people" is also that of "b", whose external system is another',
    "external-site/card tls.verify: any certificate is accepted: give the CRM's own in tls.ca instead",
    'external-site/idle : no campaign has it, so it is never told anything',
  ]);
});

test('warnings - expressions that no call has, anywhere in the configuration, with the one that was meant', async () => {
  const { put, warned } = await configured();
  const site = { name: 'Site', url: 'https://crm.example/{call.from}/{ivr.any}', headers: { 'X-A': '{agent.Name}' } };
  const parameters = [
    { family: 'fixed', key: 'of {call.form} {{call.form}} {contact.name}', name: 'v' },
    { family: 'fixed', key: '{queue.name|{x}}', name: 'w' },
  ];
  expect((await put('external-site/site', { ...site, parameters })).status).toBe(201);
  await put('campaign/c', { name: 'C', sites: ['site'] });
  const conditions = [{ expression: 'cal.from', operator: 'EQ', expectation: '{call.dnsi}' }];
  expect((await put('trigger/t', { name: 'T', type: 'ALL', conditions })).status).toBe(201);
  const pattern = [{ expression: 'ivr.x', operator: 'REGEXP', expectation: String.raw`^\p{L}{2}$` }];
  expect((await put('trigger/p', { name: 'P', type: 'ALL', conditions: pattern })).status).toBe(201);
  const modules = [{ id: 'say', name: 'Say', type: 'text-to-speech', text: 'Hi {ivr.name} {call.ids}' }];
  await put('flow/f', { name: 'F', start: 'say', modules });
  expect((await warned()).filter((warning) => warning.includes('there is no'))).toEqual([
    'external-site/site headers.X-A: there is no "agent.Name": did you mean {agent.name}?',
    'external-site/site parameters[0].key: there is no "call.form": did you mean {call.from}?',
    'trigger/t conditions[0].expression: there is no "cal.from": did you mean {call.from}?',
    'trigger/t conditions[0].expectation: there is no "call.dnsi": did you mean {call.dnis}?',
    expect.stringMatching(/^flow\/f modules\[0\]\..*: there is no "call.ids": did you mean \{call.id\}\?$/),
  ]);
});

test('an expression in the URL of a site that no call has is refused; so is one in a rule that is not known in time', async () => {
  const { put } = await configured();
  const site = await refusalOf(await put('external-site/site', { name: 'S', url: 'https://crm.example/{call.form}' }));
  expect(site.issues).toEqual([{ path: 'url', message: expect.stringContaining('did you mean {call.from}?') }]);
  const rule = { name: 'R', url: 'https://crm.example/{ivr.email}', fieldName: 'tier', default: { type: 'hangup' } };
  const refused = await refusalOf(await put('routing-rule/r', rule));
  expect(refused.issues).toEqual([
    { path: 'routing-rule/r.url', message: expect.stringMatching(/no \{ivr\.email\}: .*\{call\.from\.number\}/) },
  ]);
});
