import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, passwordOf, people } from './people.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const submit = (page: Page) => page.locator('button[type=submit]');

async function signIn(page: Page, person: Person, password = passwordOf(person)): Promise<void> {
  await page.locator('[autocomplete=username]').fill(people[person].username);
  await page.locator('[autocomplete=current-password]').fill(password);
  await submit(page).click();
}

const text = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).textContent()) ?? '';

describe.skipIf(!hasBrowser)('signing in', () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
  }, 120_000);
  afterAll(() => world?.stop());

  it('a wrong password is told and the name stays; the right one opens the calls', async () => {
    const { page, expects, axe, shot } = await world.visit();
    await axe();
    await shot('sign-in');
    expects(/status of 401.*\/v1\/login$/);
    await signIn(page, 'supervisor', 'not my password');
    expect(await text(page, '[role=alert]')).toContain('username or password is not right');
    expect(await page.locator('[autocomplete=username]').inputValue()).toBe('sam');
    await axe();
    await signIn(page, 'supervisor');
    await page.getByRole('heading', { name: 'Live calls' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/live');
    expect(await text(page, 'header')).toContain('Sam Supervisor');
  });

  it('who guesses passwords has to wait, and then the right one does not help either', async () => {
    const { page, expects } = await world.visit({ locale: 'es-ES' });
    expects(/status of (401|429).*\/v1\/login$/);
    await Promise.all(
      Array.from({ length: 10 }, () =>
        world.ask('/v1/login', { method: 'POST', body: { username: 'vera', password: 'a guess of many' } }),
      ),
    );
    await signIn(page, 'victim');
    expect(await text(page, '[role=alert]')).toContain('Demasiadas contraseñas incorrectas');
    expect((await page.context().cookies()).filter(({ value }) => value !== '')).toEqual([]);
  });

  it('no answer of the console is told, and the form can be sent again', async () => {
    const { page, expects } = await world.visit({ locale: 'fr-FR' });
    expects(/net::ERR_FAILED/);
    await page.route('**/v1/login', (route) => route.abort());
    await signIn(page, 'supervisor');
    expect(await text(page, '[role=alert]')).toContain('La console ne répond pas');
    await page.unroute('**/v1/login');
    await submit(page).click();
    await page.getByRole('heading', { level: 1, name: 'Appels en cours' }).waitFor();
  });

  it('the token of a link signs in, and is gone from the address and from the history', async () => {
    const { page, context } = await world.visit();
    await page.goto(`/#token=${world.token}`);
    await page.reload();
    await page.getByRole('heading', { name: 'Live calls' }).waitFor();
    expect(page.url()).toBe(`${world.url}/live`);
    await page.goBack();
    expect(page.url()).not.toContain(world.token);
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    expect(kept).not.toContain(world.token);
    const cookies = await context.cookies();
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/' }]);
    expect(JSON.stringify(cookies)).not.toContain(world.token);
  });

  it('an API token can be typed; one that is none is refused in words', async () => {
    const { page, expects, axe } = await world.visit();
    expects(/status of 401.*\/v1\/session$/);
    await page.getByRole('button', { name: 'Sign in with an API token' }).click();
    await page.locator('input').fill('pc_acme_nonsense');
    await submit(page).click();
    await page.getByRole('alert').waitFor();
    await axe();
    await page.locator('input').fill(` ${world.token} `);
    await submit(page).click();
    await page.getByRole('heading', { name: 'Live calls' }).waitFor();
  });

  it('signing out forgets everything: what was read, the place, the cookie', async () => {
    const { page, context, expects } = await world.visit({ as: 'admin', at: '/live' });
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('[autocomplete=username]').waitFor();
    expect((await context.cookies()).filter(({ value }) => value !== '')).toEqual([]);
    expect(new URL(page.url()).pathname).toBe('/');
    expects(/status of 401/);
    expect(await page.evaluate<number>(`fetch('/v1/deliveries').then(({ status }) => status)`)).toBe(401);
    await page.goBack();
    await page.locator('[autocomplete=username]').waitFor();
    expect(await page.locator('h1').allTextContents()).toEqual(['Sign in']);
  });

  it('signing out in one tab, or a session that is over, shows the form in the other', async () => {
    const { page, context, expects } = await world.visit({ as: 'admin', at: '/operations' });
    expects(/status of 401/);
    const other = await context.newPage();
    await other.goto('/live');
    await other.getByText('Live', { exact: true }).waitFor();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('[autocomplete=username]').waitFor();
  });
});
