import { digitalInteractionIdOf } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digitalContactEvents } from '../harness/digital.ts';
import { type CardWorld, startCardWorld } from './card-world.ts';
import { hasBrowser } from './world.ts';

let world: CardWorld;

beforeAll(async () => {
  if (hasBrowser) world = await startCardWorld();
}, 120_000);
afterAll(() => world?.stop());

const at = (callId: string): string => `/desk/cards/${callId}`;
const form = (page: Page) => page.getByRole('form', { name: 'Disposition' });
const given = (page: Page, optionId: string) => page.locator(`[data-disposition=${optionId}]`);
const submit = (page: Page) => form(page).getByRole('button', { name: 'Record disposition' });

interface Entry {
  readonly interactionId: string;
  readonly changes: number;
  readonly disposition: { readonly optionId: string; readonly comments?: string; readonly form?: object };
}
const entryOf = async (interactionId: string): Promise<Entry | undefined> => {
  const { dispositions } = (await (await world.ask('/v1/dispositions?limit=50')).json()) as { dispositions: Entry[] };
  return dispositions.find((entry) => entry.interactionId === interactionId);
};

describe.skipIf(!hasBrowser)('a disposition', () => {
  it('is given during the call with all fields of its form: once, though the button is pressed twice; and is shown then', async () => {
    const call = await world.talking('sold', '+14155550181');
    const { page, axe, shot } = await world.visit({ as: 'ana', at: at(call.callId) });
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/disposition')) sent.push(request.url());
    });
    await page.getByLabel('Your note').fill('two of them');
    await page.getByText('Kept at').waitFor();
    await form(page).getByRole('radio', { name: 'Sold' }).check();
    await submit(page).click();
    await page.locator('[data-field=amount]').getByText('This is needed.').waitFor();
    await page.locator('[data-field=plan]').getByText('This is needed.').waitFor();
    await form(page).getByLabel('Amount').fill('0');
    await page.locator('[data-field=amount]').getByText('Enter 1 or more.').waitFor();
    await form(page).getByLabel('Amount').fill('12');
    await form(page).getByLabel('Order number').fill('4711');
    await form(page).getByLabel('Delivery').fill('2026-12-24');
    await form(page).getByLabel('As a gift').check();
    await form(page).getByRole('combobox', { name: 'Plan' }).click();
    await page.getByRole('option', { name: 'Gold' }).click();
    await form(page).getByRole('combobox', { name: 'Extras' }).click();
    await page.getByRole('option', { name: 'Express' }).click();
    await page.keyboard.press('Escape');
    await form(page).getByRole('button', { name: 'Take over my note' }).click();
    expect(sent).toHaveLength(0);
    await shot('disposition');
    await axe();
    expect(await entryOf(call.interactionId)).toBeUndefined();
    await form(page).getByLabel('Order number').fill('A-4711');
    await submit(page).dblclick();
    await given(page, 'sold').getByText('two of them').waitFor();
    expect(sent).toHaveLength(1);
    await axe();
    const entry = await eventually(() => entryOf(call.interactionId));
    expect(entry).toMatchObject({
      changes: 1,
      disposition: {
        optionId: 'sold',
        comments: 'two of them',
        form: { amount: 12, order: 'A-4711', delivery: '2026-12-24', gift: true, plan: 'Gold', extras: ['Express'] },
      },
    });
    await page.reload();
    await given(page, 'sold').waitFor();
  });

  it('what the API finds wrong stands beside its field, and what was filled in stays', async () => {
    const call = await world.talking('wrong', '+14155550182');
    const { page, expects } = await world.visit({ as: 'ana', at: at(call.callId) });
    expects(/status of 4\d\d/);
    await form(page).getByRole('radio', { name: 'Sold' }).check();
    await form(page).getByLabel('Amount').fill('3');
    await form(page).getByRole('combobox', { name: 'Plan' }).click();
    await page.getByRole('option', { name: 'Silver' }).click();
    await form(page).getByLabel('Order number').fill('no number');
    await submit(page).click();
    await page.locator('[data-field=order]').getByText('matches the pattern').waitFor();
    await page.getByText('Some fields are not right yet').waitFor();
    expect(await form(page).getByLabel('Amount').inputValue()).toBe('3');
    await form(page).getByLabel('Order number').fill('A-1');
    await submit(page).click();
    await given(page, 'sold').waitFor();
  });

  it('in after-call work, while the console restarts: it is sent again and recorded once; then it can be changed', async () => {
    const call = await world.talking('acw', '+14155550183');
    const { page, expects } = await world.visit({ as: 'ana', at: at(call.callId) });
    expects(/net::ERR_|status of 5\d\d/);
    await form(page).getByRole('radio', { name: 'Solved' }).check();
    await form(page).getByLabel('Comments').fill('was quick');
    await world.tell(call.end);
    await page.getByText('After-call work ends when it is recorded').waitFor();
    await world.endConsole();
    await submit(page).click();
    await form(page).getByText('The console does not answer').waitFor();
    await world.beginConsole();
    expect(await form(page).getByLabel('Comments').inputValue()).toBe('was quick');
    await submit(page).click();
    await given(page, 'solved').getByText('was quick').waitFor();
    await page.getByRole('button', { name: 'Change it' }).click();
    await form(page).getByRole('radio', { name: 'Nobody there' }).check();
    await submit(page).click();
    await given(page, 'nobody').getByText('Changed at').waitFor();
    expect(await entryOf(call.interactionId)).toMatchObject({ changes: 2, disposition: { optionId: 'nobody' } });
  });

  it('given in one tab it is shown in the other; what was not sent is still there when one comes back to the card', async () => {
    const call = await world.talking('here', '+14155550184');
    const { page, context } = await world.visit({ as: 'ana', at: at(call.callId) });
    const second = await context.newPage();
    await second.goto(at(call.callId));
    await form(second).waitFor();
    await form(page).getByLabel('Comments').fill('half a sen');
    await form(page).getByRole('radio', { name: 'Solved' }).check();
    // To another page of the application and back.
    await page.getByRole('link', { name: 'Live calls' }).click();
    await page.getByRole('heading', { level: 1, name: 'Live calls' }).waitFor();
    await page.goBack();
    await eventually(async () => (await form(page).getByLabel('Comments').inputValue()) === 'half a sen');
    await submit(page).click();
    await given(second, 'solved').getByText('half a sen').waitFor();
    await second.close();
  });
});

