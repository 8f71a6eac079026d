import { eventually } from '@patchcord/testkit';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeSalesforce, startFakeSalesforce } from '../../libs/connectors/test/crm/salesforce/fake.ts';
import { answeredCall } from '../harness/calls.ts';
import { connectionTo, crmFakes } from '../harness/crm-fakes.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;
let crm: FakeSalesforce;

/** Many pages, each with its checks, beside all services on one machine. */
const storyMs = 90_000;
const phone = '+14155550123';

const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
const saved = (page: Page, name: string) => page.getByText(`${name} was saved.`).waitFor();
const nameBox = (page: Page): Locator => page.getByRole('textbox', { name: 'Name', exact: true });
const entityOf = async (path: string) =>
  (await (await world.ask(`/v1/config/${path}`)).json()) as Record<string, unknown>;

async function put(path: string, body: unknown): Promise<void> {
  const answer = await world.ask(`/v1/${path}`, { method: 'PUT', body });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

/** Salesforce with somebody in it, and a connection that knows our agents there. */
async function connectSalesforce(): Promise<void> {
  const of = crmFakes.find(({ connector }) => connector === 'salesforce');
  if (of === undefined) throw new Error('there is no fake of Salesforce');
  const { authentication, connection, secrets } = connectionTo(of, crm, { name: 'Salesforce', agentSystem: 'sf' });
  for (const [id, value] of Object.entries(secrets)) await put(`secrets/${id}`, { value });
  await put('config/external-system/sf', { name: 'Salesforce' });
  await put('config/site-authentication/salesforce', authentication);
  await put('config/crm-connection/salesforce', connection);
  crm.seed('User', { Name: 'Ana Torres', Username: 'ana', Email: 'ana@acme.test', IsActive: true });
  crm.seed('User', { Name: 'Nobody Known', Username: 'nobody', Email: 'nobody@acme.test', IsActive: true });
}

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).first().click();
}

const pickerOf = (within: Page | Locator, label: string): Locator =>
  within
    .getByRole('textbox', { name: label, exact: true })
    .or(within.getByRole('combobox', { name: label, exact: true }))
    .first();

/** Types a part of a name, and picks what the CRM told. */
async function pick(within: Page | Locator, label: string, part: string, option: string | RegExp): Promise<void> {
  const field = pickerOf(within, label);
  await field.click();
  await field.fill(part);
  const page = 'page' in within ? within.page() : within;
  await page.getByRole('option', { name: option }).first().click();
}

