import { randomUUID } from 'node:crypto';
import type { AmiHeaderRecord } from '@patchcord/testkit';
import { demoAgent, demoColleague, type PhoneUse } from './agent.ts';
import type { Caller } from './callers.ts';
import { type Course, type Deed, stepAfter } from './courses.ts';
import type { Handover } from './dialplan.ts';
import { type CallIdentity, type RecordedParts, readParts } from './recorded-parts.ts';

/** The agent's telephone, with one call at a time. */
export interface Line {
  use(): PhoneUse;
  /** How long it is used so (ms). */
  forMs(): number;
  /** Whether a channel is one of the call. */
  has(channel: string | undefined): boolean;
  /** Somebody calls. */
  ring(caller: Caller): void;
  /** The agent calls somebody: his own phone rings first. */
  dial(call: MadeCall): void;
  /** What somebody does; what cannot be done now changes nothing. */
  go(deed: Deed): void;
  /** Hands the call on, to whoever has this extension. */
  handOn(handover: Handover, extension: string): void;
  close(): void;
}

interface MadeCall {
  readonly number: string;
  /** As the agent's channel is to be called. */
  readonly uniqueId: string;
  /** Channel variables. */
  readonly variables: ReadonlyMap<string, string>;
}

interface Live {
  readonly course: Course;
  readonly identity: CallIdentity;
}

/** How fast others are (ms). */
export interface Pace {
  /** Until somebody answers whom the agent calls, or hands a call on to. */
  readonly answersMs: number;
  /** How long a caller then speaks with whoever got him. */
  readonly speaksMs: number;
}

type Tell = (events: readonly AmiHeaderRecord[]) => void;

export function createLine(tell: Tell, pace: Pace): Line {
  const parts = readParts();
  const passedOn = createPassedOn({ parts, tell, pace });
  let use: PhoneUse = 'idle';
  let since = 0;
  let made = 0;
  let live: Live | undefined;
  const turn = (next: PhoneUse): void => {
    use = next;
    since = performance.now();
    if (next === 'idle') live = undefined;
  };
  const begin = (next: Live): CallIdentity => {
    live = next;
    turn('ringing');
    return next.identity;
  };
  const go = (deed: Deed): boolean => {
    const step = live && stepAfter(live.course, use, deed);
    if (live === undefined || step === undefined) return false;
    const { identity } = live;
    turn(step.use);
    tell(parts(step.part, identity));
    return true;
  };
  const number = (): number => {
    made += 1;
    return made;
  };
  return {
    use: () => use,
    forMs: () => performance.now() - since,
    has: (channel) =>
      live !== undefined && (channel === live.identity.agentChannel || channel === live.identity.callerChannel),
    ring: (caller) => {
      if (use === 'idle') tell(parts('rings', begin({ course: 'given', identity: identityOf(number(), caller) })));
    },
    dial: ({ number: called, uniqueId, variables }) => {
      if (use !== 'idle') return;
      const identity = {
        ...identityOf(number(), { number: called, name: '' }),
        agentUid: uniqueId,
        linkedId: uniqueId,
      };
      tell(withVariables(parts('made-rings', begin({ course: 'made', identity })), variables));
    },
    go: (deed) => void go(deed),
    handOn: (handover, extension) => {
      if (live === undefined) return;
      const identity = { ...live.identity, ...receiverOf(handover, extension, live.identity) };
      live = { ...live, identity };
      if (go(handover)) passedOn.add(handover, identity);
    },
    close: () => passedOn.close(),
  };
}

/** The ids say that a person answers this call: nothing else of the demo acts on it. */
function identityOf(made: number, { number, name }: Caller): CallIdentity {
  const [base, mark] = [`demo-${Math.floor(Date.now() / 1000)}`, made.toString(16).padStart(8, '0')];
  const uid = (at: number): string => `${base}.${made * 3 + at}`;
  return {
    linkedId: uid(0),
    callerUid: uid(0),
    agentUid: uid(1),
    callerChannel: `PJSIP/carrier-${mark}`,
    agentChannel: `${demoAgent.interface}-${mark}`,
    bridge: randomUUID(),
    number,
    name,
    agentName: demoAgent.name,
    receiverUid: uid(2),
    receiverChannel: `${demoColleague.interface}-${mark}`,
    receiverBridge: randomUUID(),
    receiverNumber: demoColleague.id,
    receiverName: demoColleague.name,
  };
}

/** A queue's calls go to the colleague, too: it has nobody else. */
function receiverOf(handover: Handover, extension: string, { receiverChannel }: CallIdentity): Partial<CallIdentity> {
  if (handover !== 'to-number') return {};
  const mark = receiverChannel.slice(receiverChannel.lastIndexOf('-') + 1);
  return { receiverChannel: `PJSIP/carrier-f${mark.slice(1)}`, receiverNumber: extension, receiverName: '' };
}

/** The recording sets one variable, in whose place all of this call are set. */
const withVariables = (events: readonly AmiHeaderRecord[], variables: ReadonlyMap<string, string>): AmiHeaderRecord[] =>
  events.flatMap((event) =>
    event.Event === 'VarSet'
      ? [...variables].map(([Variable, Value]): AmiHeaderRecord => ({ ...event, Variable, Value }))
      : [event],
  );

interface Others {
  readonly parts: RecordedParts;
  readonly tell: Tell;
  readonly pace: Pace;
}

/** Calls that were handed on go on without the agent. */
function createPassedOn({ parts, tell, pace: { answersMs, speaksMs } }: Others) {
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms).unref();
    timers.add(timer);
  };
  return {
    add: (handover: Handover, identity: CallIdentity): void => {
      later(answersMs, () => tell(parts(`${handover}-answered`, identity)));
      later(answersMs + speaksMs, () => tell(parts(`${handover}-ended`, identity)));
    },
    close: (): void => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
