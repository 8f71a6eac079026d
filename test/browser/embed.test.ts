import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { worldTenant } from '../harness/world.ts';
import { asked, codeOf, frameOf, heard, letHold, signIn } from './hosts/embedded.ts';
import { type HostPages, startHostPages } from './hosts/host-pages.ts';
import { type BrowserWorld, hasBrowser, startBrowserWorld } from './world.ts';

let world: BrowserWorld;
/** May hold the desk, and may not. */
let host: HostPages;
let stranger: HostPages;

const policyOf = async (path: string): Promise<string> => {
  const { headers } = await fetch(new URL(path, world.url));
  return `${headers.get('content-security-policy')}; x-frame-options ${headers.get('x-frame-options')}`;
};

beforeAll(async () => {
  if (!hasBrowser) return;
  world = await startBrowserWorld();
  [host, stranger] = await Promise.all([
    startHostPages(world.url, worldTenant),
    startHostPages(world.url, worldTenant),
  ]);
  await letHold(world, worldTenant, host.origin);
}, 120_000);
afterAll(async () => {
  await host?.close();
  await stranger?.close();
  await world?.stop();
});

describe.skipIf(!hasBrowser)('the desk in a page of somebody else', { timeout: 90_000 }, () => {
  it('signs in in a window of its own, although the frame is on another site, and stays so after a reload', async () => {
    const { page, context, axe, shot } = await world.visit({ at: `${host.origin}/crm` });
    await eventually(async () => (await heard(page, 'signed-in')).length > 0, { what: 'the handshake' });
    expect(await heard(page, 'signed-in')).toEqual([{ signedIn: false }]);
    expect(await codeOf(page, `desk.dial('+14155550142')`)).toBe('signed_out');
    await signIn(page);
    await eventually(async () => (await heard(page, 'signed-in')).length === 2);
    const cookies = await context.cookies(world.url);
    const ofFrame = cookies.find(({ name }) => name.endsWith('patchcord_frame'));
    expect(ofFrame).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None', path: '/' });
    await page.reload();
    const frame = await frameOf(page);
    await frame.locator('[data-stream=open]').waitFor();
    await world.tell(answeredCall({ name: 'pictured', startMs: Date.now() }).events.slice(0, 4));
    await frame.locator('button[data-call-id][data-state=talking]').waitFor();
    await axe();
    await axe(frame);
    await shot('embedded');
    await world.tell(answeredCall({ name: 'pictured', startMs: Date.now() }).events.slice(4));
  });

  it('tells the page who calls, how the call goes, and what became of it', async () => {
    const { page } = await world.visit({ at: `${host.origin}/crm` });
    await signIn(page);
    const { callId, interactionId, events } = answeredCall({ name: 'told', startMs: Date.now(), ani: '+14155550155' });
    await world.tell(events.slice(0, 3));
    await page.locator('#who', { hasText: '+14155550155' }).waitFor();
    expect(await heard(page, 'screen-pop')).toContainEqual({ callId, interactionId, number: '+14155550155' });
    await world.tell(events.slice(3, 5));
    const states = async () =>
      (await heard<{ callId: string; state: string }>(page, 'call'))
        .filter((call) => call.callId === callId)
        .map(({ state }) => state);
    await eventually(async () => (await states()).includes('talking'));
    expect(await codeOf(page, `desk.log({ callId: '${callId}', text: 'Case 4711 was opened' })`)).toBe('done');
    const card = await (await world.ask(`/v1/cards/${callId}`)).json();
    expect(JSON.stringify(card)).toContain('Case 4711 was opened');
    await world.tell(events.slice(5));
    await eventually(async () => (await states()).includes('ended'));
    const log = await eventually(async () => (await heard(page, 'log')).at(-1), {
      what: 'the log',
      deadlineMs: 15_000,
    });
    expect(log).toMatchObject({ call: { callId, state: 'ended' } });
  });

  it('does what the page asks, and tells it what the telephone says; too much at once is refused', async () => {
    const { page, expects } = await world.visit({ at: `${host.origin}/crm` });
    await signIn(page);
    // There is no PBX that takes commands here: it is asked, and its answer comes back.
    expects(/status of (422|503).*\/v1\/(calls|agents)/);
    expect(await codeOf(page, `desk.dial('+1 415-555-0142')`)).toMatch(/^pbx_/);
    expect(await codeOf(page, `desk.setState('paused', 'lunch')`)).toMatch(/^pbx_/);
    expect(await codeOf(page, `desk.dial('<script>')`)).toBe('invalid_number');
    expect(await codeOf(page, `desk.setState('elsewhere')`)).toBe('invalid_state');
    const many = await page.evaluate<string[]>(
      `Promise.all(Array.from({ length: 60 }, () => desk.setState('elsewhere').catch(({ code }) => code)))`,
    );
    expect(many).toContain('rate_limited');
    expect(many.filter((code) => code === 'invalid_state').length).toBeLessThan(30);
  });

  it('a page that is not allowed to hold it gets nothing, and no other page of ours can be framed', async () => {
    const { page, expects } = await world.visit({ at: `${stranger.origin}/crm` });
    expects(/frame-ancestors|ERR_BLOCKED_BY_RESPONSE|chrome-error|target origin/);
    await eventually(() => page.frames().some((frame) => frame.url().startsWith('chrome-error:')), {
      what: 'the refusal of the browser',
    });
    expect(await heard(page, 'ready')).toEqual([]);
    for (const path of ['/', '/desk', '/live', '/admin', '/frame-sign-in', '/frame/nobody'])
      expect(await policyOf(path), path).toMatch(/frame-ancestors 'none'.*x-frame-options DENY/);
    expect(await policyOf(`/frame/${worldTenant}`)).toMatch(`frame-ancestors ${host.origin}; x-frame-options null`);
  });

  it('messages of others are not heard: another window, another version, none of this protocol', async () => {
    const { page } = await world.visit({ at: `${host.origin}/crm` });
    await signIn(page);
    const answers = await page.evaluate<string[]>(`(async () => {
      const inside = document.createElement('iframe');
      document.body.append(inside);
      const target = document.getElementById('desk').contentWindow;
      const tried = [
        (port) => target.postMessage({ patchcord: 2, type: 'connect' }, '*', [port]),
        (port) => target.postMessage({ type: 'connect' }, '*', [port]),
        (port) => target.postMessage('connect', '*', [port]),
        (port) => target.postMessage(null, '*', [port]),
        (port) => target.postMessage({ patchcord: 'handover', handover: 'x' }, '*', [port]),
        (port) => inside.contentWindow.eval('(target, port) => target.postMessage({ patchcord: 1, type: "connect" }, "*", [port])')(target, port),
      ];
      const got = [];
      for (const [at, send] of tried.entries()) {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => got.push(at + ' ' + JSON.stringify(data));
        send(port2);
      }
      // Whoever may speak is answered after all of them.
      await desk.dial('<').catch(() => undefined);
      return got;
    })()`);
    expect(answers).toEqual([]);
  });

  it('a word that was handed over opens one session, once, and is no cookie', async () => {
    const { context } = await world.visit({ as: 'ana', at: '/live' });
    const { csrf } = (await (await context.request.get('/v1/session')).json()) as { csrf: string };
    expect((await context.request.post('/v1/session/handover')).status()).toBe(401);
    const given = await context.request.post('/v1/session/handover', { headers: { 'x-patchcord-csrf': csrf } });
    const { handover } = (await given.json()) as { handover: string };
    const take = () =>
      fetch(new URL('/v1/session/frame', world.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ handover }),
      });
    const [first, again] = [await take(), await take()];
    expect(first.headers.get('set-cookie')).toMatch(
      /^__Host-patchcord_frame=\S+; Path=\/; HttpOnly; SameSite=None; Max-Age=\d+; Secure; Partitioned$/,
    );
    expect([first.status, again.status]).toEqual([200, 401]);
    for (const name of ['patchcord_session', '__Host-patchcord_frame']) {
      const answer = await fetch(new URL('/v1/session', world.url), { headers: { cookie: `${name}=${handover}` } });
      expect(answer.status, name).toBe(401);
    }
  });
});

