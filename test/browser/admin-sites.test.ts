import { eventually, type RecordingServer, recordingServer } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;
let crm: RecordingServer;

const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
const stored = async (kind: string, id: string): Promise<Record<string, unknown>> =>
  (await (await world.ask(`/v1/config/${kind}/${id}`)).json()) as Record<string, unknown>;
const put = async (kind: string, id: string, entity: object): Promise<void> => {
  const answer = await world.ask(`/v1/config/${kind}/${id}`, { method: 'PUT', body: entity });
  expect(answer.ok, await answer.text()).toBe(true);
};
const saved = (page: Page, name: string) => page.getByText(`${name} was saved.`).waitFor();
const text = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

const answerTo = (url: string): string =>
  url === '/token' ? '{"access_token":"t0ken","token_type":"bearer","expires_in":3600}' : '{"taken":true}';

/** A row of the parameter table: how many there are already, and what it says. */
async function addParameter(page: Page, row: readonly [at: number, family: string, key: string, name: string]) {
  const [at, family, key, name] = row;
  await page.getByRole('button', { name: 'Add a parameter' }).click();
  await choose(page, `Family ${at}`, family);
  await page.locator(`input[aria-label='Key ${at}']`).fill(key);
  await text(page, `Name at the CRM ${at}`).fill(name);
}

