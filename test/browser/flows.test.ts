import { eventually } from '@patchcord/testkit';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderTracking } from '../harness/order-tracking.ts';
import { worldTenant } from '../harness/world.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

interface Module extends Record<string, unknown> {
  readonly id: string;
}
interface StoredFlow {
  readonly name: string;
  readonly start: string;
  readonly modules: readonly Module[];
  readonly layout?: Readonly<Record<string, { x: number; y: number }>>;
}

const storedFlow = async (id: string): Promise<StoredFlow> =>
  (await (await world.ask(`/v1/config/flow/${id}`)).json()) as StoredFlow;
const storedModule = async (flow: string, id: string): Promise<Module | undefined> =>
  (await storedFlow(flow)).modules.find((module) => module.id === id);

const node = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const panel = (page: Page, id: string) => page.locator(`[data-panel="${id}"]`);
const state = (page: Page, text: string) => page.getByRole('status').getByText(text, { exact: true }).waitFor();
const save = (page: Page) => page.getByRole('button', { name: 'Save' }).click();

async function open(page: Page, id: string, module: string): Promise<void> {
  await page.goto(`/admin/flows/edit/${id}`);
  await node(page, module).waitFor();
}

const focused = 'document.activeElement.textContent';

/** Moves something by the mouse, as a hand does. */
async function drag(page: Page, what: Locator, by: { readonly x: number; readonly y: number }): Promise<void> {
  const { x = 0, y = 0, width = 0, height = 0 } = (await what.boundingBox()) ?? {};
  const [fromX, fromY] = [x + width / 2, y + height / 2];
  await page.mouse.move(fromX, fromY);
  await page.mouse.down();
  await page.mouse.move(fromX + by.x / 2, fromY + by.y / 2, { steps: 4 });
  await page.mouse.move(fromX + by.x, fromY + by.y, { steps: 4 });
  await page.mouse.up();
}

/** Draws a line from a way out of a module to another module. */
async function drawLine(page: Page, [from, exit]: readonly [string, string], to: string): Promise<void> {
  const out = node(page, from).locator(`[data-handleid="${exit}"]`);
  const [a, b] = [await out.boundingBox(), await node(page, to).locator('[data-handleid=in]').boundingBox()];
  if (a === null || b === null) throw new Error(`no line from ${from} to ${to}: one of them is not on the screen`);
  await drag(page, out, { x: b.x + b.width / 2 - a.x - a.width / 2, y: b.y + b.height / 2 - a.y - a.height / 2 });
}

/** A flow of its own for a story that changes it. */
async function putFlow(id: string, more: object = {}): Promise<void> {
  const body = {
    name: `Flow ${id}`,
    start: 'ask',
    modules: [
      { id: 'ask', type: 'simple-menu', prompt: { text: 'Press 1 or 2.' }, options: { 1: 'sales', 2: 'support' } },
      { id: 'sales', type: 'queue', queue: 'sales' },
      { id: 'support', type: 'queue', queue: 'support' },
    ],
    ...more,
  };
  const answer = await world.ask(`/v1/config/flow/${id}`, { method: 'PUT', body });
  expect(answer.ok, await answer.text()).toBe(true);
}