describe.skipIf(!hasBrowser)('adapters', { timeout: 90_000 }, () => {
  it('Salesforce: a clicked number is dialled, a caller searched and shown, the call logged as a task', async () => {
    const { page, expects } = await world.visit({ at: `${host.origin}/salesforce` });
    await signIn(page);
    await eventually(async () => (await asked(page, 'enableClickToDial')).length > 0);
    expects(/status of (422|503).*\/v1\/calls/);
    await page.evaluate(`click({ number: '+14155550142', recordId: '003000000000001', objectType: 'Contact' })`);
    await eventually(() =>
      page.evaluate<boolean>(`refusals.some(([what, code]) => what === 'dial' && code.startsWith('pbx_'))`),
    );
    const call = answeredCall({ name: 'salesforce', startMs: Date.now(), ani: '+14155550166' });
    await world.tell(call.events);
    await eventually(async () => (await asked(page, 'saveLog')).length > 0, { what: 'the task', deadlineMs: 15_000 });
    expect(await asked(page, 'searchAndScreenPop')).toContainEqual([
      { searchParams: '+14155550166', callType: 'inbound', deferred: false },
    ]);
    expect(JSON.stringify(await asked(page, 'saveLog'))).toContain(call.callId);
    expect(await asked(page, 'setSoftphonePanelVisibility')).toContainEqual([{ visible: true }]);
  });

  it('ServiceNow: it comes up when a call rings, opens the form of the caller, and dials what is clicked', async () => {
    const { page, expects } = await world.visit({ at: `${host.origin}/servicenow` });
    await signIn(page);
    expects(/status of (422|503).*\/v1\/calls/);
    await page.evaluate(`click({ type: 'OUTGOING_CALL', data: { metaData: { phoneNumber: '+14155550142' } } })`);
    await eventually(() =>
      page.evaluate<boolean>(`refusals.some(([what, code]) => what === 'dial' && code.startsWith('pbx_'))`),
    );
    await world.tell(answeredCall({ name: 'servicenow', startMs: Date.now(), ani: '+14155550177' }).events.slice(0, 3));
    await eventually(async () => (await asked(page, 'show')).length > 0);
    expect(await asked(page, 'openServiceNowForm')).toContainEqual([
      { entity: 'customer_contact', query: 'phone=+14155550177' },
    ]);
  });
});
