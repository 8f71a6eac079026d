import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { apiKey, startFakeEspoCrm } from '../../libs/connectors/test/crm/espocrm/fake.ts';
import { startFakeHouseCrm } from '../../libs/connectors/test/crm/proprietary/fake.ts';
import { startFakeSuiteCrmV4 } from '../../libs/connectors/test/crm/suitecrm-v4/fake.ts';
import { watchAnswers } from './responses.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;
let espo: FakeCrm;
let suite: FakeCrm;
let house: FakeCrm;

const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
/** Many pages, each with its checks, beside all services on one machine. */
const storyMs = 90_000;
const phone = '+14155550123';
const nameBox = (page: Page): Locator => page.getByRole('textbox', { name: 'Name', exact: true });
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
const saved = (page: Page, name: string) => page.getByText(`${name} was saved.`).waitFor();
const connectionOf = async (id: string) =>
  (await (await world.ask(`/v1/config/crm-connection/${id}`)).json()) as Record<string, unknown>;

/** The fakes are on this machine, and speak plain http. */
async function allowHere(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Advanced/ }).click();
  await page.getByRole('button', { name: 'Network and encryption' }).click();
  await page.getByRole('checkbox', { name: 'Allow addresses without encryption (http)' }).check();
  await page.getByRole('combobox', { name: 'Private networks that may be reached' }).fill('127.0.0.0/8');
  await page.keyboard.press('Enter');
}

async function begin(page: Page, of: { name: string; kind: string; url: string }): Promise<void> {
  await nameBox(page).fill(of.name);
  await page.getByRole('combobox', { name: 'Kind of CRM' }).fill(of.kind);
  await page.getByRole('option', { name: of.kind, exact: true }).click();
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill(of.url);
  await allowHere(page);
}

/** The key of an API user, as an authentication made on the way. */
async function authenticate(page: Page, of: { header: string; key: string }): Promise<void> {
  await page.getByRole('button', { name: 'New authentication' }).click();
  const dialog = page.getByRole('dialog', { name: 'New authentication' });
  await dialog.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'API key' }).click();
  await dialog.getByLabel('Name of the header or parameter').fill(of.header);
  await dialog.getByLabel('Key', { exact: true }).fill(of.key);
  await dialog.getByRole('button', { name: 'Store' }).click();
  await dialog.getByText(/Stored on/).waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

async function test(page: Page, of: { phone?: string; logCall?: boolean } = {}): Promise<Locator> {
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Test the connection' });
  if (of.phone !== undefined) await dialog.getByLabel('Number of a caller').fill(of.phone);
  if (of.logCall === true) await dialog.getByRole('switch', { name: 'Log a test call' }).check();
  await dialog.getByRole('button', { name: 'Run the test' }).click();
  await dialog.locator('[data-step=configuration]').waitFor();
  return dialog;
}

async function addPairs(within: Locator, list: string, pairs: Readonly<Record<string, string>>): Promise<void> {
  const rows = within.getByRole('group', { name: list, exact: true });
  for (const [at, [name, value]] of Object.entries(pairs).entries()) {
    await rows.getByRole('button', { name: `Add: ${list}` }).click();
    const boxes = rows.getByRole('textbox');
    await boxes.nth(at * 2).fill(name);
    await boxes.nth(at * 2 + 1).fill(value);
  }
}

const stepOf = async (dialog: Locator, step: string): Promise<string | null> =>
  dialog.locator(`[data-step=${step}]`).getAttribute('data-outcome');

