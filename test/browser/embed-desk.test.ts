import { eventually } from '@patchcord/testkit';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldTenant } from '../harness/world.ts';
import { callItem, type DeskWorld, deskCall, startDeskWorld, stateEvent, stream } from './desk-support.ts';
import { codeOf, fillIn, frameOf, heard, letHold, openSignIn, signIn } from './hosts/embedded.ts';
import { type HostPages, startHostPages } from './hosts/host-pages.ts';
import { people } from './people.ts';
import { hasBrowser } from './world.ts';

let world: DeskWorld;
let host: HostPages;

/** A call of this queue has a form to be filled in, after-call work, and a page of the CRM. */
const queue = 'sale';

async function configureSale(): Promise<void> {
  const fields = [
    { name: 'amount', label: 'Amount', type: 'number', required: true, min: 1, integer: true },
    { name: 'plan', label: 'Plan', type: 'select', options: ['Gold', 'Silver'], required: true },
  ];
  const campaign = { id: 'c-sale', name: 'Sale', match: { queues: [queue] }, acw: { timeoutMs: 600_000 } };
  const dispositions = [
    { id: 'sold', name: 'Sold', form: 'sale' },
    { id: 'nobody', name: 'Nobody there' },
  ];
  await world.config.applyAll(worldTenant, [
    { kind: 'form', entity: { id: 'sale', name: 'Sale', fields } },
    { kind: 'campaign', entity: { ...campaign, dispositions, sites: ['page'], database: 'people' } },
  ]);
}

/** Ana at a page of the CRM that holds her desk. */
async function atCrm(look: { readonly dark?: boolean; readonly width?: number } = {}) {
  const visitor = await world.visit({ at: `${host.origin}/crm`, dark: look.dark === true });
  // Of a call that went elsewhere the agent may not read the card any more.
  visitor.expects(/status of (404.*\/v1\/(agent\/cards|calls)\/|401)/);
  if (look.width !== undefined)
    await visitor.page.evaluate(`document.getElementById('desk').style.width = '${look.width}px'`);
  await visitor.page.setViewportSize({ width: 1000, height: 640 });
  const streams: string[] = [];
  visitor.page.on('request', (request) => {
    if (request.resourceType() === 'eventsource') streams.push(new URL(request.url()).pathname);
  });
  const frame = await signIn(visitor.page);
  return { ...visitor, frame, streams };
}

async function ringing(name: string, of = queue) {
  const call = deskCall({ name, queue: of, callerName: 'Jo Caller' });
  await world.tell([...call.offered(), ...call.rings('1001')]);
  return call;
}

/** On a narrow desk one part is shown at a time. */
const show = (frame: Frame, part: string): Promise<void> =>
  frame
    .getByRole('radiogroup', { name: 'Part of the desk' })
    .getByText(part, { exact: true })
    .locator('visible=true')
    .click();

const button = (frame: Frame, name: string) => frame.getByRole('button', { name, exact: true });
const form = (frame: Frame) => frame.getByRole('form', { name: 'Disposition' });
const note = (frame: Frame) => frame.getByLabel('Your note');
const statesOf = async (page: Page, callId: string): Promise<string[]> =>
  (await heard<{ callId: string; state: string }>(page, 'call'))
    .filter((call) => call.callId === callId)
    .map(({ state }) => state);
const isAsWideAsItsPlace = (frame: Frame): Promise<boolean> =>
  frame.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');

