import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { worldTenant } from '../harness/world.ts';
import { codeOf, fillIn, frameOf, heard, letHold, openSignIn } from './hosts/embedded.ts';
import { type HostPages, startHostPages } from './hosts/host-pages.ts';
import { passwordOf, people } from './people.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;
let host: HostPages;

/** Another tenant of the same house, whose PBX, agent and calls have the very same ids. */
const other = 'globex';
const gus = { username: 'gus', password: 'open sesame gus' };
const { token, sha256 } = mintToken(other);

async function foundOther(): Promise<void> {
  await world.config.applyAll(other, [
    { kind: 'api-token', entity: { id: 'world', name: 'World', sha256, scopes: ['admin'] } },
    { kind: 'agent', entity: { id: '1001', name: 'Gus Globex', username: gus.username } },
    {
      kind: 'user',
      entity: { id: gus.username, username: gus.username, name: 'Gus Globex', role: 'agent', agentId: '1001' },
    },
  ]);
  const setPassword = () =>
    fetch(new URL(`/v1/users/${gus.username}/password`, world.url), {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ password: gus.password }),
    });
  await eventually(async () => (await setPassword()).ok, { what: 'the password of Gus' });
}

const tellOther = (events: readonly unknown[]) =>
  postEvents({ url: () => world.urls['call-ingest'] ?? '', token }, events);
const numbers = (page: Page): Promise<string[]> => page.locator('button[data-call-id]').allTextContents();

/** The same call by its ids at both tenants, of different people. */
const callOf = (ani: string) => answeredCall({ name: 'both', startMs: Date.now(), ani });

beforeAll(async () => {
  if (!hasBrowser) return;
  world = await startBrowserWorld();
  await foundOther();
  host = await startHostPages(world.url, other);
  await letHold(world, other, host.origin);
}, 120_000);
afterAll(async () => {
  await host?.close();
  await world?.stop();
});

describe.skipIf(!hasBrowser)('two tenants in one browser', { timeout: 90_000 }, () => {
  it('who is signed in at one is told so where the frame is of the other; one can stay, or change', async () => {
    const { page: tab, context, expects, axe } = await world.visit({ as: 'ana', at: '/desk' });
    expects(/status of (401|404)/);
    await tab.locator('[data-stream=open]').waitFor();
    const crm = await context.newPage();
    await crm.goto(`${host.origin}/crm`);
    const frame = await frameOf(crm);
    const asking = await openSignIn(crm, frame);
    await asking.getByRole('heading', { name: `You are signed in at “${worldTenant}”` }).waitFor();
    await axe(asking.mainFrame());
    const closed = asking.waitForEvent('close');
    // The click may be cut short by what it does.
    const stay = asking.getByRole('button', { name: `Stay at “${worldTenant}”` }).click();
    await stay.catch(() => undefined);
    await closed;
    expect(await heard(crm, 'signed-in')).toEqual([{ signedIn: false }]);
    await tab.locator('[data-stream=open]').waitFor();

    const again = await openSignIn(crm, frame);
    await again.getByRole('button', { name: `Sign out, and sign in at “${other}”` }).click();
    await fillIn(again, gus);
    await frame.locator('[data-stream=open]').waitFor();
    // A browser has one session outside of frames: the tab is his too, and shows nothing of hers.
    await tab.getByText('Gus Globex').waitFor();
    expect(await tab.getByText('Ana Torres').count()).toBe(0);
  });

  it('side by side each shows its own: a call with the very same ids rings where it belongs, and nowhere else', async () => {
    const { page: crm, context, expects } = await world.visit({ at: `${host.origin}/crm` });
    expects(/status of (401|404|422|503)/);
    const frame = await frameOf(crm);
    await fillIn(await openSignIn(crm, frame), gus);
    await frame.locator('[data-stream=open]').waitFor();
    const tab = await context.newPage();
    // The window for the frame signed the whole browser in: she takes the tab over, and the frame stays his.
    await tab.goto('/desk');
    await tab.getByRole('button', { name: 'Sign out' }).waitFor();
    await signInAsAna(tab);
    await tab.locator('[data-stream=open]').waitFor();
    const [hers, his] = [callOf('+14155550111'), callOf('+14155550222')];
    await world.tell(hers.events.slice(0, 4));
    await tellOther(his.events.slice(0, 4));
    await tab.locator('button[data-call-id]').waitFor();
    await eventually(async () => (await heard(crm, 'screen-pop')).length > 0);
    expect(await heard(crm, 'screen-pop')).toEqual([expect.objectContaining({ number: '+14155550222' })]);
    await frame.locator('button[data-call-id][data-state=talking]').waitFor();
    expect((await frame.locator('button[data-call-id]').allTextContents()).join()).toContain('+14155550222');
    expect((await frame.locator('body').textContent()) ?? '').not.toContain('+14155550111');
    expect((await numbers(tab)).join()).toContain('+14155550111');
    expect((await tab.locator('body').textContent()) ?? '').not.toContain('+14155550222');
    // What the page around writes goes to the card of the tenant of the frame.
    expect(await codeOf(crm, `desk.log({ callId: '${his.callId}', text: 'only at globex' })`)).toBe('done');
    const card = await world.ask(`/v1/cards/${hers.callId}`);
    expect(await card.text()).not.toContain('only at globex');
    await world.tell(hers.events.slice(4));
    await tellOther(his.events.slice(4));
  });
});

/** In a tab in which somebody else of another tenant is signed in. */
async function signInAsAna(tab: Page): Promise<void> {
  const session = (await (await tab.request.get('/v1/session')).json()) as { tenantId: string };
  expect(session.tenantId).toBe(other);
  // A second session of the browser takes the place of the first in its cookie, which goes on in the frame.
  const login = await tab.request.post('/v1/login', {
    data: { tenant: worldTenant, username: people.ana.username, password: passwordOf('ana') },
  });
  const { access_token: accessToken } = (await login.json()) as { access_token: string };
  expect((await tab.request.post('/v1/session', { data: { token: accessToken } })).ok()).toBe(true);
  await tab.reload();
  await tab.getByText('Ana Torres').waitFor();
}
