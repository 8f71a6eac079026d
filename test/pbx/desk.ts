import { field } from '@patchcord/asterisk';
import type { Interaction, Session } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import type { Answer } from './house.ts';
import type { PbxWorld, PlacedCall } from './pbx-world.ts';
import type { SipPhone } from './sip-phone.ts';

const deskNumber = '+12025550160';
const loadNumber = '+12025550161';

/** Nothing here lets the parties transfer by keys: what a desk asks for needs no such switch. */
export const deskTopic = {
  numbers: {
    [deskNumber]: ['Set(CAMPAIGN=desk)', 'Answer()', 'Queue(desk,,,,60)', 'Hangup()'],
    [loadNumber]: ['Answer()', 'Queue(load,,,,60)', 'Hangup()'],
  },
  queues: { desk: { phones: ['1001', '1002'] }, sales: { phones: ['1003'] } },
  contexts: '[to-queue]\nexten => sales,1,Queue(sales,,,,60)\n same => n,Hangup()\n',
};

interface Talk extends PlacedCall {
  readonly at: PbxWorld;
  /** Of 1001, who speaks with the caller. */
  readonly first: SipPhone;
  /** Of 1003, who is there to take over. */
  readonly other: SipPhone;
}

async function talking(at: PbxWorld, behaviour?: 'is busy'): Promise<Talk> {
  const first = await at.phone({ user: '1001', registersAs: '1001', remoteControl: true });
  const other = await at.agent('1003', behaviour);
  const placed = await at.calls(deskNumber);
  await at.becomes(placed.callId, { state: 'talking' });
  return { ...placed, at, first, other };
}

const one = { agentId: '1001' };
const other = { agentId: '1003' };

type To = { kind: 'number'; number: string } | { kind: 'agent'; agentId: string } | { kind: 'queue'; queue: string };
const toOther: To = { kind: 'agent', agentId: '1003' };

const command = ({ at, callId }: Pick<Talk, 'at' | 'callId'>, what: string, body = {}): Promise<Answer> =>
  at.command(`/v1/calls/${callId}/${what}`, { ...one, ...body });
const transfer = (talk: Pick<Talk, 'at' | 'callId'>, to: To): Promise<Answer> => command(talk, 'transfer', { to });
const outcome = ({ status, body }: Answer): unknown[] => [status, body.error?.code ?? body.outcome];
const accepted = [202, 'accepted'];

export function deskTests(world: () => PbxWorld): void {
  hangUpTests(world);
  transferTests(world);
  refusedTests(world);
  queueTests(world);
}

/** The after-call work of one agent for this call, as his desk shows it. */
async function acwOf({ at }: Pick<Talk, 'at'>, { interactions }: Session, agentId: string): Promise<void> {
  const his = interactions.find(({ agent }) => agent.agentId === agentId);
  const acw = async () => (await at.deskOf(agentId)).acw ?? [];
  await eventually(async () => (await acw()).some(({ interactionId }) => interactionId === his?.interactionId), {
    what: `the after-call work of ${agentId}`,
  });
}

function hangUpTests(world: () => PbxWorld): void {
  test('hangs up: the caller is free, it was the agent who ended it, and his after-call work begins', async () => {
    const talk = await talking(world());
    expect(outcome(await command(talk, 'hangup'))).toEqual(accepted);
    await eventually(() => talk.call.isOver, { what: "the caller's end" });
    const ended = { state: 'ended', outcome: 'answered', endedBy: 'agent' };
    const session = await talk.at.becomes(talk.callId, ended);
    expect(session.interactions).toMatchObject([{ agent: one, state: 'ended', endedBy: 'agent' }]);
    expect(session.variables).toEqual({ CAMPAIGN: 'desk' });
    await acwOf(talk, session, '1001');
    for (const late of [command(talk, 'hangup'), transfer(talk, toOther), command(talk, 'hold')])
      expect(outcome(await late)).toEqual([404, 'not_found']);
  });

  test('turns away what rings: the next agent has it', async () => {
    const at = world();
    await at.agent('1001', 'rings');
    await at.agent('1002');
    const { call, callId } = await at.calls(deskNumber);
    await at.becomes(callId, { interactions: [{ agent: one, state: 'ringing' }] });
    expect(outcome(await command({ at, callId }, 'hangup'))).toEqual(accepted);
    const session = await at.becomes(callId, { state: 'talking' });
    const missed = { agent: one, state: 'missed', missedReason: 'declined' };
    expect(session.interactions).toMatchObject([missed, { agent: { agentId: '1002' }, state: 'talking' }]);
    call.hangUp();
    await at.becomes(callId, { state: 'ended', endedBy: 'customer' });
  });
}

