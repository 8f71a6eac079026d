import { createPublisher, serveRpc } from '@patchcord/bus';
import { type AnyEvent, contact, type Interaction, type OpenAcw, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, refusalOf, startConsole } from './fixture.ts';
import { agentToken, entities, servePbx } from './pbx-support.ts';
import { follow, type Stream } from './server-sent.ts';
import { serveSessions } from './sessions.ts';

const now = () => new Date().toISOString();

const part = (agentId: string, of: Partial<Interaction> = {}): Interaction => ({
  interactionId: `i-${agentId}`,
  legId: `l-${agentId}`,
  agent: { agentId },
  state: 'ringing',
  ringingAt: now(),
  holdMs: 0,
  holds: 0,
  ...of,
});

const acwOf = (interactionId: string): OpenAcw => ({
  callId: 'c-1',
  interactionId,
  startedAt: '2026-11-20T23:41:21.100Z',
  until: '2026-11-20T23:42:21.100Z',
});

interface Desk extends ConsoleFixture {
  /** What disposition has open. */
  readonly open: OpenAcw[];
  readonly watch: (agentId: string) => Promise<Stream>;
  readonly tell: (type: AnyEvent['type'], data: object, agentId?: string) => Promise<void>;
}

async function startDesk({ acw = true } = {}): Promise<Desk> {
  const fixture = await startConsole();
  const { bus, service } = fixture;
  const open: OpenAcw[] = [];
  const pops = serveRpc(bus, rpc.screenPops, async () => ({ pops: [] }));
  onTestFinished(() => pops.stop());
  if (acw) {
    const served = serveRpc(bus, rpc.openAcw, async () => ({ acw: open }));
    onTestFinished(() => served.stop());
  }
  const publisher = createPublisher(bus);
  const token = await fixture.token();
  let events = 0;
  return {
    ...fixture,
    open,
    watch: (agentId) =>
      follow(new URL(`/v1/agents/${agentId}/events`, service.url), { authorization: `Bearer ${token}` }),
    tell: async (type, data, agentId = '1001') => {
      events += 1;
      const envelope = { specversion: '1.0', id: `e-${events}`, source: '/test', subject: agentId, time: now() };
      const rest = { datacontenttype: 'application/json', tenantid: 'acme', sequence: '0' };
      await publisher.publish({ ...envelope, ...rest, type, data: { agent: { agentId }, ...data } } as AnyEvent);
    },
  };
}

const names = ({ seen }: Stream): string[] => seen.map(({ event }) => event);
const last = ({ seen }: Stream, event: string) => {
  const found = seen.findLast((each) => each.event === event);
  return found === undefined ? undefined : JSON.parse(found.data);
};
const state = 'patchcord.v1.agent.state-changed';

test('desk - the phone rings for every member, and the call is gone when another answers', async () => {
  const desk = await startDesk();
  const [ana, ben] = [await desk.watch('1001'), await desk.watch('1002')];
  await eventually(() => names(ana).includes('state') && names(ben).includes('state'));
  await desk.publish({ callId: 'c-1', version: 1, ani: '+14155550123', interactions: [part('1001'), part('1002')] });
  await eventually(() => last(ana, 'call') && last(ben, 'call'));
  expect(last(ben, 'call')).toMatchObject({ interactionId: 'i-1002', state: 'ringing', ani: '+14155550123' });
  const talking = part('1001', { state: 'talking', answeredAt: now() });
  const missed = part('1002', { state: 'missed', missedReason: 'answered-elsewhere', endedAt: now() });
  await desk.publish({ callId: 'c-1', version: 2, state: 'talking', interactions: [talking, missed] });
  await eventually(() => last(ben, 'call-gone'));
  expect(last(ben, 'call-gone')).toEqual({ interactionId: 'i-1002' });
  await eventually(() => last(ana, 'call')?.state === 'talking');
  expect(names(ana)).not.toContain('call-gone');
});

