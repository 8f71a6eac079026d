import { eventually } from '@patchcord/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;

const userOf = async (id: string): Promise<Record<string, unknown> | undefined> => {
  const answer = await world.ask(`/v1/config/user/${id}`);
  return answer.ok ? ((await answer.json()) as Record<string, unknown>) : undefined;
};
const put = async (id: string, entity: object): Promise<void> => {
  const answer = await world.ask(`/v1/config/user/${id}`, { method: 'PUT', body: entity });
  expect(answer.ok, await answer.text()).toBe(true);
};
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const saved = (page: Page, name: string) => page.getByText(`${name} was saved.`).waitFor();
const supervisor = (username: string) => ({ name: `Person ${username}`, username, role: 'supervisor' });

describe.skipIf(!hasBrowser)('the administration', () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
  }, 120_000);
  afterAll(() => world?.stop());

  it('a user is made: a field that is missing is named beside it, the id comes from the name, the password works', async () => {
    const { page, expects, shot } = await world.visit({ as: 'admin', at: '/admin' });
    expects(/422/);
    await shot('administration');
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('link', { name: 'New' }).click();
    await heading(page, 'New user');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Éva Núñez');
    await page.getByLabel('Username').fill('eva');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('alert')
      .getByRole('listitem')
      .filter({ hasText: /^agentId: expected the agent/ })
      .waitFor();
    const agent = page.getByRole('combobox', { name: 'Agent' });
    expect(await agent.getAttribute('aria-invalid')).toBe('true');
    await agent.click();
    await page.getByRole('option', { name: 'Ben Okafor (1002)' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Éva Núñez');
    expect(await userOf('eva-nunez')).toMatchObject({ username: 'eva', role: 'agent', agentId: '1002' });
    await page.getByLabel('New password').fill('a long password');
    await page.getByRole('button', { name: 'Set a password' }).click();
    await page.getByText('The password was set.').waitFor();
    const body = { username: 'eva', password: 'a long password' };
    expect((await world.ask('/v1/login', { method: 'POST', body })).status).toBe(200);
    expect(await userOf('eva-nunez')).not.toHaveProperty('passwordHash');
  });

  it('what was wrong with the id was told far from it, and of a field in English, whatever the language', async () => {
    const { page, expects } = await world.visit({ as: 'admin', at: '/admin/mail/new', locale: 'es-ES' });
    expects(/status of 4/);
    await page.locator('main form [type=submit]').first().click();
    await page.getByText('Rellene este campo.').first().waitFor();
    const id = page.getByRole('textbox', { name: 'Identificador', exact: true });
    await id.and(page.locator('[aria-invalid=true]')).waitFor();
  });

  it('an id that is taken is not overwritten', async () => {
    await put('taken', supervisor('first'));
    const { page, expects } = await world.visit({ as: 'admin', at: '/admin/users/new?from=taken' });
    expects(/412/);
    await heading(page, 'New user');
    await page.getByLabel('Id').fill('taken');
    await page.getByLabel('Username').fill('second');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('There is one with this id already. Choose another id.').waitFor();
    expect(await userOf('taken')).toMatchObject({ username: 'first' });
  });

  it('what somebody else stored meanwhile is shown beside mine, and one of the two is chosen', async () => {
    await put('both', supervisor('both'));
    const { page, expects, axe, shot } = await world.visit({ as: 'admin', at: '/admin/users/edit/both' });
    expects(/412/);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Mine');
    await put('both', { ...supervisor('both'), name: 'Theirs' });
    await page.getByRole('button', { name: 'Save' }).click();
    const question = page.getByRole('dialog', { name: 'Somebody else has changed this meanwhile' });
    await question.getByRole('row', { name: 'name Theirs Mine' }).waitFor();
    await axe();
    await shot('conflict');
    await question.getByRole('button', { name: 'Store mine over it' }).click();
    await saved(page, 'Mine');
    expect(await userOf('both')).toMatchObject({ name: 'Mine' });
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Mine again');
    await put('both', { ...supervisor('both'), name: 'Theirs again' });
    await page.getByRole('button', { name: 'Save' }).click();
    await question.getByRole('button', { name: 'Take what is stored' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Theirs again');
  });

  it('the history tells who changed what, and an earlier version is had back once it is saved', async () => {
    await put('old', { ...supervisor('old'), name: 'At first' });
    await put('old', { ...supervisor('old'), name: 'Afterwards', disabled: true });
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/users/edit/old' });
    await page.getByRole('button', { name: 'History' }).click();
    const history = page.getByRole('dialog', { name: 'History' });
    await history.getByRole('row', { name: 'name At first Afterwards' }).waitFor();
    await history.getByRole('row', { name: 'disabled false true' }).waitFor();
    await history
      .getByText(/^token:/)
      .first()
      .waitFor();
    await axe();
    await shot('history');
    await history.getByRole('button', { name: 'Take back to this' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'At first');
    expect(await userOf('old')).toMatchObject({ name: 'At first', disabled: false });
  });

  it('before it is deleted it is named, with what still uses it and the way there', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/users' });
    await put('gone', supervisor('gone'));
    await page.reload();
    await page.getByLabel('Search').fill('person GONE');
    await page.getByRole('status').getByText('1 shown').waitFor();
    await page.getByRole('button', { name: 'More for Person gone' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete Person gone?' });
    await question.getByText(/Nothing refers to it/).waitFor();
    await axe();
    await shot('delete-question');
    await question.getByRole('button', { name: 'Delete' }).click();
    await question.waitFor({ state: 'hidden' });
    await eventually(async () => (await userOf('gone')) === undefined);
    await page.getByText('0 shown').waitFor();
  });

  it('what was typed and not saved is not lost by a click on another page', async () => {
    await put('typed', supervisor('typed'));
    const { page } = await world.visit({ as: 'admin', at: '/admin/users/edit/typed' });
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Half a na');
    await page.getByRole('link', { name: 'Live calls' }).click();
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Stay here' }).click();
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Half a na');
    await page.getByRole('link', { name: 'Live calls' }).click();
    await question.getByRole('button', { name: 'Leave without saving' }).click();
    await heading(page, 'Live calls');
  });

  it('a token is shown once, serves as long as its old text may, and is refused when it is deleted', async () => {
    const { page, axe, shot } = await world.visit({ as: 'admin', at: '/admin/tokens' });
    const worksWith = async (token: string): Promise<number> => {
      const url = new URL('/v1/deliveries', world.url);
      return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
    };
    await page.getByRole('button', { name: 'New' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Nightly export');
    await dialog.getByRole('checkbox', { name: 'admin' }).check();
    await axe();
    await dialog.getByRole('button', { name: 'Make the token' }).click();
    const first = (await dialog.locator('pre').textContent()) ?? '';
    await shot('token');
    expect(await worksWith(first)).toBe(200);
    await dialog.getByRole('button', { name: 'Done' }).click();
    const row = page.getByRole('row', { name: /Nightly export/ });
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Rotate' }).click();
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    const second = (await dialog.locator('pre').textContent()) ?? '';
    expect(second).not.toBe(first);
    expect([await worksWith(first), await worksWith(second)]).toEqual([200, 200]);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    await eventually(async () => (await worksWith(second)) === 401);
  });

  it('a mail server needs a secret, which is set beside it and never seen again', async () => {
    const { page, expects, axe, shot } = await world.visit({ as: 'admin', at: '/admin/mail/new' });
    expects(/422/);
    const seen: string[] = [];
    page.on('response', async (answer) => seen.push(await answer.text().catch(() => '')));
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Outgoing');
    await page.getByRole('textbox', { name: 'Host' }).fill('smtp.example.com');
    await page.getByRole('textbox', { name: 'Sender' }).fill('nobody at all');
    await page.getByRole('textbox', { name: 'Username' }).fill('patchcord');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^from: / })
      .waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^password: expected the id of a secret/ })
      .waitFor();
    await page.getByRole('textbox', { name: 'Sender' }).fill('Orders <orders@example.com>');
    await page.getByLabel('New value for: Password').fill('smtp hunter2');
    await page.getByRole('button', { name: 'Store the value' }).click();
    await page.getByText('The value of mail-password was stored.').waitFor();
    await axe();
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Outgoing');
    await page.goto('/admin/secrets');
    const row = page.getByRole('row', { name: /mail-password/ });
    await row.getByRole('link', { name: 'mail server outgoing' }).waitFor();
    expect(await row.getByRole('button').isDisabled()).toBe(true);
    await axe();
    await shot('secrets');
    expect(seen.join()).not.toContain('hunter2');
  });

  it('a document shows what it would change before it changes it, and names the line of a mistake', async () => {
    const { page, expects, axe, shot } = await world.visit({ as: 'admin', at: '/admin/document' });
    expects(/422/);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download the document' }).click();
    expect((await download).suggestedFilename()).toBe('patchcord.yaml');
    const text = page.getByLabel('YAML document');
    await text.fill('external-system:\n  - id: erp\n');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page
      .getByRole('alert')
      .getByText(/line 2/)
      .first()
      .waitFor();
    await text.fill('external-system:\n  - id: erp\n    name: ERP\n');
    expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('row', { name: /create external system erp/ }).waitFor();
    await axe();
    await shot('document');
    expect((await world.ask('/v1/config/external-system/erp')).status).toBe(404);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('1 change was made.').waitFor();
    expect((await world.ask('/v1/config/external-system/erp')).status).toBe(200);
  });

  it('an agent’s ids in other systems, and the country and time of the tenant', async () => {
    await world.ask('/v1/config/external-system/crm-x', { method: 'PUT', body: { name: 'CRM X' } });
    const { page } = await world.visit({ as: 'admin', at: '/admin/agents/edit/1001' });
    await page.getByRole('textbox', { name: 'Id in CRM X' }).fill('005A');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Ana Torres');
    expect(await (await world.ask('/v1/config/agent/1001')).json()).toMatchObject({ externalIds: { 'crm-x': '005A' } });
    await page.goto('/admin/tenant');
    await page.getByRole('link', { name: 'New' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme');
    const country = page.getByRole('combobox', { name: 'Country' });
    await country.fill('Spain');
    await page.getByRole('option', { name: 'Spain (ES)' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/was saved/).waitFor();
    expect(await (await world.ask('/v1/config/tenant')).json()).toMatchObject({ entities: [{ defaultRegion: 'ES' }] });
  });

  it('an identity provider is described, and its button is on the sign-in page; what is missing is named', async () => {
    const { page, expects, axe, shot } = await world.visit({ as: 'admin', at: '/admin/providers/new' });
    expects(/422/);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme Login');
    await page.getByRole('textbox', { name: 'Issuer' }).fill('https://login.example.com');
    await page.getByRole('textbox', { name: 'Client id' }).fill('patchcord');
    await page.getByRole('textbox', { name: 'Claim with the role' }).fill('roles');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^roles: expected which value/ })
      .waitFor();
    await page.getByRole('button', { name: 'Add a value' }).click();
    await page.getByRole('textbox', { name: 'Value of the claim' }).fill('call-centre');
    await axe();
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Acme Login');
    await shot('identity-provider');
    const stored = await (await world.ask('/v1/config/identity-provider/acme-login')).json();
    expect(stored).toMatchObject({ roles: [{ value: 'call-centre', role: 'agent' }], roleClaim: 'roles' });
    const stranger = await world.visit({ at: '/log-in' });
    await stranger.page.getByText(/Acme Login/).waitFor();
    await world.ask('/v1/config/identity-provider/acme-login', { method: 'DELETE' });
  });

  it('who somebody is at an identity provider was forgotten when his role was changed on the page', async () => {
    const identity = { provider: 'acme', subject: '4711' };
    await put('known', { ...supervisor('known'), identity });
    const { page } = await world.visit({ as: 'admin', at: '/admin/users/edit/known' });
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Known by another name');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page, 'Known by another name');
    expect(await userOf('known')).toMatchObject({ identity });
  });
});
