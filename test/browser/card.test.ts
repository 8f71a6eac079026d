import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CardWorld, startCardWorld } from './card-world.ts';
import { hasBrowser } from './world.ts';

let world: CardWorld;
const deadlineMs = 20_000;

beforeAll(async () => {
  if (hasBrowser) world = await startCardWorld();
}, 120_000);
afterAll(() => world?.stop());

const section = (page: Page, name: string) => page.locator(`[data-section=${name}]`);
const record = (page: Page, name: string, id: string) => section(page, name).locator(`[data-record="${id}"]`);
const at = (callId: string): string => `/desk/cards/${callId}`;

describe.skipIf(!hasBrowser)('a customer card', () => {
  it('shows who was found while the page is open; pinned and linked, unpinned and unlinked, in both tabs of the agent', async () => {
    const call = await world.talking('found', '+14155550161');
    const { page, context, axe, shot } = await world.visit({ as: 'ana', at: at(call.callId) });
    await section(page, 'related').getByText('Nothing was found').waitFor();
    const ids = ['Weber', 'Webber'].map((lastName) =>
      world.person(lastName, { phoneNumber: '+14155550161', description: 'Prefers <b>mail</b>' }),
    );
    const [weber = '', webber = ''] = ids;
    await page.getByRole('button', { name: 'Search again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByRole('dialog').getByText('Searched', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Look at the card' }).click();
    await record(page, 'related', weber).getByText('Prefers <b>mail</b>').waitFor();

    const second = await context.newPage();
    await second.goto(at(call.callId));
    await record(page, 'related', weber).getByRole('button', { name: 'Pin Ann Weber' }).click();
    await record(page, 'current', weber).getByText('Linked').waitFor();
    await record(second, 'current', weber).getByText('Linked').waitFor();
    await record(second, 'related', webber).getByRole('button', { name: 'Link Ann Webber', exact: true }).click();
    await record(page, 'related', webber).getByText('Linked').waitFor();
    await record(page, 'current', weber).getByRole('button', { name: 'Unlink' }).click();
    await record(second, 'current', weber).getByRole('button', { name: 'Link Ann Weber', exact: true }).waitFor();
    await axe();
    await shot('card');
    await record(second, 'current', weber).getByRole('button', { name: 'Unpin' }).click();
    await record(page, 'related', weber).waitFor();
    const card = await world.cardWhere(call.callId, ({ current }) => current.length === 0);
    expect(card.changes.map(({ what, by }) => [what, by])).toEqual([
      ['unpin', 'agent:1001'],
      ['unlink', 'agent:1001'],
      ['link', 'agent:1001'],
      ['pin', 'agent:1001'],
    ]);
    await second.close();
  });

  it("searches by another number, and in the CRM's own query language, by a search that is configured", async () => {
    const other = world.person('Other', { phoneNumber: '+14155550163' });
    const call = await world.talking('further', '+14155550162');
    const { page } = await world.visit({ as: 'ana', at: at(call.callId) });
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Search again' }).click();
    await dialog.getByRole('radio', { name: 'By another number' }).check();
    await dialog.getByRole('button', { name: 'Search', exact: true }).click();
    await dialog.getByText('This is needed.').waitFor();
    await dialog.getByLabel('Number', { exact: true }).fill('+1 415 555 0163');
    await dialog.getByRole('button', { name: 'Search', exact: true }).click();
    await record(page, 'related', other).waitFor({ state: 'attached' });
    await dialog.getByRole('radio', { name: 'Leads by query' }).check();
    await dialog.getByLabel('Module').fill('Contact');
    await dialog.getByLabel('Condition').fill("lastName = 'Asked'");
    await dialog.getByRole('button', { name: 'Search', exact: true }).click();
    await eventually(
      async () =>
        (await world.cardWhere(call.callId, () => true)).activities.some(({ workflowId }) => workflowId === 'who'),
      { deadlineMs },
    );
    await page.keyboard.press('Escape');
    await section(page, 'activities').locator('li').filter({ hasText: 'Leads by query' }).first().waitFor();
  });

  it('writes one entry into the timeline of the CRM though the button is pressed twice, and says what to do when it fails', async () => {
    const ann = world.person('Line', { phoneNumber: '+14155550164' });
    const call = await world.talking('line', '+14155550164');
    const { page, axe } = await world.visit({ as: 'ana', at: at(call.callId) });
    await record(page, 'current', ann).waitFor();
    await page.getByRole('button', { name: 'Add to the timeline' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Text').fill('wants a refund by Friday');
    await dialog.getByRole('button', { name: 'Add', exact: true }).dblclick();
    await dialog.getByText('Written', { exact: true }).waitFor();
    await axe();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const logged = () => world.espo.loggedCalls().filter(({ text }) => text.includes('wants a refund'));
    expect(logged().map(({ about }) => [...new Set(about)])).toEqual([[ann]]);

    world.espo.failNext({ status: 400, body: '' }, ({ method }) => method === 'POST');
    await page.getByRole('button', { name: 'Add to the timeline' }).click();
    await dialog.getByLabel('Text').fill('is refused');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.locator('[data-run=failed]').getByText('Mend what it says').waitFor();
    // What was typed is still there, and can be sent again.
    expect(await dialog.getByLabel('Text').inputValue()).toBe('is refused');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByText('Written', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await section(page, 'activities').locator('[data-outcome=failed]').first().waitFor();
  });

  it('makes a record by a workflow, which is pinned and linked; and keeps in it what the agent writes', async () => {
    const call = await world.talking('new', '+14155550165');
    const { page } = await world.visit({ as: 'ana', at: at(call.callId) });
    await page.getByRole('button', { name: 'Create a record' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('lastName').fill('Neuling');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByText('Written', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const made = section(page, 'current').locator('[data-record][data-linked=true]').filter({ hasText: 'Neuling' });
    await made.waitFor();
    await page.getByRole('button', { name: 'Memorialize' }).click();
    await dialog.getByLabel('Text').fill('is a beekeeper');
    await dialog.getByRole('button', { name: 'Keep in the CRM' }).click();
    await dialog.getByText('Written', { exact: true }).waitFor();
    const written = world.espo.calls.filter(({ method, body }) => method === 'PUT' && body.includes('is a beekeeper'));
    expect(written).toHaveLength(1);
  });

  it('says that another card is of the same customer, asks before they become one, and then both ids lead to it', async () => {
    world.person('Twice', { phoneNumber: '+14155550166' });
    const [one, other] = [await world.talking('one', '+14155550166'), await world.talking('other', '+14155550166')];
    const { page, axe, shot } = await world.visit({ as: 'ana', at: at(one.callId) });
    await page.locator('[data-duplicates]').getByText('Another card seems to be of the same customer').waitFor();
    await page.locator(`[data-candidate="${other.callId}"]`).getByRole('button', { name: 'Merge' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This cannot be undone').waitFor();
    await axe();
    await shot('card-merge');
    await dialog.getByRole('button', { name: 'Merge the cards' }).click();
    await page.getByText('merged with 1 other card').waitFor();
    await page.locator('[data-duplicates]').waitFor({ state: 'detached' });
    await page.goto(at(other.callId));
    await page.locator(`[data-card="${one.callId}"]`).waitFor();
  });

  it('of somebody else is none, and that is said', async () => {
    const call = await world.talking('hers', '+14155550167');
    const { page, expects } = await world.visit({ as: 'ben', at: at(call.callId) });
    expects(/status of 404/);
    await page.getByText('There is no card here').waitFor();
  });
});