test('desk - an older version that comes late changes nothing; what ended stays for a while', async () => {
  const desk = await startDesk();
  const ana = await desk.watch('1001');
  const talking = part('1001', { state: 'talking', answeredAt: now() });
  await desk.publish({ callId: 'c-1', version: 3, state: 'talking', interactions: [talking] });
  await eventually(() => last(ana, 'call')?.state === 'talking');
  await desk.publish({ callId: 'c-1', version: 2, interactions: [part('1001')] });
  await desk.publish({ callId: 'c-1', version: 4, state: 'ended', endedAt: now(), interactions: [talking] });
  await eventually(() => last(ana, 'call')?.state === 'ended');
  expect(ana.seen.filter(({ event }) => event === 'call').map(({ data }) => JSON.parse(data).state)).toEqual([
    'talking',
    'ended',
  ]);
  const again = await desk.watch('1001');
  await eventually(() => last(again, 'state')?.calls.length === 1);
});

test('desk - a console that is started anew knows the state of each agent', async () => {
  const desk = await startDesk();
  await desk.tell(state, { state: 'ready' });
  await desk.tell(state, { state: 'paused', reason: 'Lunch', queue: 'vip' });
  const other = await desk.another();
  await desk.config.applyAll('acme', entities);
  const answer = await fetch(new URL('/v1/agents/1001/desk', other.url), {
    headers: { authorization: `Bearer ${await desk.token()}` },
  });
  const { agent, choices } = (await answer.json()) as Record<string, object>;
  expect(agent).toMatchObject({ agentId: '1001', state: 'paused', reason: 'Lunch', queue: 'vip', acw: [] });
  expect(choices).toMatchObject({
    pauseReasons: [],
    queues: ['sales', 'support', 'vip'],
    phone: { outcome: 'away', interface: 'PJSIP/1001' },
    transferTo: { agents: [{ agentId: '1002', name: 'Agent Two' }], queues: ['sales', 'support', 'vip'] },
    campaigns: [{ id: 'all' }, { id: 'spring' }],
  });
});

test('desk - after-call work is read again with each news of it', async () => {
  const desk = await startDesk();
  const ana = await desk.watch('1001');
  await eventually(() => last(ana, 'state')?.agent.acw.length === 0);
  desk.open.push(acwOf('i-1'));
  const ofCall = { callId: 'c-1', interactionId: 'i-1' };
  await desk.tell('patchcord.v1.agent.acw-started', ofCall);
  await eventually(() => last(ana, 'agent')?.acw.length === 1);
  desk.open.length = 0;
  await desk.tell('patchcord.v1.agent.acw-ended', { ...ofCall, reason: 'agent' });
  await eventually(() => last(ana, 'agent')?.acw.length === 0);
});

test('desk - without the service of after-call work all else is told, and it is asked again', async () => {
  const desk = await startDesk({ acw: false });
  const ana = await desk.watch('1001');
  await eventually(() => last(ana, 'state'));
  expect(last(ana, 'state').agent).toEqual({ agentId: '1001', state: 'unknown' });
  await desk.tell(state, { state: 'ready' });
  await eventually(() => last(ana, 'agent')?.state === 'ready');
  const served = serveRpc(desk.bus, rpc.openAcw, async () => ({ acw: [acwOf('i-9')] }));
  onTestFinished(() => served.stop());
  await eventually(() => last(ana, 'agent')?.acw?.length === 1, { deadlineMs: 10_000 });
});

test('desk - a call is handed on to a number, a colleague, a queue', async () => {
  const fixture = await startConsole();
  await fixture.config.applyAll('acme', entities);
  const pbx = servePbx(fixture);
  const token = await agentToken(fixture, '1001', 'calls:control');
  const to = (target: object) =>
    fixture.request('/v1/calls/c-1/transfer', { method: 'POST', token, body: { to: target } });
  expect((await to({ kind: 'number', number: '+1 415 555-0199' })).status).toBe(202);
  expect((await to({ kind: 'agent', agentId: '1002' })).status).toBe(202);
  expect((await to({ kind: 'queue', queue: 'vip' })).status).toBe(202);
  expect(pbx.commands.map((command) => ('to' in command ? command.to : undefined))).toEqual([
    { kind: 'number', number: '+1 415 555-0199' },
    { kind: 'agent', interface: 'SIP/two' },
    { kind: 'queue', queue: 'vip' },
  ]);
  const refused = [
    [{ kind: 'number', number: 'x;y' }, 'to.number'],
    [{ kind: 'agent', agentId: '1001' }, 'to.agentId'],
    [{ kind: 'agent', agentId: 'nobody' }, 'agentId'],
  ] as const;
  for (const [target, path] of refused)
    expect((await refusalOf(await to(target))).issues.map((issue) => issue.path)).toEqual([path]);
});

