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
});
