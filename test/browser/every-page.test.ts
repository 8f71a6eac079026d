import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const scheme = 'document.documentElement.dataset.mantineColorScheme';
const focused = 'document.activeElement.textContent || document.activeElement.ariaLabel';
/** After the first paint of the place. */
const firstLoad = `performance.getEntriesByType('resource')
  .filter(({ name }) => /\\.(js|css)$/.test(name)).map(({ name, encodedBodySize }) => [name, encodedBodySize])`;

describe.skipIf(!hasBrowser)('the pages', () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
    world.crm.script('/hooks/answered', { status: 400, body: { error: 'no such customer' } });
    const told = answeredCall({ name: 'told', startMs: Date.now() - 60_000 });
    const under = answeredCall({ name: 'under', startMs: Date.now(), agentId: '1002', ani: '+14155550177' });
    await world.tell(told.events);
    await world.tell(under.events.slice(0, 4));
    await eventually(() => world.crm.records().size > 0, { what: 'the record at the CRM', deadlineMs: 20_000 });
  }, 120_000);
  afterAll(() => world?.stop());

  const pages = [
    ['live-calls', '/live', 'Live calls', '[data-state=talking]'],
    ['time-line', '/live/c-t-told', 'What happened in this call', '[data-kind=delivery]'],
    [undefined, '/desk/cards/c-t-under', 'Customer card', '[data-section=notes] textarea'],
    ['desk-none', '/desk', 'Agent desk', 'main h2'],
    ['deliveries', '/operations', 'Deliveries', 'td time'],
    [undefined, '/admin/flows', 'Flows', 'main p'],
    [undefined, '/admin/flows/new', 'New flow', 'main form'],
    ['dead-letters', '/operations/dead-letters', 'Dead letters', 'td time'],
    ['destinations', '/operations/destinations', 'Destinations', '.recharts-surface'],
    ['queues', '/operations/queues', 'Queues and consumers', '[data-consumer]'],
    [undefined, '/admin/sites/edit/hook', 'Hook', '[data-preview=url]'],
    [undefined, '/admin/authentications/new', 'New authentication', 'form'],
    [undefined, '/admin/campaigns/edit/support', 'Support', '[data-preview=url]'],
    [undefined, '/admin/forms/new', 'New form', '[data-row]'],
    [undefined, '/admin/contacts/new', 'New contact database', 'form'],
    ['crm-list', '/admin/crm', 'CRM configurations', 'tbody tr'],
    [undefined, '/admin/crm/new', 'New CRM configuration', 'fieldset'],
    [undefined, '/admin/crm/users/crm', 'Users and agents', 'main button'],
    [undefined, '/admin/mappings/new', 'New data mapping', 'main section'],
    [undefined, '/admin/memorialization/new', 'New memorialization', 'main section'],
    [undefined, '/admin/workflows/new', 'New workflow', 'main form'],
    [undefined, '/admin/nothing-is-here', 'This page does not exist', 'main a'],
  ] as const;

  it.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)(
    'axe finds nothing on any of them, %s; none is wider than the screen',
    async (look, visit) => {
      const { page, axe, shot } = await world.visit(visit);
      await axe();
      await page.context().request.post('/v1/session', { data: { token: world.token } });
      for (const [name, path, title, content] of pages) {
        await page.goto(path);
        await heading(page, title);
        await page.locator(content).first().waitFor();
        await axe();
        expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true);
        if (name !== undefined) await shot(look === 'light' ? name : `${name}-${look}`);
      }
    },
    150_000,
  );

  it('what is wrong with a page is seen: a script that slips in does not run, a picture without words is named', async () => {
    const { page, expects, axe } = await world.visit();
    expects(/CSP: script-src-elem refused inline/);
    expects(/violates the following Content Security Policy directive/);
    const slipIn = (html: string) =>
      page.evaluate(`document.body.append(document.createRange().createContextualFragment(${JSON.stringify(html)}))`);
    await slipIn('<script>window.slipped = true</script>');
    expect(await page.evaluate('window.slipped')).toBeUndefined();
    await slipIn('<img src="data:,">');
    await expect(axe()).rejects.toThrow(/image-alt: .*\n +img/);
  });

  it('the first load of the live calls is under 300 kB of compressed scripts and styles', async () => {
    const { page } = await world.visit({ as: 'admin', at: '/live' });
    await page.locator('[data-stream=open]').waitFor();
    const files = await page.evaluate<[string, number][]>(firstLoad);
    const bytes = files.reduce((sum, [, size]) => sum + size, 0);
    console.log(`first load: ${Math.round(bytes / 1000)} kB in ${files.length} scripts and styles`);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(300_000);
  });

  it('speak the language that is chosen, also after a reload, and first the one of the browser', async () => {
    const { page } = await world.visit({ as: 'supervisor', at: '/live', locale: 'fr-CA', phone: true });
    await heading(page, 'Appels en cours');
    for (const [button, language, title, code] of [
      ['Langue', 'Español', 'Llamadas en curso', 'es'],
      ['Idioma', 'English', 'Live calls', 'en'],
      ['Language', 'Français', 'Appels en cours', 'fr'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('menuitem', { name: language }).click();
      await heading(page, title);
      await page.reload();
      await heading(page, title);
      expect(await page.evaluate<string>('document.documentElement.lang')).toBe(code);
      const { x = 0, width = 0 } = (await page.locator('header button:visible').last().boundingBox()) ?? {};
      expect(x + width, 'the end of the header on a phone').toBeLessThanOrEqual(390);
    }
  });

  it('are dark or light as the system is, until somebody chooses; the choice is kept', async () => {
    const { page } = await world.visit({ as: 'supervisor', at: '/live', dark: true });
    expect(await page.evaluate<string>(scheme)).toBe('dark');
    await page.getByRole('button', { name: 'Colours' }).click();
    await page.getByRole('menuitem', { name: 'Light' }).click();
    await eventually(async () => (await page.evaluate<string>(scheme)) === 'light');
    await page.reload();
    await heading(page, 'Live calls');
    expect(await page.evaluate<string>(scheme)).toBe('light');
  });

  it('can be used by the keyboard alone: to the content, through a menu and back, to another page', async () => {
    const { page, shot } = await world.visit({ as: 'admin', at: '/live' });
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>(focused)).toBe('Skip to the content');
    await shot('skip-link');
    await page.keyboard.press('Enter');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('content');
    await page.getByRole('button', { name: 'Language' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'English' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await eventually(async () => (await page.evaluate<string>(focused)) === 'English');
    await page.keyboard.press('Escape');
    await eventually(async () => (await page.evaluate<string>(focused)) === 'Language', {
      what: 'focus at the button',
    });
    for (let presses = 0; (await page.evaluate<string>(focused)) !== 'Deliveries'; presses += 1) {
      expect(presses).toBeLessThan(10);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await heading(page, 'Deliveries');
  });

  it('on a phone the places are behind a button that says whether they are shown', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/live', phone: true });
    const burger = page.getByRole('button', { name: 'Menu' });
    expect(await burger.getAttribute('aria-expanded')).toBe('false');
    expect(await page.getByRole('link', { name: 'Deliveries' }).count()).toBe(0);
    await burger.press('Enter');
    await page.getByRole('link', { name: 'Deliveries' }).waitFor();
    expect(await burger.getAttribute('aria-expanded')).toBe('true');
    await axe();
    await shot('menu-phone');
    await page.getByRole('link', { name: 'Deliveries' }).press('Enter');
    await heading(page, 'Deliveries');
    expect(await burger.getAttribute('aria-expanded')).toBe('false');
  });

  it("a call's time line tells events, requests to the CRM with duration and trace, and what the CRM answered", async () => {
    const { page } = await world.visit({ as: 'admin', at: '/live' });
    const { callId, events: happened } = answeredCall({ name: 'story', startMs: Date.now() });
    await world.tell(happened);
    await page.locator(`tr[data-call-id=${callId}] a`).click();
    await page.locator('[data-kind=delivery]').first().waitFor();
    const events = await page.locator('[data-kind=event]').allTextContents();
    const order = ['offered', 'queued', 'agent-ringing', 'answered', 'agent-released', 'ended'];
    const places = order.map((name) => events.findIndex((text) => text.includes(name)));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const refused = page.locator('[data-kind=delivery]', { hasText: '/hooks/answered' }).first();
    expect(await refused.textContent()).toMatch(/400.* · [\d.]+ (ms|sec)/);
    expect(await refused.locator('[data-trace-id]').first().getAttribute('data-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    await page.getByRole('link', { name: 'All calls' }).click();
    await heading(page, 'Live calls');
  });

  it('deliveries are told with their state and answer, and again while one looks', async () => {
    const { page } = await world.visit({ as: 'admin', at: '/operations' });
    await page
      .getByRole('row', { name: /dead.*hook/ })
      .first()
      .waitFor();
    const rows = await page.locator('tbody tr').count();
    await world.tell(answeredCall({ name: 'while', startMs: Date.now() }).events);
    await eventually(async () => (await page.locator('tbody tr').count()) > rows, {
      what: 'a new delivery',
      deadlineMs: 15_000,
    });
    await page
      .getByRole('row', { name: /succeeded.*crm/ })
      .first()
      .waitFor();
  });

  it('the reader of the API opens, and runs no script but its own', async () => {
    const { page, expects } = await world.visit({ at: '/docs/' });
    // It looks whether it may make functions of texts, and does without.
    expects(/CSP: script-src refused eval/);
    expects(/favicon/);
    await page.getByText('All entities of a kind').first().waitFor();
  });

  it('what the API refuses is told in the language of the page, and asked again by a button', async () => {
    const { page, expects, axe } = await world.visit({ as: 'admin', at: '/live', locale: 'fr-FR' });
    expects(/status of 503.*\/v1\/deliveries/);
    const error = { code: 'redis_unavailable', message: 'Redis did not answer' };
    let asked = 0;
    await page.route('**/v1/deliveries*', (route) => {
      asked += 1;
      return route.fulfill({ status: 503, json: { error } });
    });
    await page.getByRole('link', { name: 'Envois' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('Une partie du système ne répond pas pour l’instant.').waitFor();
    await alert.getByText(error.message).waitFor();
    await axe();
    // Once more when its stream is there: nobody but the button asks then.
    await eventually(() => asked >= 2, { what: 'the second request' });
    await page.unroute('**/v1/deliveries*');
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await page.locator('td time').first().waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});