async function startContacts() {
  const fixture = await startConsole();
  await fixture.config.applyAll('acme', entities);
  const of = { variables: { CAMPAIGN: 'spring' }, interactions: [part('1001')] };
  await serveSessions(fixture, [{ callId: 'c-1', ani: '+14155550123', ...of }]);
  const token = await agentToken(fixture, '1001', 'contacts:read', 'dispositions:write');
  const admin = await fixture.token();
  const url = '/v1/agents/1001/calls/c-1/contact';
  return {
    read: async () => readContacts.parse(await (await fixture.request(url, { token })).json()),
    add: (values: object) => fixture.request(url, { method: 'POST', token, body: { values } }),
    choose: (contactId: string) => fixture.request(url, { method: 'PUT', token, body: { contactId } }),
    /** By somebody who looks after the database. */
    keep: (values: object) =>
      fixture.request('/v1/contact-databases/people/contacts', { method: 'POST', token: admin, body: { values } }),
  };
}

const readContacts = z.looseObject({ contact: contact.optional(), candidates: z.array(contact) });
const phone = '+14155550123';

test('desk - nobody has the number: who calls is added once, and is the contact of the call from then on', async () => {
  const { read, add, keep } = await startContacts();
  expect(await read()).toMatchObject({ database: { id: 'people' }, number: phone, candidates: [] });
  expect((await add({ name: 'Jo', phone })).status).toBe(201);
  expect((await add({ name: 'Jo', phone })).status).toBe(200);
  await keep({ name: 'Al', phone });
  expect((await read()).contact?.values.name).toBe('Jo');
  expect(await refusalOf(await add({ colour: 'red' }))).toMatchObject({ status: 400 });
});

test('desk - one has the number: it is him; several: one is chosen', async () => {
  const { read, choose, keep } = await startContacts();
  await keep({ name: 'Al', phone });
  expect(await read()).toMatchObject({ contact: { values: { name: 'Al' } }, candidates: [] });
  await keep({ name: 'Bo', phone });
  const { contact: none, candidates } = await read();
  expect([none, candidates.length]).toEqual([undefined, 2]);
  const [, chosen] = candidates;
  expect((await choose(chosen?.contactId ?? '')).status).toBe(200);
  expect(await read()).toMatchObject({ contact: chosen, candidates: [] });
  expect(await refusalOf(await choose('none'))).toMatchObject({ status: 404 });
});

test('desk - nobody reads or changes at the desk of another, or whom a call is about that he has no part in', async () => {
  const fixture = await startConsole();
  await fixture.config.applyAll('acme', entities);
  await serveSessions(fixture, [{ callId: 'c-1', interactions: [part('1002')] }]);
  const scopes = ['contacts:read', 'dispositions:write', 'sessions:read'] as const;
  const token = await agentToken(fixture, '1001', ...scopes);
  const asked = [
    ['GET', '/v1/agents/1002/desk'],
    ['POST', '/v1/agents/1002/acw/i-1/end'],
    ['GET', '/v1/agents/1002/calls/c-1/contact'],
    ['GET', '/v1/agents/1001/calls/c-1/contact'],
    ['GET', '/v1/agents/1002/screen-pops/p/frame?origin=http://x'],
  ] as const;
  for (const [method, path] of asked)
    expect(await refusalOf(await fixture.request(path, { method, token }))).toMatchObject({ status: 403 });
});