/** 1003 has the caller now, in the same call; 1001 has his after-call work while it goes on. */
async function handedOn(talk: Talk, extension: string, theirs: Partial<Interaction> = {}): Promise<Session> {
  const { at, callId } = talk;
  const his = { agent: one, state: 'ended', endedBy: 'transfer' };
  const session = await at.becomes(callId, {
    state: 'talking',
    transfers: [{ kind: 'blind', from: one, to: { extension } }],
    interactions: [his, { agent: other, state: 'talking', holds: 0, ...theirs }],
  });
  await acwOf(talk, session, '1001');
  expect(talk.other.calls).toHaveLength(1);
  return session;
}

/** What is told of all of it once the caller has hung up. */
async function ends({ at, callId, call }: Pick<Talk, 'at' | 'callId' | 'call'>): Promise<Session> {
  call.hangUp();
  const session = await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'customer' });
  expect(session.interactions.at(-1)).toMatchObject({ agent: other, state: 'ended', endedBy: 'customer' });
  const told = (): string[] => at.told(callId).map(({ event }) => event);
  await eventually(() => told().includes('ended'), { what: 'the end at the CRM' });
  expect(told().filter((event) => event === 'transferred')).toHaveLength(1);
  await acwOf({ at }, session, '1003');
  return session;
}

function transferTests(world: () => PbxWorld): void {
  test('passes the caller on to an extension', async () => {
    const talk = await talking(world());
    expect(outcome(await transfer(talk, { kind: 'number', number: '1003' }))).toEqual(accepted);
    await handedOn(talk, '1003');
    await eventually(() => talk.first.calls[0]?.isOver, { what: "the end of the first agent's part" });
    await ends(talk);
  });

  test('passes a caller on hold to another agent: he is on hold no longer, and hears no music', async () => {
    const talk = await talking(world());
    expect(outcome(await command(talk, 'hold'))).toEqual(accepted);
    await talk.at.becomes(talk.callId, { state: 'held' });
    expect(outcome(await transfer(talk, toOther))).toEqual(accepted);
    await handedOn(talk, '1003');
    const music = (event: string): number =>
      talk.at.seen().filter((seen) => field(seen, 'Event') === event && isCaller(field(seen, 'Channel'))).length;
    await eventually(() => music('MusicOnHoldStart') === music('MusicOnHoldStop'), { what: 'the end of the music' });
    const { interactions } = await ends(talk);
    expect(interactions[0]).toMatchObject({ holds: 1 });
  });

  test('passes him on to a queue: he waits, and its agent has him', async () => {
    const talk = await talking(world());
    expect(outcome(await transfer(talk, { kind: 'queue', queue: 'sales' }))).toEqual(accepted);
    await handedOn(talk, 'sales', { queue: 'sales' });
    const { queues } = await ends(talk);
    expect(queues).toMatchObject([
      { queue: 'desk', reason: 'connected' },
      { queue: 'sales', reason: 'connected' },
    ]);
  });

  test('pressed twice at once, and again later: passed on once', async () => {
    const talk = await talking(world());
    const answers = await Promise.all([transfer(talk, toOther), transfer(talk, toOther)]);
    // The second may come when the first is done with.
    expect(answers.map(({ status }) => status)).toContain(202);
    for (const { status } of answers) expect(status).toBeOneOf([202, 404]);
    await handedOn(talk, '1003');
    expect(outcome(await transfer(talk, toOther))).toEqual([404, 'not_found']);
    await ends(talk);
  });

  test('calls a customer and passes him on; the colleague hangs up at his desk', async () => {
    const at = world();
    const first = await at.agent('1001');
    await at.agent('1003');
    const customer = await at.phone({ user: 'customer', registersAs: 'carrier' });
    const made = await at.command('/v1/calls', { ...one, campaignId: 'desk', to: '+1 (415) 555-0199' });
    const callId = made.body.callId ?? '';
    await at.becomes(callId, { state: 'talking', direction: 'outbound', dnis: '+14155550199' });
    expect(outcome(await transfer({ at, callId }, toOther))).toEqual(accepted);
    await at.becomes(callId, {
      state: 'talking',
      interactions: [{ agent: one, endedBy: 'transfer' }, { agent: other }],
    });
    await eventually(() => first.calls[0]?.isOver, { what: "the end of the first agent's part" });
    expect(outcome(await at.command(`/v1/calls/${callId}/hangup`, other))).toEqual(accepted);
    await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'agent', transfers: [{ kind: 'blind' }] });
    await eventually(() => customer.calls[0]?.isOver, { what: "the customer's end" });
  });
}