/** Scripts and styles so far, compressed (bytes). */
const loaded = (within: Frame | Page): Promise<number> =>
  within.evaluate<number>(
    `performance.getEntriesByType('resource').filter(({ name }) => /\\.(js|css)$/.test(name))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
  );

async function choosePlan(frame: Frame, plan: string): Promise<void> {
  await form(frame).getByRole('combobox', { name: 'Plan' }).click();
  await frame.getByRole('option', { name: plan }).click();
}

beforeAll(async () => {
  if (!hasBrowser) return;
  world = await startDeskWorld();
  host = await startHostPages(world.url, worldTenant);
  await configureSale();
  await letHold(world, worldTenant, host.origin);
}, 120_000);
afterAll(async () => {
  await host?.close();
  await world?.stop();
});

describe.skipIf(!hasBrowser)('the whole desk in a page of somebody else', { timeout: 90_000 }, () => {
  it('a call rings, is answered, noted and disposed with a form, all in the frame; the page around hears of it', async () => {
    const { page, frame, streams, shot } = await atCrm();
    const call = await ringing('whole');
    await callItem(frame, call.callId, 'ringing').waitFor();
    const [pop] = await eventually(async () => {
      const pops = await heard(page, 'screen-pop');
      return pops.length > 0 && pops;
    });
    expect(pop).toMatchObject({ callId: call.callId, number: '+14155550123', name: 'Jo Caller' });
    await world.tell(call.answers('1001'));
    await callItem(frame, call.callId, 'talking').waitFor();
    await show(frame, 'Customer');
    await note(frame).fill('wants two');
    await frame.getByText('Kept at').waitFor();
    await shot('embedded-card');
    await world.tell(call.ends('1001'));
    await eventually(async () => (await statesOf(page, call.callId)).at(-1) === 'ended');
    await frame.getByRole('timer').waitFor();
    await form(frame).getByRole('radio', { name: 'Sold' }).check();
    await form(frame).getByLabel('Amount').fill('12');
    await choosePlan(frame, 'Gold');
    await button(frame, 'Take over my note').click();
    // It was told when the call ended, before anybody had said what it was about.
    expect(await heard(page, 'log')).toEqual([]);
    await button(frame, 'Record disposition').click();
    await frame.locator('[data-disposition=sold]').waitFor();
    const log = await eventually(async () => (await heard(page, 'log'))[0], { what: 'the log', deadlineMs: 15_000 });
    expect(log).toMatchObject({
      call: { callId: call.callId, state: 'ended', number: '+14155550123' },
      disposition: 'Sold',
      comments: 'wants two',
    });
    expect(streams).toEqual(['/v1/agents/1001/events']);
  });

  it('holds, resumes and hands on by its buttons; states with reasons are chosen there', async () => {
    const { page, frame, axe } = await atCrm({ width: 320 });
    const call = await ringing('handled', 'plain');
    await world.tell(call.answers('1001'));
    await button(frame, 'Hold').click();
    await eventually(() => world.pbx.told.at(-1)?.command === 'hold');
    await world.tell(call.holds('1001'));
    await button(frame, 'Resume').click();
    await eventually(() => world.pbx.told.at(-1)?.command === 'resume');
    await world.tell(call.resumes('1001'));
    await eventually(async () => (await statesOf(page, call.callId)).includes('held'));
    await button(frame, 'Transfer').click();
    const dialog = frame.getByRole('dialog', { name: 'Transfer the call' });
    await dialog.getByRole('combobox').click();
    await frame.getByRole('option', { name: 'Ben Okafor' }).click();
    expect(await isAsWideAsItsPlace(frame)).toBe(true);
    await axe(frame);
    await dialog.getByRole('button', { name: 'Transfer' }).click();
    await eventually(() => world.pbx.told.at(-1)?.command === 'transfer');
    await dialog.waitFor({ state: 'detached' });
    await world.tell([...call.ends('1001'), stateEvent('1001', 'ready')]);
    await button(frame, 'Pause').click();
    await frame.getByRole('menuitem', { name: 'Coffee' }).click();
    await eventually(() => world.pbx.told.at(-1)?.command === 'pause');
    await world.tell([stateEvent('1001', 'paused', 'Coffee')]);
    await eventually(async () => (await heard(page, 'state')).some(({ reason }) => reason === 'Coffee'));
  });

  it.each([
    ['light', 360, false],
    ['dark', 360, true],
    ['light', 320, false],
    ['dark', 320, true],
  ] as const)('axe finds nothing, and nothing is too wide: %s, %d px', async (look, width, dark) => {
    const { frame, axe } = await atCrm({ dark, width });
    const call = await ringing(`axe-${look}-${width}`);
    await callItem(frame, call.callId, 'ringing').waitFor();
    for (const part of ['Calls', 'CRM', 'Customer']) {
      await show(frame, part);
      if (part === 'Customer') await frame.locator('[data-section=notes] textarea').waitFor();
      await axe(frame);
      expect(await isAsWideAsItsPlace(frame), part).toBe(true);
    }
    await world.tell(call.answers('1002', '1001'));
    await callItem(frame, call.callId).waitFor({ state: 'detached' });
    await world.tell(call.ends('1002'));
  });
});

describe.skipIf(!hasBrowser)('what the frame loads, and what leads out of it', { timeout: 90_000 }, () => {
  it('the sign-in is loaded with less than 300 kB of compressed scripts and styles, the desk with hardly more than in a tab', async () => {
    const { page } = await world.visit({ at: `${host.origin}/crm` });
    const frame = await frameOf(page);
    await button(frame, 'Sign in').waitFor();
    const signInBytes = await loaded(frame);
    expect(signInBytes).toBeGreaterThan(50_000);
    expect(signInBytes).toBeLessThan(300_000);
    await signIn(page);
    const tab = await world.visit({ as: 'ana', at: '/desk' });
    await stream(tab.page, 'open').waitFor();
    const [inFrame, inTab] = [await loaded(frame), await loaded(tab.page)];
    console.log(`loaded: ${signInBytes} bytes to sign in, ${inFrame} with the desk in the frame, ${inTab} in a tab`);
    expect(inFrame - inTab).toBeLessThan(10_000);
  });

  it("the CRM's page is shown in it, and other pages of ours open in tabs: the frame stays where it is", async () => {
    const { context, frame } = await atCrm();
    const call = await ringing('links');
    await world.tell(call.answers('1001'));
    await show(frame, 'CRM');
    await frame.frameLocator('iframe:visible').getByText('Customer page').waitFor();
    await show(frame, 'Customer');
    await button(frame, 'More').click();
    const opened = context.waitForEvent('page');
    await frame.getByRole('menuitem', { name: 'Open on its own page' }).click();
    const tab = await opened;
    await tab.getByRole('heading', { level: 1, name: 'Customer card' }).waitFor();
    expect(new URL(tab.url()).pathname).toBe(`/desk/cards/${call.callId}`);
    expect(new URL(frame.url()).pathname).toBe(`/frame/${worldTenant}`);
    await callItem(frame, call.callId, 'talking').waitFor({ state: 'attached' });
    await tab.close();
    await world.tell(call.ends('1001'));
  });

  it('whoever signs out there is still in the frame, also after a reload', async () => {
    const { page, frame } = await atCrm();
    await button(frame, 'Sign out').click();
    await button(frame, 'Sign in').waitFor();
    expect(new URL(frame.url()).pathname).toBe(`/frame/${worldTenant}`);
    await eventually(async () => (await heard(page, 'signed-in')).at(-1)?.signedIn === false);
    await page.reload();
    await button(await frameOf(page), 'Sign in').waitFor();
  });
});

describe.skipIf(!hasBrowser)('a session that is over', { timeout: 90_000 }, () => {
  it('asks in the frame to sign in again, in a window of its own; then the desk is there as it was left', async () => {
    const { page, frame, axe, shot } = await atCrm();
    const call = await ringing('over');
    await world.tell(call.answers('1001'));
    await show(frame, 'Customer');
    await form(frame).getByLabel('Comments').fill('half a sen');
    // With another password none of his sessions goes on.
    const password = 'another sesame';
    expect((await world.ask('/v1/users/ana/password', { method: 'PUT', body: { password } })).status).toBe(204);
    const question = frame.getByRole('dialog', { name: 'Sign in again' });
    await question.waitFor();
    expect(await frame.locator('input[type=password]').count()).toBe(0);
    expect(await isAsWideAsItsPlace(frame)).toBe(true);
    await axe(frame);
    await shot('embedded-sign-in-again');
    await eventually(async () => (await heard(page, 'signed-in')).at(-1)?.signedIn === false);
    expect(await codeOf(page, `desk.dial('+14155550142')`)).toBe('signed_out');
    await fillIn(await openSignIn(page, frame), { username: people.ana.username, password });
    await question.waitFor({ state: 'detached' });
    await stream(frame, 'open').waitFor();
    expect(await form(frame).getByLabel('Comments').inputValue()).toBe('half a sen');
    await eventually(async () => (await heard(page, 'signed-in')).at(-1)?.signedIn === true);
    // While he talks: of calls that are over, those of the stories before are still on the desk.
    await form(frame).getByRole('radio', { name: 'Nobody there' }).check();
    await button(frame, 'Record disposition').click();
    await frame.locator('[data-disposition=nobody]').waitFor();
    await world.tell(call.ends('1001'));
  });
});
