import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoProcess, startDemo } from '../harness/demo.ts';
import { createVisits, type Visit, type Visitor } from './visitor.ts';
import { hasBrowser, launchBrowser } from './world.ts';

let demo: DemoProcess;
let browser: Browser;
let visit: (options: Visit) => Promise<Visitor>;

describe.skipIf(!hasBrowser)("the newcomer's minute", () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
    visit = createVisits({ browser, url: demo.phoneUrl });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('the printed link, a call, its record, a disposition, and the CRM has it: three ticks', async () => {
    const { page, context, axe, shot } = await visit({ at: demo.agentLink });
    const guide = page.getByRole('region', { name: 'Try it in one minute' });
    await guide.getByRole('button', { name: 'Start calls' }).click();
    await guide.getByRole('button', { name: 'Pick up the phone' }).click();
    await page.locator('iframe:visible').last().contentFrame().getByRole('heading', { name: 'Maria Keller' }).waitFor();
    await axe();
    await shot('demo');
    await guide.getByRole('button', { name: 'Stop calls' }).click();
    await page.getByRole('button', { name: 'Hang up' }).first().click();
    await page.getByText('Customer', { exact: true }).locator('visible=true').click();
    const form = page.getByRole('form', { name: 'Disposition' });
    await form.getByRole('radio', { name: 'Solved' }).check();
    await form.getByRole('combobox', { name: 'reason' }).click();
    await page.getByRole('option', { name: 'invoice' }).click();
    await form.getByRole('button', { name: 'Record disposition' }).click();
    await guide.getByText('It has arrived.').waitFor({ timeout: 30_000 });
    expect(await guide.locator('[data-done=true]').count()).toBe(3);
    const crm = await context.newPage();
    await crm.goto(demo.crmUrl);
    await crm.locator('li[data-kind="Call record"]', { hasText: 'Solved' }).first().waitFor();
  });

  it('the CRM of the demo has a page of its own, and one for each customer', async () => {
    const { page, axe, shot } = await visit({ at: demo.crmUrl });
    await page.locator('li[data-kind="Disposition"]').first().waitFor();
    await axe();
    await shot('demo-crm');
    await page.getByRole('link', { name: 'Jonas Keller' }).click();
    await page.getByRole('heading', { name: 'Jonas Keller' }).waitFor();
    await axe();
    await page.goto(`${demo.crmUrl}/customers/?phone=%2B14155550124`);
    await page.getByRole('heading', { name: 'Who is it?' }).waitFor();
    await axe();
  });

  it('a customer is called from the desk: my phone rings, his rings, we talk; I hand him on to a colleague', async () => {
    const { page, axe, expects } = await visit({ at: demo.agentLink });
    expects(/status of 422/);
    const guide = page.getByRole('region', { name: 'Try it in one minute' });
    await page.getByLabel('Call a number').fill('+1 415 555 0123');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await guide.getByRole('button', { name: 'Pick up the phone' }).click();
    await guide.getByText('You are talking to the customer.').waitFor();
    await page.getByRole('button', { name: 'Hold' }).click();
    await guide.getByText('The customer is on hold.').waitFor();
    await page.getByRole('button', { name: 'Transfer' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Number', { exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Number' }).fill('99');
    await dialog.getByRole('button', { name: 'Transfer' }).click();
    await dialog.getByText('has no extension "99"').waitFor();
    await dialog.getByText('Colleague', { exact: true }).click();
    await dialog.getByRole('combobox', { name: 'Colleague' }).click();
    await page.getByRole('option', { name: 'Luis Romero (1002)' }).click();
    await axe();
    await dialog.getByRole('button', { name: 'Transfer' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Hang up' }).waitFor({ state: 'detached' });
    await page.getByText('After-call work').locator('visible=true').first().waitFor();
  });

  it('the second link is that of an administrator', async () => {
    const { page } = await visit({ at: demo.administratorLink });
    await page.getByRole('heading', { level: 1, name: 'Live calls' }).waitFor();
    await page.getByRole('link', { name: 'Administration' }).first().waitFor();
  });
});
