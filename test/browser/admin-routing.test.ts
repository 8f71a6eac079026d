import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const put = async (kind: string, id: string, entity: object): Promise<void> => {
  const answer = await world.ask(`/v1/config/${kind}/${id}`, { method: 'PUT', body: entity });
  expect(answer.ok, await answer.text()).toBe(true);
};
const entityOf = async (kind: string, id: string) => (await world.ask(`/v1/config/${kind}/${id}`)).json();
const save = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(`${name} was saved.`).waitFor();
};
const to = (target: string) => ({ type: 'queue', target });
const levels = ['GOLD', 'SILVER', 'BRONZE'];
/** Asks the fake CRM, which listens in clear on this machine. */
const rule = () => ({
  name: 'Levels',
  location: { type: 'did', dids: ['+14155550199'] },
  url: `${world.crm.url}/lookup`,
  fieldName: 'level',
  rows: levels.map((value) => ({ operator: '=', value, destination: to(value.toLowerCase()) })),
  default: to('general'),
  egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
});

describe.skipIf(!hasBrowser)('administration of routing', () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
    await put('routing-rule', 'levels', rule());
  }, 120_000);
  afterAll(() => world?.stop());

  it('a rule is made: what is missing is named beside its field, its rows are what was typed', async () => {
    const { page, expects, axe, shot } = await world.visit({ as: 'admin', at: '/admin/rules/new' });
    expects(/422/);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Premium');
    await page.getByText('A web address of one’s own').click();
    await page.getByRole('textbox', { name: 'URL' }).fill('http://crm.example.com/lookup');
    await page.getByRole('textbox', { name: 'Field', exact: true }).fill('premium');
    const numbers = page.getByPlaceholder('+14155550100');
    await numbers.fill('+14155550188');
    await numbers.press('Enter');
    await page.getByRole('button', { name: 'Add a row' }).click();
    await page.getByRole('textbox', { name: 'Value' }).fill('yes');
    await page.getByRole('textbox', { name: 'Which queue' }).first().fill('premium');
    await page.getByRole('textbox', { name: 'Which queue' }).nth(1).fill('general');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^url: .*https:/ })
      .first()
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'URL' }).getAttribute('aria-invalid')).toBe('true');
    await axe();
    await page.getByRole('textbox', { name: 'URL' }).fill('https://crm.example.com/lookup');
    await save(page, 'Premium');
    await shot('rule');
    expect(await entityOf('routing-rule', 'premium')).toMatchObject({
      location: { type: 'did', dids: ['+14155550188'] },
      url: 'https://crm.example.com/lookup',
      rows: [{ operator: '=', value: 'yes', destination: to('premium') }],
      default: to('general'),
    });
  });

  it('rows are moved by the keys and removed by their name, and nothing else changes', async () => {
    await put('routing-rule', 'moved', { ...rule(), location: undefined });
    const before = (await entityOf('routing-rule', 'moved')) as object;
    const { page } = await world.visit({ as: 'admin', at: '/admin/rules/edit/moved' });
    const handle = page.getByRole('button', { name: 'Move Row 3', exact: true });
    await handle.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowUp');
    await page
      .getByText(/2 of 3/)
      .first()
      .waitFor({ state: 'attached' });
    await page.keyboard.press('Space');
    const values = async () =>
      Promise.all((await page.getByRole('textbox', { name: 'Value' }).all()).map((input) => input.inputValue()));
    await expect.poll(values).toEqual(['GOLD', 'BRONZE', 'SILVER']);
    await page.getByRole('button', { name: 'Remove Row 1', exact: true }).click();
    await save(page, 'Levels');
    const rows = ['BRONZE', 'SILVER'].map((value) => ({ operator: '=', value, destination: to(value.toLowerCase()) }));
    expect(await entityOf('routing-rule', 'moved')).toEqual({ ...before, rows });
  });

  it('what would happen to a caller now: the CRM is asked, the row that is met is marked, an unknown number has no rule', async () => {
    world.crm.script('/lookup', { status: 200, body: { value: 'SILVER' } });
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/routing-test' });
    await page.getByRole('textbox', { name: 'Caller' }).fill('+14155550123');
    await page.getByRole('textbox', { name: 'Called number' }).fill('+14155550199');
    await page.getByRole('button', { name: 'What would happen?' }).click();
    await page.getByText(/A row matches.*Queue silver/).waitFor();
    await page.getByRole('row', { name: /2 met equals SILVER Queue silver/ }).waitFor();
    await axe();
    await shot('routing-test');
    await page.getByRole('textbox', { name: 'Called number' }).fill('+14155550000');
    await page.getByRole('button', { name: 'What would happen?' }).click();
    await page.getByText('No rule decides').waitFor();
  });

  it('a trigger shows each condition’s value and verdict before it is saved', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/triggers/new' });
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Premium caller');
    await page.getByRole('textbox', { name: 'Expression' }).fill('ivr.premium');
    await page.getByRole('textbox', { name: 'Compared with' }).fill('true');
    await page.getByRole('textbox', { name: 'Name of the value 1' }).fill('ivr.premium');
    await page.getByRole('textbox', { name: 'Value 1', exact: true }).fill('true');
    await page.getByRole('button', { name: 'Would it fire?' }).click();
    await page.getByText('It would fire').waitFor();
    await page.getByRole('row', { name: /ivr\.premium EQ true .*true.* met/ }).waitFor();
    await axe();
    await shot('trigger');
    await save(page, 'Premium caller');
    expect(await entityOf('trigger', 'premium-caller')).toMatchObject({ conditions: [{ operator: 'EQ' }] });
  });

  it('an automation shows the request that it would send, and keeps every field that it was stored with', async () => {
    const stored = {
      name: 'Tell the CRM',
      on: ['call.ended'],
      action: {
        type: 'http',
        url: `${world.crm.url}/told/{call.id}`,
        buckets: ['call'],
        parameters: { seven: 7, text: '7', none: null },
        answer: { variables: { 'ivr.email': 'customer.email' } },
        egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
      },
      giveUpAfterSeconds: 60,
    };
    await put('automation', 'tell', stored);
    const before = await entityOf('automation', 'tell');
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/automations/edit/tell' });
    await page.getByRole('button', { name: 'Show what it would do' }).click();
    await page.getByText('This is what it would do. Nothing was sent.').waitFor();
    await page.getByText(/^POST http.*\/told\//).waitFor();
    await axe();
    await shot('automation');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Tell the CRM again');
    await save(page, 'Tell the CRM again');
    expect(await entityOf('automation', 'tell')).toEqual({ ...(before as object), name: 'Tell the CRM again' });
  });

  it('an identification that asks a service needs its address, and leads where its answers say', async () => {
    const { page, expects, axe } = await world.visit({ as: 'admin', at: '/admin/identifications/new' });
    expects(/422/);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('By customer number');
    await page.getByRole('combobox', { name: 'How' }).click();
    await page.getByRole('option', { name: 'A service says where to' }).click();
    await page.getByRole('textbox', { name: 'Which queue' }).first().fill('known');
    await page.getByRole('button', { name: 'Add an answer' }).click();
    await page.getByRole('textbox', { name: 'Y', exact: true }).fill('3');
    await page.getByRole('textbox', { name: 'Which queue' }).nth(1).fill('third');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^url: / })
      .first()
      .waitFor();
    await axe();
    await page.getByRole('textbox', { name: 'URL' }).fill('https://crm.example.com/identify');
    await save(page, 'By customer number');
    expect(await entityOf('identification', 'by-customer-number')).toMatchObject({
      kind: 'destination',
      onSuccess: to('known'),
      destinations: [{ type: 1, id: '3', goTo: to('third') }],
    });
  });
});