const assigned = (contactId: string, name: string) =>
  digitalContactEvents(contactId, [
    {
      name: 'digitalOpened',
      data: {
        kind: 'chat',
        customer: { name, email: `${contactId}@example.com` },
        pointOfContact: 'shop',
        queue: 'support',
      },
    },
    { name: 'digitalAssigned', data: { segmentId: '1', agent: { agentId: '1001', name: 'Ana' } } },
  ]);

interface Contact {
  readonly state: string;
  readonly segments: readonly { readonly endReason?: string; readonly transferredTo?: object }[];
}
/** As the house tells it; one that was closed is open no more. */
const openContact = async (contactId: string): Promise<Contact | undefined> => {
  const { contacts } = (await (await world.ask('/v1/digital-interactions')).json()) as {
    contacts: (Contact & { contactId: string })[];
  };
  return contacts.find((contact) => contact.contactId === contactId);
};

describe.skipIf(!hasBrowser)('a digital interaction', () => {
  it('has a card, on which it is closed after a question, and a disposition that can still be given then', async () => {
    await world.tellDigital(assigned('d-close', 'Cora'));
    await world.cardWhere('digital-d-close', ({ agents }) => agents.includes('1001'));
    const { page, axe, shot } = await world.visit({ as: 'ana', at: at('digital-d-close') });
    await page.getByText('Message', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Close…' }).waitFor();
    await shot('digital-card');
    await axe();
    await page.getByRole('button', { name: 'Close…' }).click();
    await axe();
    await page.getByRole('dialog').getByRole('button', { name: 'Close the conversation' }).click();
    await page.getByText('over', { exact: true }).waitFor();
    expect(await openContact('d-close')).toBeUndefined();
    await form(page).getByRole('radio', { name: 'Solved' }).check();
    await submit(page).click();
    await given(page, 'solved').waitFor();
    expect(await entryOf(digitalInteractionIdOf('d-close', '1'))).toMatchObject({ changes: 1 });
  });

  it('is handed on to a colleague, or given back', async () => {
    await world.tellDigital(assigned('d-on', 'Dora'));
    await world.tellDigital(assigned('d-back', 'Bea'));
    for (const id of ['digital-d-on', 'digital-d-back'])
      await world.cardWhere(id, ({ agents }) => agents.includes('1001'));
    const { page } = await world.visit({ as: 'ana', at: at('digital-d-on') });
    await page.getByRole('button', { name: 'Transfer…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Transfer', exact: true }).click();
    await dialog.getByText('This is needed.').waitFor();
    await dialog.getByRole('combobox', { name: 'To whom' }).fill('Ben');
    await page.getByRole('option', { name: 'Ben Okafor' }).click();
    await dialog.getByRole('button', { name: 'Transfer', exact: true }).click();
    await eventually(async () => (await openContact('d-on'))?.segments[0]?.endReason === 'transferred');
    expect((await openContact('d-on'))?.segments[0]?.transferredTo).toMatchObject({ agent: { agentId: '1002' } });
    await page.getByRole('button', { name: 'Transfer…' }).waitFor({ state: 'detached' });

    await page.goto(at('digital-d-back'));
    await page.getByRole('button', { name: 'Unassign and dismiss' }).click();
    await eventually(async () => (await openContact('d-back'))?.segments[0]?.endReason === 'dismissed');
  });
});
