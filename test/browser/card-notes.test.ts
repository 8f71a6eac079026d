import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CardWorld, startCardWorld } from './card-world.ts';
import { hasBrowser } from './world.ts';

let world: CardWorld;

beforeAll(async () => {
  if (hasBrowser) world = await startCardWorld();
}, 120_000);
afterAll(() => world?.stop());

const at = (callId: string): string => `/desk/cards/${callId}`;
const notesOf = async (callId: string): Promise<string[]> =>
  (await world.cardWhere(callId, () => true)).notes.map(({ text }) => text);

describe.skipIf(!hasBrowser)("an agent's note", () => {
  it('is kept while he types, is there after the page is loaded again, and nothing of it lies in the browser', async () => {
    const call = await world.talking('typed', '+14155550171');
    const { page, context } = await world.visit({ as: 'ana', at: at(call.callId) });
    const note = page.getByLabel('Your note');
    await note.pressSequentially('wants a call back');
    await page.getByText('Kept at').waitFor();
    expect(await notesOf(call.callId)).toEqual(['wants a call back']);
    // Left in the middle of a word.
    await note.pressSequentially(' on Mon');
    await page.reload();
    await eventually(async () => (await page.getByLabel('Your note').inputValue()) === 'wants a call back on Mon');
    const { origins } = await context.storageState({ indexedDB: true });
    expect(JSON.stringify(origins)).not.toContain('wants');
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('wants');
  });

  it('typed while the console restarts is kept when it is back', async () => {
    const call = await world.talking('restart', '+14155550172');
    const { page, expects } = await world.visit({ as: 'ana', at: at(call.callId) });
    expects(/net::ERR_|status of 5\d\d/);
    const note = page.getByLabel('Your note');
    await note.fill('before');
    await page.getByText('Kept at').waitFor();
    await world.endConsole();
    await note.fill('before and during');
    await page.getByText('the console does not answer').first().waitFor();
    await world.beginConsole();
    await page.getByText('Kept at').waitFor();
    expect(await notesOf(call.callId)).toEqual(['before and during']);
    expect(await note.inputValue()).toBe('before and during');
  });

  it('typed in two tabs is not written over unseen: the agent says which text stays', async () => {
    const call = await world.talking('tabs', '+14155550173');
    const { page, context, axe, expects } = await world.visit({ as: 'ana', at: at(call.callId) });
    const second = await context.newPage();
    await second.goto(at(call.callId));
    await second.getByLabel('Your note').waitFor();
    await page.getByLabel('Your note').fill('from the first');
    // What another tab wrote is taken over where nobody types.
    await eventually(async () => (await second.getByLabel('Your note').inputValue()) === 'from the first');
    expects(/status of 412/);
    // The other tab has not heard of it yet.
    await context.setOffline(false);
    await Promise.all([
      page.getByLabel('Your note').fill('from the first, longer'),
      second.getByLabel('Your note').fill('from the second'),
    ]);
    const conflicting = await eventually(async () => {
      for (const one of [page, second])
        if (await one.getByRole('button', { name: 'Keep both' }).isVisible()) return one;
      return undefined;
    });
    if (conflicting === page) await axe();
    await conflicting.getByRole('button', { name: 'Keep both' }).click();
    await conflicting.getByText('Kept at').waitFor();
    const [kept] = await notesOf(call.callId);
    expect(kept).toContain('from the first, longer');
    expect(kept).toContain('from the second');
    await second.close();
  });

  it('is read by whoever takes over, and by supervisors, who have notes of their own', async () => {
    const call = await world.talking('over', '+14155550174');
    const ana = await world.visit({ as: 'ana', at: at(call.callId) });
    await ana.page.getByLabel('Your note').fill('is <i>angry</i>');
    await ana.page.getByText('Kept at').waitFor();
    const sam = await world.visit({ as: 'supervisor', at: at(call.callId) });
    await sam.page.locator('[data-note="agent:1001"]').getByText('is <i>angry</i>').waitFor();
    expect(await sam.page.getByLabel('Your note').inputValue()).toBe('');
    await sam.page.getByLabel('Your note').fill('well done');
    await ana.page.locator('[data-note="user:sam"]').getByText('well done').waitFor();
  });
});
