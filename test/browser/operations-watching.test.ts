import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abandonedCall, answeredCall } from '../harness/calls.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

/** The routing rule of the house is asked about a call that is under way. */
async function decide(callId: string): Promise<void> {
  const query = new URLSearchParams({ ani: '+14155550123', callId });
  const answer = await fetch(`${world.urls['routing-decider']}/v1/routing/plan/decide?${query.toString()}`, {
    headers: { authorization: `Bearer ${world.token}` },
  });
  if (!answer.ok) throw new Error(`no decision: ${await answer.text()}`);
}

/** A CRM writes into the session of a call. */
async function write(callId: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await fetch(`${world.urls['session-store']}/api/v2/sessions/${callId}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  });
  if (!answer.ok) throw new Error(`nothing written: ${await answer.text()}`);
}

describe.skipIf(!hasBrowser)('operations: what is watched', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    world = await startBrowserWorld({
      DISPATCH_RETRY_DELAYS_MS: '0,100,100',
      BREAKER_FAILURES: '3',
      BREAKER_OPEN_MS: '60000',
    });
    world.crm.answerLookup('plan', 'GOLD');
  }, 120_000);
  afterAll(() => world?.stop());

  it('a whole call is one picture and one list: the decision with its row, what changed, what was sent; live', async () => {
    const { callId, events } = answeredCall({ name: 'whole', startMs: Date.now() });
    const later = (await world.visit({ as: 'admin', at: '/live' })).page;
    await world.tell(events.slice(0, 2));
    await later.locator(`tr[data-call-id=${callId}] a`).click();
    await later.locator('[data-kind=event]').first().waitFor();
    await later.locator('[data-stream=open]').waitFor();
    const { page, axe, shot } = await world.visit({ as: 'admin', at: `/live/${callId}` });
    await decide(callId);
    await later.getByText('row 1 matched').waitFor();
    await write(callId, { 'ivr.plan': 'SILVER', 'ivr.password': 'open sesame' });
    await write(callId, { 'ivr.plan': 'GOLD' });
    await later.locator('[data-variable="ivr.plan"]', { hasText: 'SILVERGOLD' }).waitFor();
    expect(await later.locator('[data-variable="ivr.password"]').textContent()).toBe('ivr.password(new)•••');
    await world.tell(events.slice(2));
    await later.locator('[data-kind=delivery]').first().waitFor();
    await page.locator('[data-bar=talking]').first().waitFor();
    // What is sent is sent now; the PBX of the test has told its times in advance.
    await page.getByText('Everything').click();
    await page.locator('[data-bar=sent]').first().waitFor({ state: 'attached' });
    for (const kind of ['queue', 'ringing', 'talking', 'decision'])
      expect(await page.locator(`[data-bar=${kind}]`).count(), kind).toBe(1);
    const decision = page.locator('[data-kind=decision]');
    expect(await decision.textContent()).toMatch(/Rule plan: to queue gold.*row 1 matched/);
    await axe();
    await shot('time-line-whole');
    const answered = page.getByText('call.answered', { exact: true });
    await answered.waitFor();
    await page.getByText(/^Call \(/).click();
    await answered.waitFor({ state: 'detached' });
    await decision.waitFor();
    await page.getByText(/^Call \(/).click();
    await answered.waitFor();
  });

  it('a story that nothing is told of is not asked for again and again', async () => {
    const { callId, events } = answeredCall({ name: 'quiet', startMs: Date.now() });
    await world.tell(events);
    const { page } = await world.visit({ as: 'supervisor', at: `/live/${callId}` });
    await page.locator('[data-stream=open]').waitFor();
    await page.getByText('Call ended').waitFor();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/timeline')) asked += 1;
    });
    const end = Date.now() + 7000;
    await eventually(() => Date.now() > end, { deadlineMs: 15_000 });
    expect(asked).toBeLessThanOrEqual(2);
  });

  it('a CRM that hangs is seen: in the chart, the failures and the breaker of each replica', async () => {
    const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
    const url = `${world.crm.url}/hooks/slow`;
    await world.config.put('acme', 'external-site', {
      id: 'slow',
      name: 'Slow CRM',
      url,
      method: 'POST',
      format: 'json',
      timeoutMs: 400,
      egress,
    });
    await world.config.put('acme', 'campaign', {
      id: 'slow',
      name: 'Slow',
      match: { queues: ['slow'] },
      sites: ['slow'],
    });
    world.crm.script('/hooks/slow', { hang: true });
    const { page, axe, shot } = await world.visit({
      as: 'admin',
      at: '/operations/destinations?destination=site-slow',
    });
    const card = page.locator('[data-destination=site-slow]');
    await card.getByText('Nothing was asked of it in this time.').waitFor();
    for (const at of [1, 2, 3])
      await world.tell(answeredCall({ name: `hangs-${at}`, startMs: Date.now(), queue: 'slow' }).events);
    await card.locator('[data-breaker=open]').waitFor();
    await card.locator('.recharts-surface').first().waitFor();
    await card.getByRole('button', { name: 'Limits and circuit breakers' }).click();
    await card.locator('[data-replica-breaker=open]').waitFor();
    await card.getByRole('button', { name: 'Figures as a table' }).click();
    const row = card.locator('table', { hasText: 'upper bounds' }).locator('tbody tr').first();
    expect(await row.textContent()).toMatch(/≤ (400|500) ms/);
    await axe();
    await card.getByRole('heading').first().scrollIntoViewIfNeeded();
    await shot('destination-hangs');
  });

  it('queues and consumers are told; work that is dead is a thing to look at', async () => {
    world.crm.script('/hooks/answered', { status: 404 });
    await world.tell(answeredCall({ name: 'dead', startMs: Date.now() }).events);
    const { page, axe } = await world.visit({ as: 'admin', at: '/operations/queues' });
    await page.locator('[data-consumer*=session-store]').first().waitFor();
    await page.getByText(/site-hook: 1 given up/).waitFor();
    const row = page.locator('tr', { hasText: 'site-hook' });
    expect(await row.locator('td').nth(3).textContent()).toBe('1');
    await axe();
    world.crm.clearScript();
  });

  it('live calls are counted by state, filtered by queue and text, and put in another order', async () => {
    const calls = ['b', 'a', 'c'].map((name, at) =>
      abandonedCall({
        name: `wait-${name}`,
        startMs: Date.now(),
        queue: at === 2 ? 'sales' : 'care',
        ani: `+1415555017${at}`,
      }),
    );
    for (const { events } of calls) await world.tell(events.slice(0, 2));
    const { page, axe } = await world.visit({ as: 'supervisor', at: '/live' });
    const rows = page.locator('tbody tr');
    await eventually(async () => (await page.locator('tr[data-state=queued]').count()) === 3, {
      what: 'three that wait',
    });
    await page.getByText('waiting (3)').click();
    await eventually(async () => (await rows.count()) === 3, { what: 'only those that wait' });
    await page.getByRole('button', { name: 'Queue' }).click();
    expect(await rows.first().textContent()).toContain('care');
    await page.getByRole('button', { name: 'Queue' }).click();
    expect(await rows.first().textContent()).toContain('sales');
    expect(await page.locator('th[aria-sort=descending]').textContent()).toBe('Queue');
    await page.getByRole('combobox', { name: 'Queue' }).click();
    await page.getByRole('option', { name: 'care (2)' }).click();
    await eventually(async () => (await rows.count()) === 2);
    await page.getByLabel('Search').fill('0171');
    await eventually(async () => (await rows.count()) === 1);
    expect(page.url()).not.toContain('0171');
    await axe();
    for (const { events } of calls) await world.tell(events.slice(2));
  });

  it('an ended call is found by its id; one that never was is said to be unknown', async () => {
    const { callId, events } = answeredCall({ name: 'past', startMs: Date.now() - 3_600_000 });
    await world.tell(events);
    const { page, expects } = await world.visit({ as: 'supervisor', at: '/live' });
    await page.getByLabel('Find an ended call by its id').fill(callId);
    await page.getByLabel('Find an ended call by its id').press('Enter');
    await page.getByText('Call ended').waitFor();
    expects(/status of 404/);
    await page.goto('/live/c-never-was');
    await page.getByRole('alert').getByText('There is no such call').waitFor();
  });

  it.each([
    ['fr-FR', '/operations/dead-letters', 'Échecs définitifs'],
    ['fr-FR', '/operations/destinations', 'Destinations'],
    ['es-ES', '/operations/queues', 'Colas y consumidores'],
    ['es-ES', '/operations', 'Envíos'],
  ])('all of it speaks the language of the browser: %s, %s', async (locale, path, title) => {
    const { page } = await world.visit({ as: 'admin', at: path, locale });
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
  });
});
