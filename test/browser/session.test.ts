import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldTenant } from '../harness/world.ts';
import { passwordOf, people } from './people.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const question = (page: Page) => page.getByRole('dialog', { name: 'Sign in again' });
const endsSoon = (page: Page) => page.getByRole('alert', { name: 'You are about to be signed out' });

/** Something that is lost when the page is made anew. */
const mark = async (page: Page): Promise<void> => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(`document.querySelector('main').dataset.kept = 'yes'`);
};
const isKept = async (page: Page): Promise<boolean> => (await page.locator('main[data-kept=yes]').count()) === 1;

async function signInAgain(page: Page, password: string): Promise<void> {
  await question(page).locator('[autocomplete=current-password]').fill(password);
  await question(page).locator('button[type=submit]').click();
}

describe.skipIf(!hasBrowser)('a session', () => {
  beforeAll(async () => {
    world = await startBrowserWorld({ CONSOLE_SESSION_MINUTES: '1' });
  }, 120_000);
  afterAll(() => world?.stop());

  it('that is over asks to sign in again over the page, which stays as it was left', async () => {
    const { page, context, expects, axe, shot } = await world.visit({ as: 'admin', at: '/operations/queues' });
    expects(/status of 401/);
    await mark(page);
    await context.clearCookies();
    await question(page).waitFor();
    await axe();
    await shot('sign-in-again');
    expect(await question(page).locator('[autocomplete=username]').inputValue()).toBe('ada');
    await signInAgain(page, 'not my password');
    await question(page).getByRole('alert').waitFor();
    expect(await isKept(page)).toBe(true);
    await signInAgain(page, passwordOf('admin'));
    await question(page).waitFor({ state: 'detached' });
    expect(await isKept(page)).toBe(true);
    expect(new URL(page.url()).pathname).toBe('/operations/queues');
    const answered = page.waitForResponse((response) => response.url().includes('/v1/queues'));
    expect((await answered).status()).toBe(200);
  });

  it('that is over can be left for somebody else, who sees nothing of what was there', async () => {
    const { page, context, expects } = await world.visit({ as: 'admin', at: '/operations/queues' });
    expects(/status of 401/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await context.clearCookies();
    await question(page).getByRole('button', { name: 'I am somebody else' }).click();
    await page.locator('[autocomplete=username]').fill(people.ana.username);
    await page.locator('[autocomplete=current-password]').fill(passwordOf('ana'));
    await page.locator('button[type=submit]').click();
    await page.getByText('Ana Torres').waitFor();
    expect(await page.locator('main table td').count()).toBe(0);
  });

  it('of a person who is disabled ends at once, with what streams to his page', async () => {
    const { page, expects } = await world.visit({ as: 'ben', at: '/live' });
    expects(/status of 401/);
    await page.locator('[data-stream=open]').waitFor();
    const before = world.config.tenant(worldTenant).user.get(people.ben.username);
    await world.config.put(worldTenant, 'user', { ...before, disabled: true });
    await question(page).waitFor();
    await world.config.put(worldTenant, 'user', { ...before, disabled: false });
    await signInAgain(page, passwordOf('ben'));
    await question(page).waitFor({ state: 'detached' });
    await page.locator('[data-stream=open]').waitFor();
  });

  it('that is renewed in one tab is renewed in the other, also for what it writes', async () => {
    const { page, context } = await world.visit({ as: 'supervisor', at: '/live' });
    const other = await context.newPage();
    await other.goto('/live');
    await other.locator('[data-stream=open]').waitFor();
    const cookies = async (): Promise<string[]> => (await context.cookies()).map(({ value }) => value);
    const before = await cookies();
    await eventually(
      async () => {
        await other.keyboard.press('Shift');
        return (await cookies()).join() !== before.join();
      },
      { what: 'a renewal of the page that is used', deadlineMs: 40_000 },
    );
    const signedOut = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect((await signedOut).status()).toBe(204);
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  }, 90_000);

  it('that nobody uses says so before it ends, and goes on when somebody wants it to', async () => {
    const { page, axe, shot } = await world.visit({ as: 'supervisor', at: '/live' });
    await endsSoon(page).waitFor({ timeout: 60_000 });
    await axe();
    await shot('session-ends-soon');
    await page.getByRole('button', { name: 'Stay signed in' }).press('Enter');
    await endsSoon(page).waitFor({ state: 'detached' });
    expect(await question(page).count()).toBe(0);
  }, 90_000);
});
