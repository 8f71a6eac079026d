import { type AmiHeaderRecord, readAmiRecording } from '@patchcord/testkit';
import type { Handover } from './dialplan.ts';

/** Who and what a played call is about; stands wherever the recording has its own. */
export interface CallIdentity {
  /** By which the PBX says what belongs together. */
  readonly linkedId: string;
  readonly callerUid: string;
  readonly agentUid: string;
  readonly callerChannel: string;
  readonly agentChannel: string;
  readonly bridge: string;
  readonly number: string;
  readonly name: string;
  readonly agentName: string;
  /** Whoever gets the call when it is handed on. */
  readonly receiverUid: string;
  readonly receiverChannel: string;
  readonly receiverBridge: string;
  readonly receiverNumber: string;
  readonly receiverName: string;
}

/** What happens next in a call. `made`: in one that the agent makes. */
export type PartName =
  | 'rings'
  | 'answered'
  | 'held'
  | 'resumed'
  | 'agent-ends'
  | 'caller-gives-up'
  | 'made-rings'
  | 'made-turned-away'
  | 'made-not-picked-up'
  | 'made-picked-up'
  | 'made-given-up'
  | 'made-answered'
  | 'made-held'
  | 'made-resumed'
  | 'made-ended'
  | Handover
  | `${Handover}-answered`
  | `${Handover}-ended`;
export type RecordedParts = (part: PartName, identity: CallIdentity) => AmiHeaderRecord[];

const fixture = (name: string): URL =>
  new URL(`../../../../../libs/asterisk/fixtures/${name}.ami.jsonl`, import.meta.url);

/** What Patchcord reads of a PBX; the rest of a recording is noise here. */
const told =
  /^(Newchannel|Newstate|NewCallerid|NewConnectedLine|Dial\w+|Queue(Caller|MemberStatus)\w*|Agent\w+|Bridge\w+|BlindTransfer|OriginateResponse|Hold|Unhold|MusicOnHold\w+|\w*HangupRequest|Hangup|DeviceStateChange)$/;
/** Of variables, those of the call and what a hangup at the desk leaves. */
const variables: ReadonlySet<unknown> = new Set(['__CAMPAIGN', 'PATCHCORD_HANGS_UP']);
const queue = 'support';

interface Recording {
  readonly events: readonly AmiHeaderRecord[];
  readonly own: Partial<CallIdentity>;
}

const text = (event: AmiHeaderRecord | undefined, header: string): string => String(event?.[header] ?? '');

function read(name: string, first: 'caller' | 'agent' = 'caller'): Recording {
  const events = readAmiRecording(fixture(name))
    .map(({ headers }) => headers)
    .filter((event) => told.test(String(event.Event)) || variables.has(event.Variable))
    .filter(({ Queue, Device }) => isHere(Queue, Device));
  const channels = events.filter(({ Event }) => Event === 'Newchannel');
  const [caller, agent] = first === 'caller' ? channels : [channels[1], channels[0]];
  const [bridge, next] = events.filter(({ Event }) => Event === 'BridgeCreate');
  const receiver = channels[2];
  return {
    events,
    own: {
      callerUid: text(caller, 'Uniqueid'),
      agentUid: text(agent, 'Uniqueid'),
      callerChannel: text(caller, 'Channel'),
      agentChannel: text(agent, 'Channel'),
      bridge: text(bridge, 'BridgeUniqueid'),
      number: numberOf(events, caller) || text(events.find(named('OriginateResponse')), 'Exten'),
      name: text(caller, 'CallerIDName'),
      agentName: text(agent, 'CallerIDName'),
      receiverUid: text(receiver, 'Uniqueid'),
      receiverChannel: text(receiver, 'Channel'),
      receiverBridge: text(next, 'BridgeUniqueid'),
      receiverNumber: numberOf(events, receiver),
      receiverName: text(receiver, 'CallerIDName'),
    },
  };
}

/** A channel that the PBX calls somebody outside by has a number only once it is dialled. */
function numberOf(events: readonly AmiHeaderRecord[], channel: AmiHeaderRecord | undefined): string {
  const dialled = events.find(({ Event, DestUniqueid }) => Event === 'DialBegin' && DestUniqueid === channel?.Uniqueid);
  return text(dialled, 'DestCallerIDNum') || text(channel, 'CallerIDNum');
}

/** The PBX of the recordings has its agents in many queues; the demo has one. */
const isHere = (ofQueue: AmiHeaderRecord[string] | undefined, device: AmiHeaderRecord[string] | undefined): boolean =>
  (ofQueue === undefined || ofQueue === queue) && !String(device ?? '').startsWith('Queue:');

