import { eventually } from '@patchcord/testkit';
import { startIdentityProvider, type TestIdentityProvider } from '@patchcord/testkit/identity-provider';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldTenant } from '../harness/world.ts';
import { codeOf, frameOf, heard, letHold, openSignIn } from './hosts/embedded.ts';
import { type HostPages, startHostPages } from './hosts/host-pages.ts';
import { passwordOf, people } from './people.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;
let provider: TestIdentityProvider;
let host: HostPages;

const button = (page: Page, name = 'Sign in with Work account') => page.getByRole('link', { name });

async function logIn(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name: 'Log in at the identity provider' }).waitFor();
  await page.locator('input[name=name]').fill(name);
  await page.getByRole('button', { name: 'Log in' }).click();
}

describe.skipIf(!hasBrowser)('signing in by an identity provider', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
    const { url } = world;
    provider = await startIdentityProvider({ redirectUri: `${url}/v1/sign-in/callback`, afterLogOut: `${url}/` });
    provider.person('sam', { preferred: 'sam', name: 'Sam' });
    provider.person('ana', { preferred: 'ana', name: 'Ana' });
    host = await startHostPages(url, worldTenant);
    await letHold(world, worldTenant, host.origin);
    await world.ask('/v1/secrets/oidc', { method: 'PUT', body: { value: provider.clientSecret } });
    await world.config.put(worldTenant, 'identity-provider', {
      id: 'work',
      name: 'Work account',
      issuer: provider.url,
      clientId: provider.clientId,
      clientSecret: 'oidc',
      usernameClaim: 'sub',
      egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
    });
  }, 120_000);
  afterAll(async () => {
    await world?.stop();
    await provider?.close();
    await host?.close();
  });

  it('leads to the provider and back to the page that was asked for', async () => {
    const { page, axe, shot } = await world.visit({ at: '/live?from=a-link' });
    await button(page).waitFor();
    await axe();
    await shot('sign-in-provider');
    await button(page).click();
    await logIn(page, people.supervisor.username);
    await page.getByRole('heading', { name: 'Live calls' }).waitFor();
    expect(page.url()).toBe(`${world.url}/live?from=a-link`);
    await page.getByText('Sam Supervisor').waitFor();
  });

  it('says in words why somebody is not let in, and he can try another way', async () => {
    const { page, axe } = await world.visit({ at: `/log-in?tenant=${worldTenant}`, locale: 'fr-FR' });
    await button(page, 'Se connecter avec Work account').click();
    await logIn(page, 'nobody-here');
    await page.getByRole('alert').getByText('Vous n’êtes pas encore utilisateur ici').waitFor();
    await axe();
    await page.locator('[autocomplete=username]').waitFor();
    expect(new URL(page.url()).pathname).toBe('/log-in');
  });

  it('again, when the session is over, happens in another tab; the page goes on by itself', async () => {
    const { page, context, expects } = await world.visit({ at: '/live' });
    expects(/status of 401/);
    await button(page).click();
    await logIn(page, people.supervisor.username);
    await page.locator('[data-stream=open]').waitFor();
    const before = world.config.tenant(worldTenant).user.get(people.supervisor.username);
    await world.config.put(worldTenant, 'user', { ...before, disabled: true });
    const question = page.getByRole('dialog', { name: 'Sign in again' });
    await question.waitFor();
    await world.config.put(worldTenant, 'user', { ...before, disabled: false });
    const opened = context.waitForEvent('page');
    await button(page).click();
    await (await opened).getByRole('heading', { name: 'Live calls' }).waitFor();
    await question.waitFor({ state: 'detached' });
    await page.locator('[data-stream=open]').waitFor();
  });

  // The way back from the provider led to the console's first page, and on it each redirect cut the window off its frame.
  it('for a desk in a frame happens in the window that the frame opens, which hands the session over and closes', async () => {
    const { page } = await world.visit({ at: `${host.origin}/crm` });
    const frame = await frameOf(page);
    const popup = await openSignIn(page, frame);
    await button(popup).click();
    await popup.getByRole('heading', { name: 'Log in at the identity provider' }).waitFor();
    await popup.locator('input[name=name]').fill(people.ana.username);
    const closed = popup.waitForEvent('close');
    await popup.getByRole('button', { name: 'Log in' }).click();
    await closed;
    await frame.locator('[data-stream=open]').waitFor();
    await eventually(async () => (await heard(page, 'signed-in')).at(-1)?.signedIn === true);
    expect(await codeOf(page, `desk.dial('<')`)).toBe('invalid_number');
  });

  it('for a desk in a frame: whom we do not let in tries another way, and the frame has him with the next press', async () => {
    const { page } = await world.visit({ at: `${host.origin}/crm` });
    const frame = await frameOf(page);
    const popup = await openSignIn(page, frame);
    await button(popup).click();
    await logIn(popup, 'nobody-there');
    await popup.locator('[autocomplete=username]').fill(people.ana.username);
    await popup.locator('[autocomplete=current-password]').fill(passwordOf('ana'));
    await popup.locator('button[type=submit]').click();
    await popup.getByText('press “Sign in” in the other page once more').waitFor();
    await popup.close();
    const next = await openSignIn(page, frame);
    if (!next.isClosed()) await next.waitForEvent('close');
    await frame.locator('[data-stream=open]').waitFor();
  });
});
