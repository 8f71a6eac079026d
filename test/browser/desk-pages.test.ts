import { Failure } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callItem, type DeskWorld, deskCall, startDeskWorld, stream } from './desk-support.ts';
import { hasBrowser } from './world.ts';

let world: DeskWorld;

const desk = async (as: 'ana' | 'ben', more: object = {}) => {
  const visitor = await world.visit({ as, at: '/desk', ...more });
  await stream(visitor.page, 'open').waitFor();
  // Of a call that went elsewhere the agent may not read the card any more.
  visitor.expects(/status of 404.*\/v1\/(agent\/cards|calls)\//);
  return visitor;
};

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
/** Without what was only asked for its headers. */
const asked = (path: string): string[] => world.asked.filter((one) => !one.startsWith('HEAD') && one.includes(path));

/** A call of this queue that rings at an agent. */
async function ringing(
  name: string,
  queue: string,
  { ani = '+14155550123', agentId = '1001', callerName = 'Jo' } = {},
) {
  const call = deskCall({ name, queue, ani, callerName });
  await world.tell([...call.offered(), ...call.rings(agentId)]);
  return call;
}

const heard = (page: Page) => page.frameLocator('iframe:visible').locator('#heard');

beforeAll(async () => {
  if (hasBrowser) world = await startDeskWorld();
}, 120_000);
afterAll(() => world?.stop());

describe.skipIf(!hasBrowser)("the CRM's pages on the desk", () => {
  it('a page is shown in a frame that can neither leave it nor reach ours', async () => {
    const { page } = await desk('ana');
    const call = await ringing('framed', 'page');
    await heard(page).getByText('GET /page?phone=+14155550123').waitFor();
    const sandbox = (await page.locator('iframe').getAttribute('sandbox')) ?? '';
    expect(sandbox.split(' ')).toContain('allow-same-origin');
    expect(sandbox).not.toContain('top-navigation');
    await world.tell(call.answers('1002', '1001'));
    await page.locator('iframe').waitFor({ state: 'detached' });
  });

  it('a form is posted into its frame once, also when the page is loaded again; then only by hand', async () => {
    const { page } = await desk('ana');
    const call = await ringing('posted', 'form');
    await heard(page).getByText('POST /form phone=%2B14155550123').waitFor();
    await page.reload();
    await button(page, 'Send again to Site form').waitFor();
    expect(asked('POST /form').length).toBe(1);
    await button(page, 'Send again to Site form').click();
    await heard(page).getByText('POST /form').waitFor();
    expect(asked('POST /form').length).toBe(2);
    await world.tell(call.answers('1002', '1001'));
  });

  it('a site that refuses to be framed is noticed, said, and opened in a tab', async () => {
    const { page, context } = await desk('ana');
    const call = await ringing('refused', 'refused');
    await page.locator('[data-refused=x-frame-options]').waitFor();
    expect(await page.locator('iframe').count()).toBe(0);
    const tab = await eventually(() => context.pages().find((one) => one.url().includes('/refused')));
    await tab.getByText('Customer page').waitFor();
    expect(await tab.evaluate('opener')).toBeNull();
    await page.getByText('Site refused is open in a tab of its own.').waitFor();
    await world.tell(call.answers('1002', '1001'));
  });

  it('a tab that the browser blocks is noticed, and opened by a click', async () => {
    const { page, context, axe } = await desk('ana');
    await page.evaluate('window.realOpen = window.open; window.open = () => null');
    const call = await ringing('blocked', 'tab');
    await page.getByRole('alert').getByText('Your browser blocked the new tab').waitFor();
    await axe();
    expect(asked('/tab').length).toBe(0);
    await page.evaluate('window.open = window.realOpen');
    await button(page, 'Open Site tab').click();
    const tab = await eventually(() => context.pages().find((one) => one.url().includes('/tab')));
    await tab.getByText('Customer page').waitFor();
    await world.tell(call.answers('1002', '1001'));
  });

  it('a site that takes JSON is told in the background, and it is said what it answered', async () => {
    const { page } = await desk('ana');
    const call = await ringing('told', 'json');
    await page.getByText('Site json was told about the call.').waitFor();
    expect(asked('/json').filter((one) => one.startsWith('POST'))).toEqual(['POST /json {"phone":"+14155550123"}']);
    await page.reload();
    await page.getByText('Site json was told about the call before.').waitFor();
    await world.tell(call.answers('1002', '1001'));
  });

  it('a site with a button waits for it', async () => {
    const { page } = await desk('ana');
    const call = await ringing('pressed', 'button');
    await button(page, 'Show Site button').waitFor();
    expect(asked('/button').length).toBe(0);
    await button(page, 'Show Site button').press('Enter');
    await heard(page).getByText('GET /button').waitFor();
    await world.tell(call.answers('1002', '1001'));
  });
});

describe.skipIf(!hasBrowser)('who calls', () => {
  const contactForm = (page: Page) => page.getByRole('region', { name: 'Contact' });

  it('nobody has the number: a form with the number filled in makes him a contact of the call', async () => {
    const { page, axe } = await desk('ana');
    const call = await ringing('new', 'known', { ani: '+14155550201' });
    const form = contactForm(page);
    expect(await form.getByLabel('phone').inputValue()).toBe('+14155550201');
    await form.getByLabel('name').fill('Zoë Ünal');
    await axe();
    await button(page, 'Add contact').click();
    await form.locator('[data-contact-id]').getByText('Zoë Ünal').first().waitFor();
    await world.tell(call.answers('1002', '1001'));
  });

  it('several have the number: one is chosen, and stays chosen', async () => {
    const hostile = '<img src=x onerror=window.hacked=1>';
    for (const name of [hostile, 'Bo Second'])
      await world.ask('/v1/contact-databases/people/contacts', {
        method: 'POST',
        body: { values: { name, phone: '+14155550202' } },
      });
    const { page, axe } = await desk('ana');
    const call = await ringing('several', 'known', { ani: '+14155550202' });
    await page.getByText('2 contacts have this number. Who is it?').waitFor();
    await page.getByRole('radio', { name: hostile }).waitFor();
    await axe();
    await page.getByRole('radio', { name: 'Bo Second' }).check();
    await button(page, 'It is this one').click();
    await contactForm(page).locator('[data-contact-id]').getByText('Bo Second').first().waitFor();
    await page.reload();
    await contactForm(page).locator('[data-contact-id]').getByText('Bo Second').first().waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    await world.tell(call.answers('1002', '1001'));
  });
});

describe.skipIf(!hasBrowser)('commands', () => {
  it('hang up, hold and transfer go to the PBX; before the answer only declining is possible', async () => {
    const { page, axe } = await desk('ana');
    const call = await ringing('commanded', 'plain');
    await button(page, 'Decline').waitFor();
    expect(await button(page, 'Hold').isDisabled()).toBe(true);
    await page.locator('[data-reason]').getByText('once you have answered').waitFor();
    await world.tell(call.answers('1001'));
    await button(page, 'Hold').click();
    await eventually(() => world.pbx.told.at(-1)?.command === 'hold');
    expect(world.pbx.told.at(-1)).toMatchObject({ agentId: '1001', callId: call.callId });
    await button(page, 'Transfer').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Colleague' }).click();
    await page.getByRole('option', { name: 'Ben Okafor (1002)' }).click();
    await axe();
    await dialog.getByRole('button', { name: 'Transfer' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(world.pbx.told.at(-1)).toMatchObject({ to: { kind: 'agent', interface: 'PJSIP/1002' } });
    await button(page, 'Hang up').click();
    await eventually(() => world.pbx.told.at(-1)?.command === 'hangup');
    await world.tell(call.ends('1001'));
  });

  it('a phone that cannot hold is said to, and the button is disabled with the reason from then on', async () => {
    const { page, expects } = await desk('ana');
    expects(/status of 422/);
    const call = await ringing('unheld', 'plain');
    await world.tell(call.answers('1001'));
    world.pbx.refuses.set(
      'hold',
      new Failure('permanent', 'not_supported', 'PJSIP/1001 did not follow: use its hold key'),
    );
    await button(page, 'Hold').click();
    await page.locator('[data-reason]').getByText('use its hold key').waitFor();
    expect(await button(page, 'Hold').isDisabled()).toBe(true);
    world.pbx.refuses.delete('hold');
    await world.tell(call.ends('1001'));
  });

  it('a number is called; what cannot be dialled is said at the field', async () => {
    const { page, expects } = await desk('ana');
    expects(/status of 400/);
    const field = page.getByLabel('Call a number');
    await field.fill('call me maybe');
    await field.press('Enter');
    await page.getByText('expected a telephone number or an extension').waitFor();
    await field.fill('+1 415 555 0199');
    await field.press('Enter');
    await eventually(() => world.pbx.told.at(-1)?.command === 'originate');
    expect(world.pbx.told.at(-1)).toMatchObject({ to: '+14155550199', agentId: '1001' });
    await eventually(async () => (await field.inputValue()) === '');
  });

  it('an agent whose PBX nobody is connected to is told so, before he tries', async () => {
    await world.config.put('acme', 'agent', { id: '1002', name: 'Ben Okafor', username: 'ben' });
    const { page } = await desk('ben');
    await page.locator('[data-phone=away]').getByText('the tenant has no PBX that takes commands').waitFor();
    expect(await button(page, 'Log in').isDisabled()).toBe(true);
    await world.config.put('acme', 'agent', { id: '1002', name: 'Ben Okafor', username: 'ben', pbxId: 't' });
  });
});

const hostileNames = {
  markup: `<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>`,
  rtl: '\u202egnp.egaugnal مرحبا',
  long: 'W'.repeat(256),
};

describe.skipIf(!hasBrowser)('the desk for everybody', () => {
  it('on a phone it is one column of three parts', async () => {
    const { page, axe, shot } = await desk('ana', { phone: true });
    const call = await ringing('phone', 'page', { callerName: 'Jo Caller' });
    await callItem(page, call.callId).waitFor();
    await axe();
    await shot('desk-phone');
    await page.getByRole('radiogroup', { name: 'Part of the desk' }).getByText('CRM').click();
    await heard(page).waitFor();
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await world.tell(call.answers('1002', '1001'));
  });

  it.each([
    ['dark', { dark: true }],
    ['in French', { locale: 'fr-FR' }],
    ['in Spanish on a phone', { locale: 'es-ES', phone: true }],
  ])('axe finds nothing on it, %s; hostile names stay text', async (look, visit) => {
    const { page, axe, shot } = await desk('ana', visit);
    const calls = [];
    for (const [name, callerName] of Object.entries(hostileNames))
      calls.push(await ringing(`${look.replaceAll(' ', '-')}-${name}`, 'page', { callerName }));
    for (const call of calls) await callItem(page, call.callId).waitFor();
    await axe();
    if (look === 'dark') await shot('desk-dark');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    for (const call of calls) await world.tell(call.answers('1002', '1001'));
  });

  it('what is beside the calls can be chosen on a laptop: the page of the CRM, or the customer', async () => {
    const { page, axe } = await desk('ana');
    const call = await ringing('beside', 'page');
    await world.tell(call.answers('1001'));
    await heard(page).waitFor();
    await page.getByRole('radiogroup', { name: 'Part of the desk' }).getByText('Customer').click();
    await page.locator(`[data-card="${call.callId}"]`).waitFor();
    await page.locator('[data-section=disposition]').waitFor();
    expect(await page.locator('iframe:visible').count()).toBe(0);
    await axe();
    await page.getByRole('radiogroup', { name: 'Part of the desk' }).getByText('CRM').click();
    await heard(page).waitFor();
    expect(asked('/page').filter((one) => one.startsWith('GET')).length).toBeGreaterThan(0);
    await world.tell(call.ends('1001'));
  });

  it('an administrator has no desk, and is told what to do; an agent begins at his', async () => {
    const { page } = await world.visit({ as: 'admin', at: '/desk' });
    await page.getByRole('heading', { name: 'You have no phone here' }).waitFor();
    expect(await page.getByRole('link', { name: 'Agent desk' }).count()).toBe(0);
    const agent = await world.visit({ as: 'ben' });
    await agent.page.getByRole('heading', { level: 1, name: 'Agent desk' }).waitFor();
    expect(new URL(agent.page.url()).pathname).toBe('/desk');
  });
});
