import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { quickestQuarter } from './quickest.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const row = (page: Page, callId: string, state?: string) =>
  page.locator(`tr[data-call-id="${callId}"]${state === undefined ? '' : `[data-state=${state}]`}`);

const stream = (page: Page, state: string) => page.locator(`[data-stream=${state}]`);

/** A call that is offered now, by somebody with this name. */
function callOf(name: string, callerName?: string) {
  const call = answeredCall({ name, startMs: Date.now() });
  const [offered, ...rest] = call.events;
  if (callerName === undefined) return call;
  return { ...call, events: [{ ...offered, data: { ...(offered?.data as object), callerName } }, ...rest] };
}

/** When each call came into sight, in ms since 1970: after the frame that painted it. */
const watchRows = `window.firstSeen = {};
new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
  for (const { dataset } of document.querySelectorAll('tr[data-call-id]')) firstSeen[dataset.callId] ??= Date.now();
}))).observe(document.body, { childList: true, subtree: true });`;

beforeAll(async () => {
  if (hasBrowser) world = await startBrowserWorld();
}, 120_000);
afterAll(() => world?.stop());

describe.skipIf(!hasBrowser)('live calls', () => {
  it("are on the screen within 200 ms of the PBX's event", async () => {
    const { page } = await world.visit({ as: 'supervisor', at: '/live' });
    await stream(page, 'open').waitFor();
    await page.evaluate(watchRows);
    const latenciesMs: number[] = [];
    for (let at = 0; at < 20; at += 1) {
      const call = callOf(`fast-${at}`);
      const toldAt = Date.now();
      await world.tell(call.events.slice(0, 1));
      await row(page, call.callId).waitFor();
      const seenAt = await eventually(() => page.evaluate<number | undefined>(`firstSeen['${call.callId}']`));
      latenciesMs.push(seenAt - toldAt);
      await world.tell(call.events.slice(-1));
    }
    const seen = quickestQuarter(latenciesMs);
    console.log(`a call is seen ${seen} ms after it was told (a quarter of 20)`);
    expect(seen).toBeLessThan(200);
  });

  it('go their way: waiting, ringing, talking, ended', async () => {
    const { page } = await world.visit({ as: 'supervisor', at: '/live' });
    const { callId, events } = callOf('way', 'Jo Caller');
    await world.tell(events.slice(0, 2));
    await row(page, callId, 'queued').waitFor();
    expect(await row(page, callId).textContent()).toContain('Jo Caller');
    await world.tell(events.slice(2, 3));
    await row(page, callId).getByText('1 ringing').waitFor();
    await world.tell(events.slice(3, 5));
    await row(page, callId, 'talking').getByText('Agent 1001').waitFor();
    await world.tell(events.slice(5));
    await row(page, callId, 'ended').getByText('answered').waitFor();
  });

  it('after a restart of the console the state is read again: what was missed is there, what ended is over', async () => {
    const { page, expects } = await world.visit({ as: 'supervisor', at: '/live' });
    expects(/net::ERR_/);
    const [before, during] = [callOf('before'), callOf('during')];
    await world.tell(before.events.slice(0, 4));
    await row(page, before.callId, 'talking').waitFor();
    await world.endConsole();
    await stream(page, 'lost').waitFor();
    await world.tell([...during.events.slice(0, 2), ...before.events.slice(4)]);
    await world.beginConsole();
    await stream(page, 'open').waitFor();
    await row(page, during.callId, 'queued').waitFor();
    await row(page, before.callId, 'ended').waitFor();
  });

  it('an agent sees his own calls only', async () => {
    const { page } = await world.visit({ as: 'ben', at: '/live' });
    const [hers, his] = [
      answeredCall({ name: 'hers', startMs: Date.now() }),
      answeredCall({ name: 'his', startMs: Date.now(), agentId: '1002' }),
    ];
    await world.tell(hers.events.slice(0, 4));
    await world.tell(his.events.slice(0, 4));
    await row(page, his.callId, 'talking').waitFor();
    expect(await row(page, hers.callId).count()).toBe(0);
  });
});

const hostile = {
  markup: `<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>`,
  rtl: '\u202egnp.egaugnal مرحبا بالعالم',
  long: 'W'.repeat(256),
};

describe.skipIf(!hasBrowser)('names that callers give themselves', () => {
  beforeAll(async () => {
    for (const [name, callerName] of Object.entries(hostile)) {
      const call = callOf(`hostile-${name}`, callerName);
      await world.tell(call.events.slice(0, 3));
    }
  });

  const isWhole = (page: Page): Promise<boolean> =>
    page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth && window.hacked === undefined');

  it.each([
    ['a laptop', false],
    ['a phone', true],
  ])('stay text and break no layout, on %s', async (_, phone) => {
    const { page, shot } = await world.visit({ as: 'supervisor', at: '/live', phone });
    for (const [name, callerName] of Object.entries(hostile)) {
      const here = row(page, `c-t-hostile-${name}`);
      await here.getByText(callerName, { exact: true }).waitFor();
      // A name that turns the direction of writing leaves the number alone.
      await here.getByText('+14155550123', { exact: true }).waitFor();
      if (!phone) expect((await here.locator('time').boundingBox())?.x).toBeLessThan(1280);
    }
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await isWhole(page)).toBe(true);
    await shot(phone ? 'hostile-names-phone' : 'hostile-names');
  });

  it('stay text on the time line of the call', async () => {
    const { page } = await world.visit({ as: 'supervisor', at: '/live', phone: true });
    for (const [name, callerName] of Object.entries(hostile)) {
      await page.goto(`/live/c-t-hostile-${name}`);
      await page.locator('main').getByText(callerName, { exact: true }).first().waitFor();
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect(await isWhole(page)).toBe(true);
    }
  });
});
