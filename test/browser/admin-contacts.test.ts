import { readFile } from 'node:fs/promises';
import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const rows = 5000;
/** Two of the lines have no number that is one. */
const csv = [
  'Telephone;Full name;CRM id;Shoe size',
  ...Array.from({ length: rows }, (_, at) => {
    const phone = at === 41 || at === 4321 ? 'unknown' : `+1415${2_000_000 + at}`;
    return `${phone};Customer ${at};c${at};${at % 50}`;
  }),
  '',
].join('\n');
const file = { name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };

const count = async (page: Page, name: string): Promise<number> =>
  Number((await page.locator(`[data-count=${name}]`).textContent())?.replaceAll(',', ''));
const choose = async (page: Page, field: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

/** So slow that it can be watched. */
async function slowly(page: Page, bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond };
  await session.send('Network.emulateNetworkConditions', conditions);
}

async function assignColumns(page: Page): Promise<void> {
  await page.getByText(/Assign the column “phone”/).waitFor();
  expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
  await choose(page, 'Column for Telephone', 'phone');
  await choose(page, 'Column for Full name', 'name');
  await choose(page, 'Column for CRM id', 'id');
}

describe.skipIf(!hasBrowser)('contact databases', () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
  }, 120_000);
  afterAll(() => world?.stop());

  it('a database is made, and 5,000 contacts come from a file: columns assigned, progress seen, bad rows named', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/contacts/new' });
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Customers');
    await page.getByRole('combobox', { name: 'Columns', exact: true }).fill('id');
    await page.keyboard.press('Enter');
    await choose(page, 'Column with the id in the CRM', 'id');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Customers was saved.').waitFor();
    await page.getByRole('link', { name: 'Import contacts' }).click();
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('cell', { name: 'Customer 0', exact: true }).waitFor();
    await assignColumns(page);
    await axe();
    await shot('contact-import');
    await slowly(page, 60_000);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const bar = page.getByRole('progressbar', { name: 'How far the import is' });
    await eventually(
      async () => {
        const value = Number(await bar.getAttribute('aria-valuenow'));
        return value > 0 && value < 100;
      },
      { what: 'progress on its way', deadlineMs: 20_000 },
    );
    await page.locator('[data-import=done]').waitFor({ timeout: 30_000 });
    expect([await count(page, 'added'), await count(page, 'refused')]).toEqual([rows - 2, 2]);
    await page.getByRole('row', { name: /^43 phone/ }).waitFor();
    await page.getByRole('row', { name: /^4323 phone/ }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download all as CSV' }).click(),
    ]);
    const refused = await readFile(await download.path(), 'utf8');
    expect(refused.split('\r\n').map((line) => line.split(',')[0])).toEqual(['\uFEFF"Line"', '"43"', '"4323"']);
    await axe();
  }, 120_000);

  it('the same file again changes nobody; an import that is cancelled keeps what it has; a drop is as good as a choice', async () => {
    const { page, expects } = await world.visit({ as: 'admin', at: '/admin/contacts/import/customers' });
    expects(/ERR_ABORTED|Failed to load/);
    await page.evaluate(
      `(() => { const data = new DataTransfer(); data.items.add(new File([${JSON.stringify(csv)}], 'again.csv'));
        document.querySelector('[data-drop]').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); })()`,
    );
    await assignColumns(page);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.locator('[data-import=done]').waitFor({ timeout: 30_000 });
    expect([await count(page, 'added'), await count(page, 'unchanged')]).toEqual([0, rows - 2]);
    await page.getByRole('button', { name: 'Import another file' }).click();
    await page.locator('input[type=file]').setInputFiles(file);
    await assignColumns(page);
    await slowly(page, 20_000);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.locator('[data-count=lines]').waitFor();
    await page.getByRole('button', { name: 'Cancel the import' }).click();
    await page.locator('[data-import=interrupted]').waitFor({ timeout: 30_000 });
  }, 120_000);

  it('what is no CSV is said before anything is sent; before a database is deleted it is said who uses it', async () => {
    const use = { name: 'Looks up', match: { queues: ['looks'] }, database: 'customers' };
    const stored = await world.ask('/v1/config/campaign/looks-up', { method: 'PUT', body: use });
    expect(stored.ok, await stored.text()).toBe(true);
    const { page } = await world.visit({ as: 'admin', at: '/admin/contacts/import/customers' });
    const utf16 = Buffer.from('\uFEFFphone;name\n', 'utf16le');
    await page.locator('input[type=file]').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: utf16 });
    await page
      .getByRole('alert')
      .getByText(/No header was found/)
      .waitFor();
    await page.goto('/admin/contacts/edit/customers');
    await page.getByText('4,998 contacts').or(page.getByText('4998 contacts')).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete Customers?' }).getByRole('link', { name: 'Looks up' }).waitFor();
  }, 60_000);
});
