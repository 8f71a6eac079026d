import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const letters = (page: Page) => page.locator('tr[data-letter-id]');

interface Listed {
  readonly matched: number;
}

/** Calls whose site the CRM refuses until their work is dead. */
async function dieAtTheHook(names: readonly string[]): Promise<void> {
  for (const name of names) await world.tell(answeredCall({ name, startMs: Date.now() }).events);
  const dead = async (name: string): Promise<boolean> => {
    const answer = await world.ask(`/v1/dead-letters?callId=c-t-${name}&consumer=site-hook`);
    return ((await answer.json()) as Listed).matched === 1;
  };
  await eventually(async () => (await Promise.all(names.map(dead))).every(Boolean), {
    what: 'the dead letters',
    deadlineMs: 30_000,
  });
}

const stateOf = async (name: string): Promise<string | undefined> => {
  const answer = await world.ask(`/v1/deliveries?callId=c-t-${name}&destination=site-hook`);
  return ((await answer.json()) as { deliveries: { state: string }[] }).deliveries[0]?.state;
};

describe.skipIf(!hasBrowser)('operations', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    world = await startBrowserWorld({
      DISPATCH_RETRY_DELAYS_MS: '0,50,50',
      BREAKER_FAILURES: '1000',
      CONSOLE_TRACE_URL: 'https://traces.example.com/trace/{traceId}',
    });
  }, 120_000);
  afterAll(() => world?.stop());

  it('a CRM that answered 500 until work was dead is mended; all of it is replayed at once and arrives', async () => {
    world.crm.script('/hooks/answered', { status: 500, body: { error: 'the database is away' } });
    const names = ['dead-1', 'dead-2', 'dead-3'];
    await dieAtTheHook(names);
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/operations/dead-letters' });
    await heading(page, 'Dead letters');
    await page.getByLabel('Destination or queue').fill('site-hook');
    await eventually(async () => (await letters(page).count()) === 3, { what: 'the letters' });
    await axe();
    await shot('dead-letters');
    world.crm.clearScript();
    await page.getByRole('button', { name: 'Select all 3 that fit' }).click();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay 3 dead letters?' });
    await dialog.getByText('3 to site-hook').waitFor();
    await axe();
    await shot('dead-letters-question');
    await dialog.getByRole('button', { name: 'Replay' }).click();
    await dialog.getByText('Done: 3 of 3 replayed, 0 failed, 0 closed before').waitFor();
    expect(await dialog.locator('[data-result=done]').count()).toBe(3);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await letters(page).first().waitFor({ state: 'detached' });
    await eventually(async () => (await Promise.all(names.map(stateOf))).every((state) => state === 'succeeded'), {
      what: 'the deliveries that succeeded',
    });
  });

  it('what somebody else replayed meanwhile is told as closed, and is not sent twice', async () => {
    world.crm.script('/hooks/answered', { status: 500 });
    await dieAtTheHook(['both']);
    world.crm.clearScript();
    const { page } = await world.visit({ as: 'admin', at: '/operations/dead-letters?callId=c-t-both' });
    await page.getByRole('checkbox', { name: /site-hook/ }).check();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    const id = await letters(page).first().getAttribute('data-letter-id');
    expect((await world.ask(`/v1/dead-letters/${id}:replay`, { method: 'POST' })).ok).toBe(true);
    await eventually(async () => (await stateOf('both')) === 'succeeded');
    const sent = () => world.crm.requests().filter(({ path }) => path === '/hooks/answered').length;
    const before = sent();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    await page.getByText('Done: 0 of 1 replayed, 0 failed, 1 closed before').waitFor();
    expect(sent()).toBe(before);
  });

  it('work is discarded with a question that names it, and only with the reason why', async () => {
    world.crm.script('/hooks/answered', { status: 500 });
    await dieAtTheHook(['given-up']);
    world.crm.clearScript();
    const { page, axe } = await world.visit({ as: 'admin', at: '/operations/dead-letters?callId=c-t-given-up' });
    await page.getByRole('checkbox', { name: /site-hook/ }).check();
    await page.getByRole('button', { name: 'Discard' }).click();
    const dialog = page.getByRole('dialog', { name: 'Discard 1 dead letter?' });
    await dialog.getByText('1 to site-hook').waitFor();
    const confirm = dialog.getByRole('button', { name: 'Discard' });
    expect(await confirm.isDisabled()).toBe(true);
    await axe();
    await dialog.getByLabel('Why').fill('The customer was called back.');
    await confirm.click();
    await dialog.getByText('Done: 1 of 1 discarded, 0 failed, 0 closed before').waitFor();
    await eventually(async () => (await stateOf('given-up')) === 'discarded');
  });

  it('a dispatcher that does not answer is told for each, and the letters stay', async () => {
    world.crm.script('/hooks/answered', { status: 500 });
    await dieAtTheHook(['stays']);
    world.crm.clearScript();
    const { page, expects } = await world.visit({ as: 'admin', at: '/operations/dead-letters?callId=c-t-stays' });
    expects(/status of 503/);
    const error = { code: 'no_responders', message: 'nobody serves this now' };
    await page.route('**/v1/dead-letters:replay', (route) => route.fulfill({ status: 503, json: { error } }));
    await page.getByRole('checkbox', { name: /site-hook/ }).check();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    await page.locator('[data-result=failed]').getByText(error.message).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    expect(await letters(page).count()).toBe(1);
  });

  it('deliveries are filtered and opened: attempts, answer, trace, and the way to the call', async () => {
    world.crm.script('/hooks/answered', { status: 422, body: { error: 'no such customer' } });
    await world.tell(answeredCall({ name: 'refused', startMs: Date.now() }).events);
    await eventually(async () => (await stateOf('refused')) === 'dead');
    world.crm.clearScript();
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/operations' });
    await page.locator('td time').first().waitFor();
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'dead', exact: true }).click();
    await page.getByLabel('Search').fill('no such CUSTOMER');
    await eventually(async () => (await page.locator('tr[data-work-id]').count()) === 1, { what: 'the one that fits' });
    expect(new URL(page.url()).search).toBe('?state=dead');
    await shot('deliveries-filtered');
    await page.getByRole('button', { name: 'site-hook' }).click();
    const details = page.getByRole('dialog', { name: 'Delivery' });
    await details.getByText('no such customer').waitFor();
    const trace = details.locator('[data-trace-id]').first();
    const traceId = await trace.getAttribute('data-trace-id');
    expect(await trace.getByRole('link').getAttribute('href')).toBe(`https://traces.example.com/trace/${traceId}`);
    await axe();
    await shot('delivery');
    await details.getByRole('link', { name: 'The whole call' }).click();
    await heading(page, 'What happened in this call');
  });

  it('a supervisor sees the calls and none of what was sent: neither by a link nor by the address', async () => {
    const { page, expects } = await world.visit({ as: 'supervisor', at: '/live' });
    expects(/status of 403/);
    await heading(page, 'Live calls');
    expect(await page.getByRole('link', { name: 'Deliveries' }).count()).toBe(0);
    for (const path of ['/operations', '/operations/dead-letters', '/operations/destinations', '/operations/queues']) {
      await page.goto(path);
      await page.getByRole('alert').first().waitFor();
      expect(await page.locator('tbody tr').count(), path).toBe(0);
    }
  });
});