describe.skipIf(!hasBrowser)('external sites', () => {
  beforeAll(async () => {
    [world, crm] = await Promise.all([
      startBrowserWorld(),
      recordingServer(({ url }) => ({ headers: { 'content-type': 'application/json' }, body: answerTo(url) })),
    ]);
  }, 120_000);
  afterAll(async () => {
    await world?.stop();
    await crm?.close();
  });

  it('a site is made: a wrong address is named beside it, and the preview is what the CRM gets when there is a call', async () => {
    const { page, expects, axe, shot } = await world.visit({ as: 'admin', at: '/admin/sites/new' });
    expects(/4\d\d/);
    await text(page, 'Name').fill('Ticket');
    await text(page, 'Address').fill('ftp://nowhere');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.mantine-InputWrapper-error', { hasText: 'expected an http:// or https:// URL' }).waitFor();
    expect(await text(page, 'Address').getAttribute('aria-invalid')).toBe('true');
    await text(page, 'Address').fill(`${crm.url}/tickets/{1}`);
    await choose(page, 'Set off by', 'The call itself, from our server');
    await choose(page, 'Method', 'POST');
    await page.getByText('Our server sends it: no browser is involved.').waitFor();
    await addParameter(page, [1, 'Call', 'ani', '{1}']);
    await addParameter(page, [2, 'Fixed text', 'en', 'lang']);
    await addParameter(page, [3, 'Call', 'dnis', 'call.dialled']);
    await page.getByRole('button', { name: 'Network and encryption' }).click();
    await page.getByLabel('Allow addresses without encryption (http)').check();
    await page.getByRole('combobox', { name: 'Private networks that may be reached' }).fill('127.0.0.0/8');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Values of the made-up call' }).click();
    await text(page, 'Call: ani').fill('+14155550123');
    const url = page.locator('[data-preview=url]', { hasText: '14155550123' });
    await url.waitFor();
    const preview = {
      url: (await url.textContent()) ?? '',
      body: (await page.locator('[data-preview=body]').textContent()) ?? '',
    };
    expect(preview.url).toBe(`${crm.url}/tickets/%2B14155550123`);
    expect(JSON.parse(preview.body)).toEqual({ lang: 'en', call: { dialled: '+12025550100' } });
    await axe();
    await shot('site');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Ticket');
    expect(await stored('external-site', 'ticket')).toMatchObject({ method: 'POST', format: 'json', target: 'none' });
    await put('campaign', 'support', { ...(await stored('campaign', 'support')), sites: ['ticket'] });
    await world.tell(answeredCall({ name: 'ticket', startMs: Date.now() }).events);
    const asked = await eventually(() => crm.seen.find((one) => one.url.startsWith('/tickets')), {
      what: 'the request of the call',
      deadlineMs: 20_000,
    });
    expect({ url: `${crm.url}${asked?.url}`, body: asked?.body }).toEqual(preview);
  }, 90_000);

  it('what excludes each other cannot be chosen, and it is said why', async () => {
    const { page } = await world.visit({ as: 'admin', at: '/admin/sites/new' });
    await page.getByText('GET has no body: its parameters go into the address.').waitFor();
    expect(await page.getByRole('combobox', { name: 'Format of the body', exact: true }).isDisabled()).toBe(true);
    const target = page.getByRole('combobox', { name: 'Where the answer is shown', exact: true });
    expect(await target.inputValue()).toBe('Within the agent desk');
    await choose(page, 'Method', 'PUT');
    await page.getByText(/PUT and PATCH need JSON/).waitFor();
    expect(await target.inputValue()).toBe('Nowhere');
    await choose(page, 'Method', 'POST');
    await choose(page, 'Format of the body', 'Form (urlencoded)');
    expect(await target.inputValue()).toBe('Within the agent desk');
    await target.click();
    const nowhere = page.getByRole('option', { name: 'Nowhere' });
    expect(await nowhere.getAttribute('data-combobox-disabled')).toBe('true');
  });

  it('a test is really sent, marked as one, and its answer is shown', async () => {
    await put('external-site', 'tested', { name: 'Tested', url: `${crm.url}/tested`, egress });
    const { page } = await world.visit({ as: 'admin', at: '/admin/sites/edit/tested' });
    await page.getByRole('button', { name: 'Send a test' }).click();
    const answer = page.getByRole('status', { name: 'Answer' });
    await answer.getByText('{"taken":true}').waitFor();
    await answer.getByText('200', { exact: true }).waitFor();
    const [asked] = crm.seen.filter(({ url }) => url.startsWith('/tested'));
    expect(asked?.headers['x-patchcord-test']).toBe('1');
  });

  it('OAuth: the secret is written and never read, and the test shows that the token is got and sent', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/authentications/new' });
    await text(page, 'Name').fill('CRM login');
    await choose(page, 'Kind', 'OAuth 2: client credentials');
    await text(page, 'Address that gives tokens').fill(`${crm.url}/token`);
    await text(page, 'Client id').fill('patchcord');
    const secret = page.locator('input[type=password]').first();
    await secret.fill('hush');
    await page.getByRole('button', { name: 'Store the value' }).first().click();
    await page.locator('input[value=crm-login-client-secret]').waitFor();
    expect(await secret.inputValue()).toBe('');
    await page.getByRole('button', { name: 'Network and encryption' }).click();
    await page.getByLabel('Allow addresses without encryption (http)').check();
    await page.getByRole('combobox', { name: 'Private networks that may be reached' }).fill('127.0.0.0/8');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'CRM login');
    await text(page, 'Address to be asked').fill(`${crm.url}/me`);
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByRole('status', { name: 'Answer' }).getByText('200', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Request' }).getByText('••••••').waitFor();
    expect(crm.seen.find(({ url }) => url.startsWith('/me'))?.headers.authorization).toBe('Bearer t0ken');
    const client = `Basic ${Buffer.from('patchcord:hush').toString('base64')}`;
    expect(crm.seen.find(({ url }) => url === '/token')?.headers.authorization).toBe(client);
    expect(await page.content()).not.toContain('hush');
    await axe();
    await shot('authentication');
  }, 90_000);

  it('before a site is deleted it is said which campaign uses it', async () => {
    await put('external-site', 'used', { name: 'Used', url: 'https://crm.example/' });
    await put('campaign', 'uses', { name: 'Spring sale', match: { queues: ['spring'] }, sites: ['used'] });
    const { page } = await world.visit({ as: 'admin', at: '/admin/sites/edit/used' });
    await page.getByRole('button', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete Used?' });
    await question.getByRole('link', { name: 'Spring sale' }).waitFor();
    expect(await question.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
  });
});
