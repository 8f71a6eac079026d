import { eventually } from '@patchcord/testkit';
import type { Frame, Page } from 'playwright-core';
import { passwordOf, people } from '../people.ts';
import type { BrowserWorld } from '../world.ts';

/** From now on a page of this origin may hold the desk of the tenant. */
export async function letHold(world: BrowserWorld, tenantId: string, origin: string): Promise<void> {
  const tenant = world.config.tenant(tenantId).tenant.get(tenantId);
  await world.config.put(tenantId, 'tenant', { ...tenant, id: tenantId, name: tenantId, frameOrigins: [origin] });
  const isAllowed = async (): Promise<boolean> => {
    const { headers } = await fetch(new URL(`/frame/${tenantId}`, world.url));
    return headers.get('content-security-policy')?.includes(origin) === true;
  };
  await eventually(isAllowed, { what: `${origin} may hold the desk` });
}

/** The frame that holds the desk. */
export const frameOf = (page: Page): Promise<Frame> =>
  eventually(() => page.frames().find((frame) => frame.url().includes('/frame/')), { what: 'the frame' });

/** What the frame's button opens. */
export async function openSignIn(page: Page, frame: Frame): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await frame.getByRole('button', { name: 'Sign in' }).click();
  return opened;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}
const ana: Credentials = { username: people.ana.username, password: passwordOf('ana') };

/** In the window that the frame opened; which closes by itself. */
export async function fillIn(popup: Page, { username, password }: Credentials = ana): Promise<void> {
  await popup.locator('[autocomplete=username]').fill(username);
  await popup.locator('[autocomplete=current-password]').fill(password);
  const closed = popup.waitForEvent('close');
  await popup.locator('button[type=submit]').click();
  await closed;
}

/** Signs in as a person does: in the window that the frame opens. */
export async function signIn(page: Page): Promise<Frame> {
  const frame = await frameOf(page);
  await fillIn(await openSignIn(page, frame));
  await frame.locator('[data-stream=open]').waitFor();
  return frame;
}

/** What the page heard of an event. */
export const heard = <Data = Record<string, unknown>>(page: Page, name: string): Promise<Data[]> =>
  page.evaluate<Data[]>(`heard.filter(([what]) => what === '${name}').map(([, data]) => data)`);

/** What the page asked of its CRM. */
export const asked = (page: Page, name: string): Promise<unknown[]> =>
  page.evaluate<unknown[]>(`asked.filter(([what]) => what === '${name}').map((entry) => entry.slice(1))`);

/** What becomes of what the page asks for: `done`, or the code of the error. */
export const codeOf = (page: Page, work: string): Promise<string> =>
  page.evaluate<string>(`${work}.then(() => 'done', ({ code }) => code)`);
