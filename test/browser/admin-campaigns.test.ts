import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

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

describe.skipIf(!hasBrowser)('campaigns and forms', () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
    await put('external-site', 'ticket', {
      name: 'Ticket',
      url: 'https://crm.example/tickets/{1}',
      method: 'POST',
      format: 'json',
      parameters: [
        { family: 'call', key: 'ani', name: '{1}' },
        { family: 'campaign', key: 'name', name: 'sale' },
        { family: 'fixed', key: 'en', name: 'lang' },
      ],
    });
  }, 120_000);
  afterAll(() => world?.stop());

  it('a campaign gets a site with a table of its own, whose rows are moved; the preview follows', async () => {
    const { page, expects, axe, shot } = await world.visit({ as: 'admin', at: '/admin/campaigns/new' });
    expects(/4\d\d/);
    await text(page, 'Name').fill('Spring sale');
    await page.getByRole('combobox', { name: 'Queues' }).fill('spring');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add a site' }).click();
    await choose(page, 'Site 1', 'Ticket');
    await page.locator('[data-preview=body]', { hasText: '"sale":"Spring sale"' }).waitFor();
    await page.getByLabel('Parameters of this campaign, in place of the site’s').check({ force: true });
    await page.getByRole('button', { name: 'Move lang', exact: true }).focus();
    await page.keyboard.press('Space');
    await page.getByText('Taken: row 3 of 3.').waitFor();
    await page.keyboard.press('ArrowUp');
    await page.getByText('Now at place 2 of 3.').waitFor();
    await page.keyboard.press('Space');
    await text(page, 'Name at the CRM 2').and(page.locator('[value=lang]')).waitFor();
    await page.locator('[data-preview=body]', { hasText: '{"lang":"en","sale":"Spring sale"}' }).waitFor();
    await page.getByRole('button', { name: 'Remove lang' }).click();
    await page.locator('[data-preview=body]', { hasText: /^\{"sale":"Spring sale"\}$/ }).waitFor();
    await axe();
    await page.getByRole('button', { name: 'Remove sale' }).scrollIntoViewIfNeeded();
    await shot('parameters');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Spring sale');
    expect(await stored('campaign', 'spring-sale')).toMatchObject({
      match: { queues: ['spring'] },
      sites: [
        {
          site: 'ticket',
          parameters: [
            { family: 'call', key: 'ani', name: '{1}' },
            { family: 'campaign', key: 'name', name: 'sale' },
          ],
        },
      ],
    });
  }, 90_000);

  it('rows are dragged with the mouse; what is wrong with one is named in it', async () => {
    await put('campaign', 'drag', {
      name: 'Dragged',
      match: { queues: ['drag'] },
      dispositions: [
        { id: 'sold', name: 'Sold' },
        { id: 'late', name: 'Call later' },
      ],
    });
    const { page, expects } = await world.visit({ as: 'admin', at: '/admin/campaigns/edit/drag' });
    expects(/4\d\d/);
    const handle = page.getByRole('button', { name: 'Move Call later', exact: true });
    await handle.scrollIntoViewIfNeeded();
    const from = (await handle.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const to = (await page.getByRole('button', { name: 'Move Sold', exact: true }).boundingBox()) ?? from;
    await page.mouse.move(from.x + 8, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 8, from.y - 8, { steps: 4 });
    await page.mouse.move(to.x + 8, to.y - 4, { steps: 8 });
    await page.mouse.up();
    await text(page, 'Disposition 1').and(page.locator('[value="Call later"]')).waitFor();
    await page.getByRole('button', { name: 'Add a disposition' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').first().waitFor();
    expect(await text(page, 'Disposition 3').getAttribute('aria-invalid')).toBe('true');
    await text(page, 'Disposition 3').fill('No interest');
    await page.getByLabel('Tell the CRM').nth(2).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Dragged');
    expect(await stored('campaign', 'drag')).toMatchObject({
      dispositions: [{ id: 'late' }, { id: 'sold' }, { id: 'no-interest', name: 'No interest', crm: true }],
    });
  }, 90_000);

  it('a form is built, and seen as the agent will see it', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/forms/new' });
    await text(page, 'Name').fill('Complaint');
    const first = page.getByRole('group', { name: 'field 1' });
    await first.getByLabel('Label').fill('Reason');
    await first.getByLabel('Name of the value').fill('reason');
    await first.getByLabel('Must be filled in').check();
    await page.getByRole('button', { name: 'Add a field' }).click();
    const second = page.getByRole('group', { name: 'field 2' });
    await second.getByLabel('Label').fill('What is broken');
    await second.getByLabel('Name of the value').fill('parts');
    await second.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Several of several' }).click();
    const choices = second.getByRole('combobox', { name: 'Choices' });
    for (const choice of ['Door', 'Window']) {
      await choices.fill(choice);
      await page.keyboard.press('Enter');
    }
    const preview = page.getByRole('group', { name: 'As the agent sees it' });
    await preview.getByRole('textbox', { name: 'Reason' }).fill('Late');
    await preview.locator('.mantine-MultiSelect-input').click();
    await page.getByRole('option', { name: 'Window' }).click();
    await page.keyboard.press('Escape');
    await axe();
    await shot('form-builder');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Complaint');
    expect(await stored('form', 'complaint')).toMatchObject({
      fields: [
        { type: 'text', name: 'reason', label: 'Reason', required: true },
        { type: 'multi-select', name: 'parts', options: ['Door', 'Window'] },
      ],
    });
  }, 90_000);
});