// Whole stories, on a machine that may do other things too.
describe.skipIf(!hasBrowser)('flows', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.config.applyAll(worldTenant, orderTracking({ crmUrl: world.crm.url, mailPort: 2525 }));
    await eventually(async () => (await world.ask('/v1/config/flow/order-tracking')).ok, { what: 'the example' });
  }, 120_000);
  afterAll(() => world?.stop());

  it('the example is drawn: a way is led elsewhere by its line, then stored; where modules stand is kept', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/flows' });
    await page.getByRole('link', { name: 'Tracking of orders' }).click();
    await node(page, 'welcome').waitFor();
    expect(await page.locator('.react-flow__node').count()).toBe(11);
    expect(await page.locator('.react-flow__edge').count()).toBe(13);
    await axe();
    await shot('flow');
    await page.getByRole('button', { name: 'Show all' }).click();
    await drawLine(page, ['not-found', 'next'], 'agents');
    await state(page, 'changed, not saved');
    await page
      .locator('.react-flow__edge[aria-label="From not-found, then, to agents"]')
      .waitFor({ state: 'attached' });
    await drag(page, node(page, 'goodbye').locator('[class*=names]'), { x: 0, y: 60 });
    await save(page);
    await state(page, 'saved');
    expect(await storedModule('order-tracking', 'not-found')).toMatchObject({ next: 'agents' });
    const { layout = {} } = await storedFlow('order-tracking');
    expect(Object.keys(layout)).toHaveLength(11);
    await page.reload();
    await node(page, 'goodbye').waitFor();
    expect((await storedFlow('order-tracking')).layout).toEqual(layout);
    await page.getByRole('status').getByText('saved', { exact: true }).waitFor();
  });

  it('a module that nothing leads to is named at its place and in a list, which leads to it; undo takes it away', async () => {
    await putFlow('lost');
    const { page, axe, expects, shot } = await world.visit({ as: 'admin' });
    expects(/422/);
    await open(page, 'lost', 'ask');
    await page.getByRole('button', { name: 'Add a module' }).click();
    await page.locator('[data-kind=voicemail]').click();
    await panel(page, 'voicemail').getByRole('textbox', { name: 'Mailbox' }).fill('1000');
    await page.getByRole('button', { name: 'Add a module' }).click();
    const list = page.locator('[data-problem-list]');
    await list.getByText(/expected a way to "voicemail" from "ask"/).waitFor();
    await node(page, 'voicemail').getByLabel('1 problem').waitFor();
    await save(page);
    await page.getByRole('alert').getByText('Not saved: 1 thing to mend').waitFor();
    await page.getByRole('button', { name: 'Close the settings' }).click();
    await list.getByRole('button', { name: 'voicemail' }).click();
    await eventually(async () => (await page.evaluate<string>(focused)) === 'voicemail', {
      what: 'focus at its settings',
    });
    await axe();
    await shot('flow-problem');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await node(page, 'voicemail').waitFor({ state: 'detached' });
    await list.waitFor({ state: 'detached' });
    await state(page, 'saved');
    await page.getByRole('button', { name: 'Redo' }).click();
    await node(page, 'voicemail').waitFor();
    expect((await storedFlow('lost')).modules).toHaveLength(3);
  });

  it('without a mouse: a module is added, led to, set and stored from the list', async () => {
    await putFlow('keys');
    const { page, expects } = await world.visit({ as: 'admin' });
    expects(/422/);
    await open(page, 'keys', 'ask');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
    await page.getByRole('radio', { name: 'Graph' }).press('ArrowRight');
    await press('Add a module');
    await page.locator('[data-kind=transfer]').press('Enter');
    await panel(page, 'transfer').getByRole('textbox', { name: 'Number or extension' }).waitFor();
    await page.keyboard.press('Tab');
    await panel(page, 'transfer').getByRole('textbox', { name: 'Number or extension' }).focus();
    await page.keyboard.type('1001');
    await press('Add a module');
    await page.locator('[data-outline=ask]').getByRole('button', { name: 'ask', exact: true }).press('Enter');
    await panel(page, 'ask').getByRole('button', { name: 'another key' }).press('Enter');
    await panel(page, 'ask').getByRole('combobox', { name: 'Key 3 leads to' }).press('Enter');
    await page.keyboard.type('transfer');
    await page.getByRole('option', { name: 'transfer' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('[data-problem-list]').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    await state(page, 'saved');
    expect(await storedModule('keys', 'ask')).toMatchObject({ options: { 3: 'transfer' } });
    expect(await storedModule('keys', 'transfer')).toMatchObject({ to: '1001' });
  });

  it('before a module is removed it is said what leads to it; who says no keeps it', async () => {
    await putFlow('removal');
    const { page, expects } = await world.visit({ as: 'admin' });
    expects(/422/);
    await open(page, 'removal', 'sales');
    await node(page, 'sales').click();
    await node(page, 'sales').press('Delete');
    const question = page.getByRole('dialog', { name: 'Remove sales?' });
    await question.getByText('ask: Key 1').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    await node(page, 'sales').press('Delete');
    await question.getByRole('button', { name: 'Remove' }).click();
    await node(page, 'sales').waitFor({ state: 'detached' });
    await page.locator('[data-problem-list]').getByText('This must be filled in.').waitFor();
  });

  it('somebody else stored it meanwhile: both are shown, theirs is not overwritten unless one says so', async () => {
    await putFlow('conflict');
    const { page, expects } = await world.visit({ as: 'admin' });
    expects(/412/);
    const edit = async (name: string) => {
      await page.getByRole('button', { name: 'The flow' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill(name);
      await page.getByRole('button', { name: 'Close the settings' }).click();
      await save(page);
    };
    await open(page, 'conflict', 'ask');
    await putFlow('conflict', { name: 'Theirs' });
    await edit('Mine');
    const dialog = page.getByRole('dialog', { name: 'Somebody else has changed this meanwhile' });
    await dialog.getByRole('row', { name: 'name Theirs Mine' }).waitFor();
    expect((await storedFlow('conflict')).name).toBe('Theirs');
    await dialog.getByRole('button', { name: 'Take what is stored' }).click();
    await page.getByRole('heading', { level: 1, name: 'Theirs' }).waitFor();
    await state(page, 'saved');
    await putFlow('conflict', { name: 'Theirs again' });
    await edit('Mine again');
    await dialog.getByRole('button', { name: 'Store mine over it' }).click();
    await state(page, 'saved');
    expect((await storedFlow('conflict')).name).toBe('Mine again');
  });

  it('it was deleted meanwhile: what one drew can still be stored', async () => {
    await putFlow('deleted');
    const { page, expects } = await world.visit({ as: 'admin' });
    expects(/412|404/);
    await open(page, 'deleted', 'ask');
    expect((await world.ask('/v1/config/flow/deleted', { method: 'DELETE' })).status).toBe(204);
    await page.getByRole('button', { name: 'The flow' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Had back');
    await save(page);
    await page.getByText('Somebody else has deleted this flow meanwhile').waitFor();
    await page.getByRole('button', { name: 'Store mine over it' }).click();
    await state(page, 'saved');
    expect((await storedFlow('deleted')).name).toBe('Had back');
  });

  it('it is tried: a premium customer by his reference, the way is shown, and nobody is asked', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin' });
    await open(page, 'order-tracking', 'welcome');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    await press('Try it');
    await page.getByLabel('The caller’s number').fill('+14155550199');
    await press('Call');
    await page.getByText('Sound: custom/welcome').waitFor();
    await page.getByText('A call would run the automation look-up-number now.').waitFor();
    await press('It was heard to the end');
    await page.getByLabel('Keys that the caller presses').fill('47');
    await press('Enter');
    await page.getByText('A reference number has seven digits.').waitFor();
    await page.getByLabel('Keys that the caller presses').fill('4711003');
    await press('Enter');
    await press('It was heard to the end');
    await page.locator('[data-now=wait]').waitFor();
    await press('Add a value');
    await page.getByLabel('Name 1').fill('ivr.email');
    await page.getByLabel('Value 1', { exact: true }).fill('cleo@example.com');
    await press('Add a value');
    await page.getByLabel('Name 2').fill('ivr.premium');
    await page.getByLabel('Value 2', { exact: true }).fill('true');
    await press('It is written');
    await page.getByText('To the queue premium.').waitFor();
    expect(await page.locator('[data-way=here]').getAttribute('data-module')).toBe('agents');
    const passed = await page.evaluate<string[]>(
      "[...document.querySelectorAll('[data-way=passed]')].map(({ dataset }) => dataset.module)",
    );
    expect(passed.toSorted()).toEqual([
      'is-identified',
      'premium-check',
      'profile',
      'reference',
      'thank-you',
      'welcome',
    ]);
    await axe();
    await shot('flow-try');
    await press('One step back');
    await page.locator('[data-now=wait]').waitFor();
    await press('The time is over');
    await page.getByText('We could not find your order.').waitFor();
    expect(world.crm.requests().filter(({ path }) => path.startsWith('/callers'))).toEqual([]);
    const deliveries = (await (await world.ask('/v1/deliveries?limit=100')).json()) as { deliveries: unknown[] };
    expect(deliveries.deliveries).toEqual([]);
  });

  it('a new one begins with a template, and is there once it is saved; who leaves before is asked', async () => {
    const { page } = await world.visit({ as: 'admin', at: '/admin/flows' });
    await page.getByRole('link', { name: 'New' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Night menu');
    await page.getByRole('radio', { name: 'A menu' }).check();
    await page.getByRole('button', { name: 'Draw' }).click();
    await node(page, 'voicemail').waitFor();
    await state(page, 'not saved yet');
    await page.getByRole('link', { name: 'Live calls' }).click();
    await page
      .getByRole('dialog', { name: 'Leave without saving?' })
      .getByRole('button', { name: 'Stay here' })
      .click();
    await save(page);
    await page.waitForURL('**/admin/flows/edit/night-menu');
    await node(page, 'voicemail').waitFor();
    expect(await storedModule('night-menu', 'menu')).toMatchObject({
      options: { 1: 'sales', 2: 'support', 9: 'menu' },
    });
  });

  it('a kind is dragged from the palette to where it shall stand', async () => {
    await putFlow('dropped');
    const { page, expects } = await world.visit({ as: 'admin' });
    expects(/422/);
    await open(page, 'dropped', 'ask');
    await page.getByRole('button', { name: 'Add a module' }).click();
    await page
      .locator('[data-kind=hangup]')
      .dragTo(page.locator('[data-graph]'), { targetPosition: { x: 300, y: 60 } });
    await node(page, 'hangup').waitFor();
    // In one go: what is to be mended appears above the graph, and moves it.
    const below = await page.evaluate<number>(
      `document.querySelector('[data-id=hangup]').getBoundingClientRect().y - document.querySelector('[data-graph]').getBoundingClientRect().y`,
    );
    expect(Math.abs(below - 60)).toBeLessThan(30);
  });

  it.each([
    ['in the dark', { dark: true }],
    ['on a phone', { phone: true }],
  ] as const)('%s: axe finds nothing, nothing is wider than the screen', async (_name, look) => {
    const { page, axe, shot } = await world.visit({ as: 'admin', ...look });
    await open(page, 'order-tracking', 'welcome');
    await axe();
    if ('dark' in look) await shot('flow-dark');
    await page.getByText('List', { exact: true }).click();
    await page.locator('[data-outline=reference]').getByRole('button', { name: 'reference', exact: true }).click();
    await panel(page, 'reference').waitFor();
    await axe();
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