describe.skipIf(!hasBrowser)('CRM configurations', { timeout: storyMs }, () => {
  beforeAll(async () => {
    [world, espo, suite, house] = await Promise.all([
      startBrowserWorld(),
      startFakeEspoCrm(),
      startFakeSuiteCrmV4(),
      startFakeHouseCrm(),
    ]);
  }, 120_000);
  afterAll(async () => {
    await world?.stop();
    await Promise.all([espo, suite, house].map((crm) => crm?.close()));
  });

  it('EspoCRM is made: a draft is tested, finds the caller and logs a call; its key never comes back', async () => {
    espo.seed('Contact', { firstName: 'Joe', lastName: 'Caller', phoneNumber: phone });
    const { page, context, axe, shot } = await world.visit({ as: 'admin', at: '/admin/crm/new' });
    const answers = watchAnswers(context);
    await begin(page, { name: 'Sales', kind: 'EspoCRM', url: espo.url });
    await page.getByRole('button', { name: /things that it cannot do, and why/ }).click();
    await page.getByText(/EspoCRM has no upsert: search by the field/).waitFor();
    await authenticate(page, { header: 'X-Api-Key', key: apiKey });
    await axe();
    const dialog = await test(page, { phone, logCall: true });
    await dialog.getByText(/^Passed in \d+ ms/).waitFor();
    await dialog.getByText('What stands in the form is tested. It is not saved by that.').waitFor();
    await dialog.getByRole('link', { name: 'Joe Caller' }).waitFor();
    for (const step of ['configuration', 'log-in', 'search', 'log-call'])
      expect([step, await stepOf(dialog, step)]).toEqual([step, 'done']);
    expect(espo.loggedCalls()).toMatchObject([{ text: expect.stringContaining('Test call by Patchcord') }]);
    await axe();
    await shot('crm-test');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await save(page);
    await saved(page, 'Sales');
    await page.getByRole('region', { name: 'Health' }).waitFor();
    await shot('crm');
    expect(await connectionOf('sales')).toMatchObject({ connector: 'espocrm', authentication: 'sales' });
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await page.getByRole('row', { name: /Sales EspoCRM/ }).waitFor();
    const told = await answers.all();
    expect(told).toContain('sales-key');
    expect(told).not.toContain(apiKey);
  });

  it('a wrong password is explained, the right one gets in; neither is in any answer or in the page', async () => {
    const { page, context, axe, shot } = await world.visit({ as: 'admin', at: '/admin/crm/new' });
    const answers = watchAnswers(context);
    await begin(page, { name: 'Suite', kind: 'SuiteCRM (API v4.1)', url: suite.url });
    await page.getByLabel('System user').fill('cti');
    await page.getByLabel('Password', { exact: true }).fill('wrong-4711');
    await page.getByText('Not stored yet').waitFor();
    await page.getByRole('button', { name: 'Store' }).click();
    await page.getByText(/Stored on .*suite-password/).waitFor();
    const dialog = await test(page, { phone });
    await dialog.getByText(/^Failed after/).waitFor();
    expect([await stepOf(dialog, 'log-in'), await stepOf(dialog, 'search')]).toEqual(['failed', 'skipped']);
    await dialog.getByText(/The CRM does not let us in. Check user and password/).waitFor();
    await dialog.getByRole('button', { name: 'Copy with the error' }).waitFor();
    await axe();
    await shot('crm-test-refused');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByLabel('Password', { exact: true }).fill('pass-4711');
    await page.keyboard.press('Enter');
    await page.getByText('Not stored yet').waitFor({ state: 'detached' });
    await (await test(page)).getByText(/^Passed in/).waitFor();
    const html = await page.content();
    const told = `${await answers.all()}${html}`;
    for (const secret of ['wrong-4711', 'pass-4711']) expect(told).not.toContain(secret);
  });

  it('a CRM of one’s own is described in the form: its requests, answers and calls, and finds the caller', async () => {
    house.seed('contact', { first_name: 'Hilda', last_name: 'House', phone });
    const { page } = await world.visit({ as: 'admin', at: '/admin/crm/new' });
    await begin(page, { name: 'House', kind: 'Proprietary CRM', url: house.url });
    await authenticate(page, { header: 'x-house-key', key: 'k-4711' });
    await page.getByRole('button', { name: 'Requests and answers' }).click();
    await page.getByRole('button', { name: 'Who we are' }).click();
    const test_ = page.getByRole('region', { name: 'Who we are' });
    await test_.getByRole('textbox', { name: 'Path' }).fill('api/me');
    await test_.getByRole('textbox', { name: 'Records' }).fill('data.user');
    await test_.getByRole('combobox', { name: 'Name', exact: true }).fill('login');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Add a request' }).click();
    await page.getByRole('option', { name: 'Who has a number' }).click();
    await page.getByRole('button', { name: 'Who has a number' }).click();
    const search = page.getByRole('region', { name: 'Who has a number' });
    await search.getByText('{number.variant}').waitFor();
    await search.getByRole('textbox', { name: 'Path' }).fill('api/{module}');
    await addPairs(search, 'Query', { phone: '{number.variant}', in: '{number.field}' });
    await search.getByRole('textbox', { name: 'Records' }).fill('data.items');
    await search.getByRole('textbox', { name: 'Id', exact: true }).fill('uuid');
    await addPairs(search, 'Fields', { phone: 'numbers.work' });
    const name = search.getByRole('combobox', { name: 'Name', exact: true });
    await name.fill('names.last');
    await name.press('Enter');
    const dialog = await test(page, { phone });
    await dialog.getByText(/^Passed in/).waitFor();
    await dialog.getByText(/House \(contact/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await save(page);
    await saved(page, 'House');
    const described = { searchByPhone: { query: { phone: '{number.variant}' }, answer: { name: 'names.last' } } };
    expect(await connectionOf('house')).toMatchObject({ described: { requests: described } });
  });

  it('a CRM that hangs ends the test in time, and says what to do', async () => {
    espo.failAll('hang');
    try {
      const connection = { name: 'Hanging', connector: 'espocrm', baseUrl: espo.url, egress };
      await world.ask('/v1/config/crm-connection/hanging', { method: 'PUT', body: connection });
      const { page } = await world.visit({ as: 'admin', at: '/admin/crm/edit/hanging' });
      await page.getByRole('button', { name: 'Limits' }).click();
      await page.getByLabel('Time-out (ms)').fill('1000');
      const startedAt = performance.now();
      const dialog = await test(page, { phone });
      await dialog.getByText(/within \d+ ms/).waitFor();
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      expect(await stepOf(dialog, 'log-in')).toBe('failed');
      await dialog.getByText(/The CRM did not answer in time/).waitFor();
    } finally {
      espo.failAll(undefined);
    }
  });
});
