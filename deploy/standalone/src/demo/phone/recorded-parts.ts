import { type AmiHeaderRecord, readAmiRecording } from '@patchcord/testkit';

/** Who and what a played call is about; stands wherever the recording has its own. */
export interface CallIdentity {
  readonly callerUid: string;
  readonly agentUid: string;
  readonly callerChannel: string;
  readonly agentChannel: string;
  readonly bridge: string;
  readonly number: string;
  readonly name: string;
  readonly agentName: string;
}

/** What happens next in a call. */
export type PartName = 'rings' | 'answered' | 'held' | 'resumed' | 'agent-ends' | 'caller-ends' | 'caller-gives-up';
export type RecordedParts = (part: PartName, identity: CallIdentity) => AmiHeaderRecord[];

const fixture = (name: string): URL =>
  new URL(`../../../../../libs/asterisk/fixtures/${name}.ami.jsonl`, import.meta.url);

/** What Patchcord reads of a PBX; the rest of a recording is noise here. */
const told =
  /^(Newchannel|Newstate|NewCallerid|NewConnectedLine|Dial\w+|Queue(Caller|MemberStatus)\w*|Agent\w+|Bridge\w+|Hold|Unhold|MusicOnHold\w+|\w*HangupRequest|Hangup|DeviceStateChange)$/;
const queue = 'support';

interface Recording {
  readonly events: readonly AmiHeaderRecord[];
  readonly own: CallIdentity;
}

function read(name: string): Recording {
  const events = readAmiRecording(fixture(name))
    .map(({ headers }) => headers)
    .filter(({ Event, Queue, Device }) => told.test(String(Event)) && isHere(Queue, Device));
  const [caller, agent] = events.filter(({ Event }) => Event === 'Newchannel');
  const bridge = events.find(({ Event }) => Event === 'BridgeCreate');
  const called = events.find(({ Event }) => Event === 'AgentCalled');
  const text = (event: AmiHeaderRecord | undefined, header: string): string => String(event?.[header] ?? '');
  return {
    events,
    own: {
      callerUid: text(caller, 'Uniqueid'),
      agentUid: text(agent, 'Uniqueid'),
      callerChannel: text(caller, 'Channel'),
      agentChannel: text(agent, 'Channel'),
      bridge: text(bridge, 'BridgeUniqueid'),
      number: text(caller, 'CallerIDNum'),
      name: text(caller, 'CallerIDName'),
      agentName: text(called, 'MemberName'),
    },
  };
}

/** The PBX of the recordings has its agents in many queues; the demo has one. */
const isHere = (ofQueue: AmiHeaderRecord[string] | undefined, device: AmiHeaderRecord[string] | undefined): boolean =>
  (ofQueue === undefined || ofQueue === queue) && !String(device ?? '').startsWith('Queue:');

/** Cuts recordings of a real Asterisk into what can happen next, so that a person decides what does. */
export function readParts(): RecordedParts {
  const [whole, callerEnds, givesUp] = ['s7_hold_agent', 's1_caller_hangup', 's3_abandon_ring'].map(read);
  if (whole === undefined || callerEnds === undefined || givesUp === undefined) throw new TypeError('no recordings');
  const at = (found: Recording, is: (event: AmiHeaderRecord) => boolean): number => found.events.findIndex(is);
  const named = (name: string) => (event: AmiHeaderRecord) => event.Event === name;
  const up = at(whole, ({ Event, Uniqueid, ChannelState }) => {
    return Event === 'Newstate' && Uniqueid === whole.own.agentUid && ChannelState === '6';
  });
  const [held, resumed, ends] = [named('Hold'), named('Unhold'), named('HangupRequest')].map((is) => at(whole, is));
  const parts: Record<PartName, readonly [Recording, number | undefined, number | undefined]> = {
    rings: [whole, 0, up],
    answered: [whole, up, held],
    held: [whole, held, resumed],
    resumed: [whole, resumed, ends],
    'agent-ends': [whole, ends, undefined],
    'caller-ends': [callerEnds, at(callerEnds, named('HangupRequest')), undefined],
    'caller-gives-up': [givesUp, at(givesUp, named('HangupRequest')), undefined],
  };
  return (part, identity) => {
    const [{ events, own }, from, to] = parts[part];
    return events.slice(from, to).map((event) => renamed(event, own, identity));
  };
}

function renamed(event: AmiHeaderRecord, own: CallIdentity, identity: CallIdentity): AmiHeaderRecord {
  const names = (Object.keys(own) as (keyof CallIdentity)[]).filter((key) => own[key] !== '');
  const value = (text: string): string => {
    const key = names.find((candidate) => own[candidate] === text);
    return key === undefined ? text : identity[key];
  };
  return Object.fromEntries(
    Object.entries(event).map(([header, given]) => [header, Array.isArray(given) ? given.map(value) : value(given)]),
  );
}
