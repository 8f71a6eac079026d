import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const agents = 200;
const tickMs = 100;
/** Calls between two events of one call. */
const spacing = 3;
const interactions = 20;
const limitMs = 200;
/** What the browser does not report was painted sooner than this (Event Timing). */
const shortestMs = 16;

const agentOf = (at: number): string => String(1001 + (((at % agents) + agents) % agents));

/** A new call each tick, each going its way from ringing to its end: seven events a tick, 70 in a second. */
function createGenerator(name: string) {
  const startMs = Date.now();
  const callAt = (at: number) =>
    answeredCall({ name: `${name}-${at}`, startMs: startMs + at * tickMs, agentId: agentOf(at) }).events;
  return (tick: number): unknown[] =>
    Array.from({ length: 7 }, (_, event) =>
      tick < event * spacing ? undefined : callAt(tick - event * spacing)[event],
    ).filter((event) => event !== undefined);
}

/** Tells events at this rate until `stop`; resolves to how many it told in a second. */
function startTelling(name: string): { stop: () => Promise<number> } {
  const eventsAt = createGenerator(name);
  const startedAt = Date.now();
  let [told, stopped] = [0, false];
  const run = async (): Promise<number> => {
    for (let tick = 0; !stopped; tick += 1) {
      const events = eventsAt(tick);
      await world.tell(events);
      told += events.length;
      await sleep(Math.max(0, startedAt + (tick + 1) * tickMs - Date.now()));
    }
    return (told * 1000) / (Date.now() - startedAt);
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

const watchInteractions = `window.interactions = new Map();
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries())
    if (interactionId > 0) interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
}).observe({ type: 'event', durationThreshold: ${shortestMs}, buffered: false });
window.seenCalls = new Set();
new MutationObserver(() => {
  for (const { dataset } of document.querySelectorAll('tr[data-call-id]')) seenCalls.add(dataset.callId);
}).observe(document.body, { childList: true, subtree: true });`;

/** From input to paint, of each interaction (ms), smallest first. */
async function measure(page: Page): Promise<number[]> {
  await page.evaluate('interactions.clear()');
  const language = page.getByRole('button', { name: 'Language' });
  for (let at = 0; at < interactions / 2; at += 1) {
    await language.click();
    await page.getByRole('menuitem', { name: 'English' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'English' }).waitFor({ state: 'detached' });
  }
  // The last is reported with its frame.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))');
  const reported = await page.evaluate<number[]>('[...interactions.values()]');
  const quick = Array<number>(Math.max(0, interactions - reported.length)).fill(shortestMs);
  return [...quick, ...reported].toSorted((a, b) => a - b);
}

const p95 = (sorted: readonly number[]): number => sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;

interface Measured {
  readonly p95: number;
  readonly max: number;
}

/** As now: p95 and slowest of one series. */
async function measureOnce(page: Page): Promise<Measured> {
  const found = await measure(page);
  const now = { p95: p95(found), max: found.at(-1) ?? Number.NaN };
  console.log(`input to paint: p95 ${now.p95} ms, max ${now.max} ms of ${found.length}`);
  return now;
}

/**
 * Up to three times, the best counts: the machine does other things too, and they slow down a frame now and then. A page
 * that is slow by itself is so each time.
 */
async function bestOf3(page: Page): Promise<Measured> {
  let best: Measured = { p95: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  for (let tries = 0; tries < 3 && best.max >= limitMs; tries += 1) {
    const now = await measureOnce(page);
    if (now.max < best.max) best = now;
  }
  return best;
}

/**
 * Where the machine has so much else to do, before or after, that the page is slow without any news too, the limit says
 * nothing of the page: there the news may make it half as slow again.
 */
async function expectQuick(page: Page, found: Measured, before: Measured): Promise<void> {
  const after = found.max < limitMs ? before : await measureOnce(page);
  const quiet = before.max > after.max ? before : after;
  const isBusy = quiet.max >= limitMs;
  if (isBusy) console.log('this machine is too busy for the limit itself: measured against the page without news');
  expect(found.p95).toBeLessThan(isBusy ? quiet.p95 * 1.5 : limitMs);
  expect(found.max).toBeLessThan(isBusy ? quiet.max * 1.5 : limitMs);
}

describe.skipIf(!hasBrowser)('while the calls of 200 agents go on', () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
    const startMs = Date.now() - 60_000;
    const calls = Array.from({ length: agents }, (_, at) =>
      answeredCall({ name: `talks-${at}`, startMs: startMs + at, agentId: agentOf(at) }).events.slice(0, 5),
    );
    await world.tell(calls.flat());
  }, 120_000);
  afterAll(() => world?.stop());

  it('the live calls answer whoever uses them within 200 ms', async () => {
    const { page } = await world.visit({ as: 'supervisor', at: '/live' });
    await page.locator(`tr[data-call-id=c-t-talks-${agents - 1}][data-state=talking]`).waitFor({ timeout: 60_000 });
    await page.evaluate(watchInteractions);
    const quiet = await bestOf3(page);
    const telling = startTelling('live');
    const best = await bestOf3(page);
    const perSecond = await telling.stop();
    const seen = await page.evaluate<number>('[...seenCalls].filter((id) => id.startsWith("c-t-live-")).length');
    console.log(`${Math.round(perSecond)} events/s; ${seen} calls came into sight meanwhile`);
    // The page did follow: else nothing would have slowed it down.
    expect(seen).toBeGreaterThan(10);
    await expectQuick(page, best, quiet);
  }, 240_000);

  it('the desk of one of them answers him within 200 ms, while he is called too', async () => {
    const { page } = await world.visit({ as: 'ana', at: '/desk' });
    await page.locator('[data-call-id=c-t-talks-0]').first().waitFor({ timeout: 60_000 });
    await page.evaluate(watchInteractions);
    const quiet = await bestOf3(page);
    const telling = startTelling('own');
    const best = await bestOf3(page);
    await telling.stop();
    await expectQuick(page, best, quiet);
  }, 240_000);
});
