import { Failure } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callItem, type DeskWorld, deskCall, startDeskWorld, stateEvent, stream } from './desk-support.ts';
import { quickestQuarter } from './quickest.ts';
import { hasBrowser } from './world.ts';

let world: DeskWorld;

/** When each call came into sight and went, in ms since 1970: after the frame that painted it. */
const watchCalls = `window.seen = {}; window.gone = {};
new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
  const here = new Set([...document.querySelectorAll('button[data-call-id]')].map(({ dataset }) => dataset.callId));
  for (const id of here) seen[id] ??= Date.now();
  for (const id of Object.keys(seen)) if (!here.has(id)) gone[id] ??= Date.now();
}))).observe(document.body, { childList: true, subtree: true });`;

const at = (page: Page, what: 'seen' | 'gone', callId: string) =>
  eventually(() => page.evaluate<number | undefined>(`${what}['${callId}']`), { what: `${callId} ${what}` });

const desk = async (as: 'ana' | 'ben', more: object = {}) => {
  const visitor = await world.visit({ as, at: '/desk', ...more });
  await stream(visitor.page, 'open').waitFor();
  // Of a call that went elsewhere the agent may not read the card any more.
  visitor.expects(/status of 404.*\/v1\/(agent\/cards|calls)\//);
  return visitor;
};

const agentState = (page: Page, state: string) => page.locator(`[data-agent-state=${state}]`);
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

beforeAll(async () => {
  if (hasBrowser) world = await startDeskWorld();
}, 120_000);
afterAll(() => world?.stop());

describe.skipIf(!hasBrowser)('the agent desk', () => {
  it("a call rings on the desk of each member within 200 ms of the PBX's event, and is gone when another answers", async () => {
    const [ana, ben] = [await desk('ana'), await desk('ben')];
    for (const { page } of [ana, ben]) await page.evaluate(watchCalls);
    const ringsMs: number[] = [];
    const goneMs: number[] = [];
    for (let turn = -2; turn < 10; turn += 1) {
      const call = deskCall({ name: `fast-${turn + 2}`, callerName: 'Jo Caller' });
      await world.tell(call.offered());
      const rangAt = Date.now();
      await world.tell(call.rings('1001', '1002'));
      for (const { page } of [ana, ben]) await callItem(page, call.callId).waitFor();
      for (const { page } of [ana, ben]) ringsMs.push((await at(page, 'seen', call.callId)) - rangAt);
      const answeredAt = Date.now();
      await world.tell(call.answers('1002', '1001'));
      await callItem(ana.page, call.callId).waitFor({ state: 'detached' });
      goneMs.push((await at(ana.page, 'gone', call.callId)) - answeredAt);
      await callItem(ben.page, call.callId, 'talking').waitFor();
      await world.tell(call.ends('1002'));
    }
    // The first ones find nothing ready.
    ringsMs.splice(0, 4);
    goneMs.splice(0, 2);
    const [rings, gone] = [quickestQuarter(ringsMs), quickestQuarter(goneMs)];
    console.log(`a call rings after ${rings} ms, and is withdrawn after ${gone} ms (a quarter of them)`);
    expect(rings).toBeLessThan(200);
    expect(gone).toBeLessThan(200);
  });

  it('ringing, talking, held, ended: each is seen; who rings is announced', async () => {
    const { page, axe, shot } = await desk('ana');
    const call = deskCall({ name: 'way', queue: 'page', callerName: 'Jo Caller' });
    await world.tell([...call.offered(), ...call.rings('1001')]);
    await callItem(page, call.callId, 'ringing').waitFor();
    expect(await page.getByRole('alert').first().textContent()).toContain('Your phone rings: +14155550123 · Jo Caller');
    await page.frameLocator('iframe').getByText('Customer page').waitFor();
    await axe();
    await shot('desk-ringing');
    await world.tell(call.answers('1001'));
    await callItem(page, call.callId, 'talking').waitFor();
    await shot('desk-talking');
    await world.tell(call.holds('1001'));
    await callItem(page, call.callId, 'held').waitFor();
    await button(page, 'Resume').waitFor();
    await world.tell(call.resumes('1001'));
    await callItem(page, call.callId, 'talking').waitFor();
    await world.tell(call.ends('1001'));
    await callItem(page, call.callId, 'ended').waitFor();
  });

  it('the agent logs in, pauses with a reason, goes on and logs out; each state is what the PBX tells', async () => {
    const { page, axe } = await desk('ben');
    await button(page, 'Log in').click();
    await eventually(() => world.pbx.told.at(-1)?.command === 'login');
    expect(world.pbx.told.at(-1)).toMatchObject({ agentId: '1002', name: 'Ben Okafor' });
    await world.tell([stateEvent('1002', 'ready')]);
    await agentState(page, 'ready').waitFor();
    await button(page, 'Pause').click();
    await page.getByRole('menuitem', { name: 'Coffee' }).click();
    await eventually(() => world.pbx.told.at(-1)?.command === 'pause');
    expect(world.pbx.told.at(-1)).toMatchObject({ reason: 'Coffee' });
    await world.tell([stateEvent('1002', 'paused', 'Coffee')]);
    await agentState(page, 'paused').getByText('Coffee').waitFor();
    await axe();
    await button(page, 'Take calls again').click();
    await world.tell([stateEvent('1002', 'ready')]);
    await agentState(page, 'ready').waitFor();
    await button(page, 'Pause').click();
    await page.getByRole('menuitem', { name: 'Another reason…' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Doctor');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await eventually(() => world.pbx.told.some((told) => 'reason' in told && told.reason === 'Doctor'));
    for (const state of ['ringing', 'busy', 'on-hold']) {
      await world.tell([stateEvent('1002', state)]);
      await agentState(page, state).waitFor();
    }
    await button(page, 'Log out').click();
    await world.tell([stateEvent('1002', 'offline')]);
    await agentState(page, 'offline').waitFor();
    await button(page, 'Log in').waitFor();
    const commands = world.pbx.told.filter(({ agentId }) => agentId === '1002').map(({ command }) => command);
    expect(commands).toEqual(['login', 'pause', 'unpause', 'pause', 'logout']);
  });

  it('what the PBX refuses is said in its words', async () => {
    const { page, expects } = await desk('ben');
    expects(/status of 422/);
    const failure = new Failure('permanent', 'unknown_queue', 'the PBX has no queue "plain"');
    world.pbx.refuses.set('login', failure);
    await button(page, 'Log in').click();
    await page.getByRole('alert').getByText(failure.message).waitFor();
    world.pbx.refuses.delete('login');
  });

  it('after-call work counts down, takes a minute more, and ends', async () => {
    const { page, axe, shot } = await desk('ana');
    const call = deskCall({ name: 'acw', queue: 'acw' });
    await world.tell([...call.offered(), ...call.rings('1001'), ...call.answers('1001'), ...call.ends('1001')]);
    await callItem(page, call.callId, 'acw').waitFor();
    const left = page.getByRole('timer');
    await left.getByText(/^1:[0-5]\d left/).waitFor();
    await axe();
    await shot('desk-acw');
    await button(page, '1 more minute').click();
    await left.getByText(/^2:[0-5]\d left/).waitFor();
    await button(page, 'Done').click();
    await left.waitFor({ state: 'detached' });
    await callItem(page, call.callId, 'ended').waitFor();
  });

  it('two calls: the one that is chosen is what the desk is about, and a call that rings tears nobody away', async () => {
    const { page } = await desk('ana');
    const [first, second] = [
      deskCall({ name: 'first', queue: 'page', ani: '+14155550111' }),
      deskCall({ name: 'second', queue: 'form', ani: '+14155550122' }),
    ];
    await world.tell([...first.offered(), ...first.rings('1001'), ...first.answers('1001')]);
    await callItem(page, first.callId, 'talking').waitFor();
    await world.tell([...second.offered(), ...second.rings('1001')]);
    await callItem(page, second.callId, 'ringing').waitFor();
    expect(await callItem(page, first.callId).getAttribute('aria-pressed')).toBe('true');
    await callItem(page, second.callId).press('Enter');
    await page.getByRole('tab', { name: 'Site form' }).waitFor();
    await callItem(page, first.callId).press('Enter');
    await page.getByRole('tab', { name: 'Site page' }).waitFor();
    expect(await page.getByRole('tab').count()).toBe(1);
    // Each page was asked for once, however often one looked.
    const of = (path: string) => world.asked.filter((asked) => asked.includes(path) && !asked.startsWith('HEAD'));
    await eventually(() => of('%2B14155550122').length === 1 || of('+14155550122').length === 1);
    expect(of('14155550111').length).toBe(1);
    await world.tell([...first.ends('1001'), ...second.ends('1001')]);
  });

  it('after a restart of the console the desk reads its state again', async () => {
    const { page, expects } = await desk('ana');
    expects(/net::ERR_/);
    expects(/status of 503/);
    await world.tell([stateEvent('1001', 'ready')]);
    await agentState(page, 'ready').waitFor();
    const [before, during] = [deskCall({ name: 'before' }), deskCall({ name: 'during' })];
    await world.tell([...before.offered(), ...before.rings('1001')]);
    await callItem(page, before.callId, 'ringing').waitFor();
    await world.endConsole();
    await stream(page, 'lost').waitFor();
    await world.tell([...before.answers('1002', '1001'), ...before.ends('1002')]);
    await world.tell([...during.offered(), ...during.rings('1001'), stateEvent('1001', 'ringing')]);
    await world.beginConsole();
    await stream(page, 'open').waitFor();
    await callItem(page, during.callId, 'ringing').waitFor();
    await callItem(page, before.callId).waitFor({ state: 'detached' });
    await agentState(page, 'ringing').waitFor();
    await world.tell([...during.answers('1002', '1001'), ...during.ends('1002')]);
  });
});