const isCaller = (channel: string | undefined): boolean => channel?.startsWith('PJSIP/carrier-') ?? false;

function refusedTests(world: () => PbxWorld): void {
  test('what nobody would answer is refused, and the agent keeps the caller', async () => {
    const talk = await talking(world());
    const { at, callId, call } = talk;
    const nowhere: [To, string][] = [
      [{ kind: 'number', number: '999' }, 'number_refused'],
      [{ kind: 'queue', queue: 'nosuch' }, 'number_refused'],
      [{ kind: 'agent', agentId: '1002' }, 'agent_unreachable'],
    ];
    for (const [to, code] of nowhere) {
      const refused = await transfer(talk, to);
      expect(outcome(refused)).toEqual([422, code]);
      expect(refused.body.error?.message).toMatch(/no extension "(999|nosuch)"|PJSIP\/1002 is not registered/);
    }
    expect(call.isOver).toBe(false);
    call.hangUp();
    const session = await at.becomes(callId, { state: 'ended', endedBy: 'customer', transfers: [] });
    expect(session.interactions).toMatchObject([{ agent: one, endedBy: 'customer' }]);
  });

  test('the colleague is busy: the PBX ends the call, and the story says so', async () => {
    const talk = await talking(world(), 'is busy');
    expect(outcome(await transfer(talk, toOther))).toEqual(accepted);
    await eventually(() => talk.call.isOver, { what: "the caller's end" });
    const session = await talk.at.becomes(talk.callId, { state: 'ended', outcome: 'answered', endedBy: 'system' });
    const missed = { agent: other, state: 'missed', missedReason: 'busy' };
    expect(session.interactions).toMatchObject([{ agent: one, endedBy: 'transfer' }, missed]);
    expect(session.transfers).toHaveLength(1);
  });

  test('who only rings has nobody to pass on', async () => {
    const at = world();
    await at.agent('1001', 'rings');
    const { callId } = await at.calls(deskNumber);
    await at.becomes(callId, { interactions: [{ agent: one, state: 'ringing' }] });
    expect(outcome(await transfer({ at, callId }, { kind: 'number', number: '1001' }))).toEqual([422, 'not_supported']);
  });
}

function queueTests(world: () => PbxWorld): void {
  test('a pause with a reason is seen at the desk, and calls go to the colleague until it is over', async () => {
    const at = world();
    const phones = [await at.agent('1001'), await at.agent('1002')];
    const state = (expected: object) =>
      eventually(async () => expect(await at.deskOf('1001')).toMatchObject(expected) ?? true, { what: 'the state' });
    expect(outcome(await at.command('/v1/agents/1001/pause', { reason: 'Lunch' }))).toEqual(accepted);
    await state({ state: 'paused', reason: 'Lunch' });
    const missed = await at.calls(deskNumber);
    await at.becomes(missed.callId, { interactions: [{ agent: { agentId: '1002' }, state: 'talking' }] });
    missed.call.hangUp();
    expect(outcome(await at.command('/v1/agents/1001/unpause', {}))).toEqual(accepted);
    await state({ state: 'ready' });
    const taken = await at.calls(deskNumber);
    await at.becomes(taken.callId, { interactions: [{ agent: one, state: 'talking' }] });
    taken.call.hangUp();
    expect(phones.map(({ calls }) => calls.length)).toEqual([1, 1]);
  });

  test('who logs in to a queue gets its callers, and who logs out again none', async () => {
    const at = world();
    await at.agent('1003');
    const queues = { queues: ['load'] };
    expect(outcome(await at.command('/v1/agents/1003/login', queues))).toEqual(accepted);
    const first = await at.calls(loadNumber);
    await at.becomes(first.callId, { state: 'talking', interactions: [{ agent: other, queue: 'load' }] });
    first.call.hangUp();
    await at.becomes(first.callId, { state: 'ended' });
    expect(outcome(await at.command('/v1/agents/1003/logout', queues))).toEqual(accepted);
    const { events } = await at.action('QueueStatus', { Queue: 'load' });
    expect(events.filter((event) => field(event, 'Event') === 'QueueMember')).toEqual([]);
    const second = await at.calls(loadNumber);
    await at.becomes(second.callId, { state: 'queued', interactions: [] });
  });
}