type Part = readonly [Recording, number | undefined, number | undefined];
const at = ({ events }: Recording, is: (event: AmiHeaderRecord) => boolean): number => events.findIndex(is);
const named = (name: string) => (event: AmiHeaderRecord) => event.Event === name;
/** A channel that is answered. */
const isUp =
  (uid: string | undefined) =>
  ({ Event, Uniqueid, ChannelState }: AmiHeaderRecord): boolean =>
    Event === 'Newstate' && Uniqueid === uid && ChannelState === '6';
const hangsUp = ({ Variable }: AmiHeaderRecord): boolean => Variable === 'PATCHCORD_HANGS_UP';

/** Somebody calls the agent. */
function partsOfGiven() {
  const [whole, givesUp] = [read('s7_hold_agent'), read('s3_abandon_ring')];
  const up = at(whole, isUp(whole.own.agentUid));
  const [held, resumed, ends] = [named('Hold'), named('Unhold'), named('HangupRequest')].map((is) => at(whole, is));
  return {
    rings: [whole, 0, up],
    answered: [whole, up, held],
    held: [whole, held, resumed],
    resumed: [whole, resumed, ends],
    'agent-ends': [whole, ends, undefined],
    'caller-gives-up': [givesUp, at(givesUp, named('HangupRequest')), undefined],
  } as const satisfies Partial<Record<PartName, Part>>;
}

/** The agent calls somebody. */
function partsOfMade() {
  const [whole, givenUp] = [read('s10_desk_call', 'agent'), read('s10_desk_call_given_up', 'agent')];
  const turnedAway = read('s10_desk_call_turned_away', 'agent');
  const notPickedUp = read('s10_desk_call_not_picked_up', 'agent');
  const pickedUp = at(whole, isUp(whole.own.agentUid));
  const answered = at(whole, isUp(whole.own.callerUid));
  const [held, resumed, ends] = [named('Hold'), named('Unhold'), hangsUp].map((is) => at(whole, is));
  return {
    'made-rings': [whole, 0, pickedUp],
    'made-picked-up': [whole, pickedUp, answered],
    'made-answered': [whole, answered, held],
    'made-held': [whole, held, resumed],
    'made-resumed': [whole, resumed, ends],
    'made-ended': [whole, ends, undefined],
    'made-given-up': [givenUp, at(givenUp, hangsUp), undefined],
    'made-turned-away': [turnedAway, at(turnedAway, hangsUp), undefined],
    'made-not-picked-up': [notPickedUp, at(notPickedUp, named('OriginateResponse')), undefined],
  } as const satisfies Partial<Record<PartName, Part>>;
}

/** The agent hands a call on, of whichever kind it is. */
function partsOfHandover<Name extends Handover>(name: Name, recording: string) {
  const whole = read(recording);
  const answered = at(whole, isUp(whole.own.receiverUid));
  const ends = at(whole, named('HangupRequest'));
  // The PBX takes a call from hold before, also one that was not held.
  const parts: Record<string, Part> = {
    [name]: [whole, at(whole, named('Unhold')), answered],
    [`${name}-answered`]: [whole, answered, ends],
    [`${name}-ended`]: [whole, ends, undefined],
  };
  return parts as Record<Name | `${Name}-answered` | `${Name}-ended`, Part>;
}

/** Cuts recordings of a real Asterisk into what can happen next, so that a person decides what does. */
export function readParts(): RecordedParts {
  const parts: Readonly<Record<PartName, Part>> = {
    ...partsOfGiven(),
    ...partsOfMade(),
    ...partsOfHandover('to-colleague', 's5_blind_ami'),
    ...partsOfHandover('to-queue', 's10_desk_to_queue'),
    ...partsOfHandover('to-number', 's10_desk_to_number'),
  };
  return (part, identity) => {
    const [{ events, own }, from, to] = parts[part];
    return events.slice(from, to).map((event) => renamed(event, own, identity));
  };
}

function renamed(event: AmiHeaderRecord, own: Recording['own'], identity: CallIdentity): AmiHeaderRecord {
  const names = (Object.keys(own) as (keyof CallIdentity)[]).filter((key) => own[key] !== '');
  const value = (header: string, given: string): string => {
    // All that is played is of one call; which channel began it is another in each recording.
    if (header.endsWith('Linkedid')) return identity.linkedId;
    const key = names.find((candidate) => own[candidate] === given);
    return key === undefined ? given : identity[key];
  };
  return Object.fromEntries(
    Object.entries(event).map(([header, given]) => [
      header,
      Array.isArray(given) ? given.map((one) => value(header, one)) : value(header, given),
    ]),
  );
}
