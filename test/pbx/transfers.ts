import { field } from '@patchcord/asterisk';
import { callIdOf } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import { supportNumber } from './lab/dialplan.ts';
import { type PbxWorld, type PlacedCall, pbxId } from './pbx-world.ts';
import type { PhoneCall, SipPhone } from './sip-phone.ts';

interface Talk extends PlacedCall {
  readonly at: PbxWorld;
  readonly first: SipPhone;
  /** The first agent's side of the call. */
  readonly talk: PhoneCall;
}

/** Agent 1001 speaks with a caller of the queue; 1003, who is in no queue, is there to take over. */
async function talking(at: PbxWorld): Promise<Talk> {
  const first = await at.agent('1001');
  await at.agent('1003');
  const placed = await at.calls(supportNumber);
  await at.becomes(placed.callId, { state: 'talking' });
  const [talk] = first.calls;
  if (talk === undefined) throw new Error('the first agent has no call');
  return { ...placed, at, first, talk };
}

const one = { agentId: '1001' };
const other = { agentId: '1003' };

/** Both agents had the caller, one after the other, in one call. */
async function endsWithOther({ at, callId, call }: Talk): Promise<void> {
  await at.becomes(callId, { state: 'talking', interactions: [{ agent: one, state: 'ended' }, { agent: other }] });
  call.hangUp();
  const session = await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'customer' });
  expect(session.interactions).toMatchObject([
    { agent: one, state: 'ended' },
    { agent: other, state: 'ended' },
  ]);
  expect(session.transfers).toHaveLength(1);
  await eventually(() => at.told(callId).some(({ event }) => event === 'ended'), { what: 'the end at the CRM' });
  const told = at.told(callId).filter(({ event }) => event === 'transferred');
  expect(told).toHaveLength(1);
}

export function transferTests(world: () => PbxWorld): void {
  test('blind, by the phone of the agent (REFER)', async () => {
    const talk = await talking(world());
    await talk.talk.transfer('1003');
    await talk.at.becomes(talk.callId, { transfers: [{ kind: 'blind', from: one, to: { extension: '1003' } }] });
    await endsWithOther(talk);
  });

  test('blind, by a program that tells the PBX (AMI)', async () => {
    const talk = await talking(world());
    const Channel = await channelOf(talk.at, '1001');
    await talk.at.action('BlindTransfer', { Channel, Exten: '1003', Context: 'from-agent' });
    await talk.at.becomes(talk.callId, { transfers: [{ kind: 'blind', from: one, to: { extension: '1003' } }] });
    await endsWithOther(talk);
  });

  test('attended, by the phone (REFER with Replaces): the consult call becomes a part of the call', async () => {
    const talk = await talking(world());
    const consult = await talk.first.call('1003');
    const consultCallId = await idOfConsult(talk.at);
    await talk.at.becomes(consultCallId, { state: 'talking' });
    await talk.talk.transfer('1003', consult);
    await talk.at.becomes(talk.callId, { transfers: [{ kind: 'attended', from: one, consultCallId }] });
    await talk.at.becomes(consultCallId, { outcome: 'merged', mergedInto: talk.callId });
    await endsWithOther(talk);
    expect(talk.at.told(consultCallId).filter(({ event }) => event === 'transferred')).toEqual([]);
  });

  test('attended, by the keys of the PBX (*2, the number, then he hangs up)', async () => {
    const talk = await talking(world());
    await talk.talk.press('*2');
    await eventually(() => talk.at.seen().some((event) => field(event, 'Event') === 'MusicOnHoldStart'), {
      what: 'the caller on hold',
    });
    await talk.talk.press('1003#');
    await eventually(() => answeredBy(talk.at, '1003'), { what: 'the second agent' });
    talk.talk.hangUp();
    const session = await talk.at.becomes(talk.callId, { transfers: [{ kind: 'attended', from: one }] });
    expect(session.digits).toBe('');
    await endsWithOther(talk);
  });

  test('the phone asks for a number that is none: the agent keeps the caller', async () => {
    const { at, talk, call, callId } = await talking(world());
    await talk.transfer('999');
    await eventually(() => talk.transferStatus >= 400, { what: 'the refusal of the transfer' });
    call.hangUp();
    const session = await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'customer' });
    expect(session).toMatchObject({ transfers: [], interactions: [{ agent: one, endedBy: 'customer' }] });
  });

  test('a program asks for one: the PBX says it worked, and the caller is gone', async () => {
    const { at, call, callId } = await talking(world());
    await at.action('BlindTransfer', { Channel: await channelOf(at, '1001'), Exten: '999', Context: 'from-agent' });
    await eventually(() => call.isOver);
    const session = await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'system' });
    expect(session).toMatchObject({ transfers: [{ to: { extension: '999' } }], interactions: [{ agent: one }] });
  });
}

async function channelOf(at: PbxWorld, agentId: string): Promise<string> {
  const { events } = await at.action('CoreShowChannels');
  const names = events.map((event) => field(event, 'Channel') ?? '');
  return names.find((name) => name.startsWith(`PJSIP/${agentId}-`)) ?? '';
}

/** The agent's own call to his colleague. */
async function idOfConsult(at: PbxWorld): Promise<string> {
  const begun = await eventually(
    () => at.seen().find((event) => field(event, 'Event') === 'Newchannel' && field(event, 'Exten') === '1003'),
    { what: 'the consult call' },
  );
  return callIdOf(pbxId, field(begun, 'Uniqueid') ?? '');
}

const answeredBy = (at: PbxWorld, agentId: string): boolean =>
  at
    .seen()
    .some(
      (event) =>
        field(event, 'Event') === 'BridgeEnter' && (field(event, 'Channel') ?? '').startsWith(`PJSIP/${agentId}-`),
    );