describe.skipIf(!hasBrowser)('mappings, memorialization and workflows', { timeout: storyMs }, () => {
  beforeAll(async () => {
    [world, crm] = await Promise.all([startBrowserWorld(), startFakeSalesforce()]);
    await connectSalesforce();
  }, 120_000);
  afterAll(async () => {
    await world?.stop();
    await crm?.close();
  });

  it('a data mapping is made by picking modules and fields that the CRM told, with their types and lengths', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/mappings/new' });
    await nameBox(page).fill('Cards');
    await choose(page, 'CRM', 'Salesforce');
    await pick(page, 'Module', 'contac', /Contact/);
    const field = pickerOf(page, 'Add a field');
    await field.click();
    await field.fill('titl');
    const told = page.getByRole('option', { name: /Title/ });
    expect(await told.textContent()).toMatch(/TitleTitle\w+, 128 characters/);
    await told.click();
    await page.getByRole('textbox', { name: 'What stands before Title' }).waitFor();
    await pick(page, 'Add a field', 'Mobile', /MobilePhone/);
    expect(await page.getByRole('combobox', { name: 'How MobilePhone is shown' }).inputValue()).toMatch(/number/);
    await page.getByRole('button', { name: 'Move MobilePhone up' }).click();
    await page.getByLabel('What stands before MobilePhone').fill('Mobile');
    await axe();
    await shot('mapping');
    await save(page);
    await saved(page, 'Cards');
    expect(await entityOf('data-mapping/cards')).toMatchObject({
      connection: 'salesforce',
      modules: [
        {
          module: 'Contact',
          fields: [
            { field: 'MobilePhone', label: 'Mobile', kind: 'phone' },
            { field: 'Title', label: 'Title', kind: 'text' },
          ],
        },
      ],
    });
  });

  it('what the CRM does not tell now can be typed, and it says why', async () => {
    const connection = { name: 'Away', connector: 'espocrm', baseUrl: 'http://127.0.0.1:9', timeoutMs: 2000 };
    const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
    await put('config/crm-connection/away', { ...connection, egress });
    const { page } = await world.visit({ as: 'admin', at: '/admin/mappings/new' });
    await nameBox(page).fill('Typed');
    await choose(page, 'CRM', 'Away');
    await page.getByText('Type the names as the CRM has them.').first().waitFor();
    await pickerOf(page, 'Module').fill('Lead');
    const field = pickerOf(page, 'Add a field');
    await field.fill('cOwn');
    await field.press('Enter');
    await page.getByLabel('What stands before cOwn').waitFor();
    await save(page);
    await saved(page, 'Typed');
    expect(await entityOf('data-mapping/typed')).toMatchObject({ modules: [{ fields: [{ field: 'cOwn' }] }] });
  });

  it('a memorialization is shown before, cuts marked, and arrives in the CRM as it was shown', async () => {
    const joe = crm.seed('Contact', { FirstName: 'Joe', LastName: 'Caller', MobilePhone: phone });
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/memorialization/new' });
    await nameBox(page).fill('After calls');
    await choose(page, 'CRM', 'Salesforce');
    await page.getByRole('button', { name: 'Add fields of a linked record' }).click();
    await pick(page, 'Module', 'contac', /Contact/);
    const linked = page.getByRole('region', { name: 'Linked record: Contact' });
    await pick(linked, 'Add a field', 'titl', /Title/);
    const row = linked.getByRole('group', { name: 'Title' });
    await row.getByText('Text', { exact: true }).click();
    const text = row.getByLabel('Text for Title', { exact: true });
    await text.fill(`${'Talked long and well. '.repeat(8)}`);
    await text.press('Home');
    await row.getByRole('button', { name: 'Insert a data item: Text for Title' }).click();
    await page.getByRole('textbox', { name: 'Search' }).fill('customer.number');
    await page.getByRole('button', { name: /customer\.number/ }).click();
    await page.getByRole('button', { name: 'Show what would be written' }).click();
    const shown = page.locator('[data-preview=Title]');
    await shown.waitFor();
    expect(await shown.getAttribute('data-outcome')).toBe('cut');
    await shown.getByText('at most 128 characters').waitFor();
    const promised = (await shown.locator('td').first().textContent()) ?? '';
    expect(promised).toMatch(/^\+14155550123Talked long/);
    await page.getByText('Inbound call from Joe Caller').waitFor();
    await axe();
    await shown.scrollIntoViewIfNeeded();
    await shot('memorialization');
    await save(page);
    await saved(page, 'After calls');
    const campaign = await entityOf('campaign/support');
    await put('config/campaign/support', { ...campaign, memorialize: ['after-calls'] });
    await world.tell(answeredCall({ name: 'arrives', ani: phone, startMs: Date.now() }).events);
    await eventually(() => crm.valuesOf('Contact', joe)?.Title !== undefined, {
      what: 'the title of the contact',
      deadlineMs: 30_000,
    });
    expect(crm.valuesOf('Contact', joe)?.Title).toBe(promised);
  });

  it('a workflow that searches is tried with a number', async () => {
    crm.seed('Contact', { FirstName: 'Sue', LastName: 'Sought', MobilePhone: '+14155550188', Title: 'Boss' });
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/workflows/new' });
    await nameBox(page).fill('Who calls');
    await choose(page, 'CRM', 'Salesforce');
    for (const [list, name] of [
      ['Only in these modules', 'Contact'],
      ['Fields that are given back', 'Title'],
    ] as const) {
      await page.getByRole('combobox', { name: list }).fill(name);
      await page.keyboard.press('Enter');
    }
    await save(page);
    await saved(page, 'Who calls');
    await page.getByRole('button', { name: 'Try it' }).click();
    const dialog = page.getByRole('dialog', { name: 'Try Who calls' });
    await dialog.getByLabel('Number of the customer').fill('(415) 555-0188');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    const answer = dialog.getByText(/found in|Failed after|No answer within/);
    await answer.waitFor();
    expect(await dialog.getByRole('status').textContent()).toMatch(/^1 record found/);
    expect(await dialog.getByRole('row').last().textContent()).toContain('Sue SoughtContactTitle: Boss');
    await axe();
    await shot('workflow');
  });

  it('a workflow that writes says so before it is tried, and what it wrote is in the CRM', async () => {
    const { page } = await world.visit({ as: 'admin', at: '/admin/workflows/new' });
    await nameBox(page).fill('New contact');
    await choose(page, 'What it does', 'Create a standard record');
    await choose(page, 'CRM', 'Salesforce');
    await pick(page, 'Module', 'contac', /Contact/);
    const values = page.getByRole('group', { name: 'Values' });
    await pick(values, 'Add a field', 'LastN', /LastName/);
    await values.getByLabel('Value of LastName', { exact: true }).fill('{input.text}');
    await save(page);
    await saved(page, 'New contact');
    await page.getByRole('button', { name: 'Try it' }).click();
    const dialog = page.getByRole('dialog', { name: 'Try New contact' });
    await dialog.getByRole('alert').getByText('This writes into the CRM').waitFor();
    await dialog.getByLabel('Text that it is started with').fill('Lovelace');
    await dialog.getByRole('button', { name: 'Run and write into the CRM' }).click();
    await dialog.getByText(/^Written in \d+ ms/).waitFor();
    const made = crm.calls.find(({ method, path }) => method === 'POST' && path.at(-1) === 'Contact');
    expect(made?.json).toMatchObject({ LastName: 'Lovelace' });
  });

  it('agents get the ids of their users in the CRM, once it was looked at and confirmed', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/crm/users/salesforce' });
    await page.getByRole('button', { name: 'Look who is who' }).click();
    await page.getByText('Nothing is written yet. 1 agent would get an id.').waitFor();
    await page.getByRole('row', { name: /Ana Torres \(1001\) Ana Torres · ana user name new/ }).waitFor();
    await page.getByText('Nobody Known · nobody').waitFor();
    expect(await entityOf('agent/1001')).toMatchObject({ externalIds: {} });
    await axe();
    await shot('crm-users');
    await page.getByRole('button', { name: 'Write it into 1 agent' }).click();
    await page.getByText('1 agent was changed.').waitFor();
    expect(await entityOf('agent/1001')).toMatchObject({ externalIds: { sf: expect.stringMatching(/^005/) } });
  });
});
