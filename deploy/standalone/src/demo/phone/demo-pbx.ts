import { type AmiHeaderRecord, type AmiReplayServer, startAmiReplayServer } from '@patchcord/testkit';
import type { PhoneUse } from './agent.ts';
import { callers } from './callers.ts';
import { createLine, type Line } from './line.ts';
import { createMembership, type Membership } from './membership.ts';
import type { PartName } from './recorded-parts.ts';

export interface PhoneState {
  /** Whether callers go on calling. */
  readonly calls: boolean;
  readonly phone: PhoneUse;
  /** The agent is logged in to the queue and not paused. */
  readonly takesCalls: boolean;
}

/** A PBX made of recordings whose agent is a person: what happens next in a call is what the person does. */
export interface DemoPbx {
  readonly ami: AmiReplayServer;
  state(): PhoneState;
  /** Lets callers ring, one after the other, until it is stopped. */
  start(): void;
  stop(): void;
  /** Picks up the agent's phone. */
  answer(): void;
  /** Hears of each change of the state. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

export interface DemoPbxOptions {
  readonly username: string;
  readonly secret: string;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  readonly port?: number;
  /** While he is busy with the last call, no other rings. */
  readonly mayRing: () => boolean;
  /** Between two calls. Default 4 s. */
  readonly pauseMs?: number;
  /** A caller waits so long. Default 25 s. */
  readonly patienceMs?: number;
}

/** Starts the PBX; Patchcord connects to it over AMI as to any other. */
export async function startDemoPbx({ mayRing, pauseMs = 4000, patienceMs = 25_000, ...options }: DemoPbxOptions) {
  const listeners: (() => void)[] = [];
  const tell = (events: readonly AmiHeaderRecord[]): void => {
    for (const notify of listeners) notify();
    // Nobody may be connected any more.
    ami.tell(events).catch(() => undefined);
  };
  const line = createLine(tell);
  const membership = createMembership(() => line.use());
  const ami = await startAmiReplayServer({
    ...options,
    answers: (action) => answerTo(action, { line, membership, tell }),
    members: () => membership.list(),
  });
  const callsBegin = createCallers({ line, pauseMs, patienceMs, mayRing: () => membership.takesCalls() && mayRing() });
  const turn = (on: boolean): void => {
    callsBegin.turn(on);
    tell([]);
  };
  const pbx: DemoPbx = {
    ami,
    state: () => ({ calls: callsBegin.on(), phone: line.use(), takesCalls: membership.takesCalls() }),
    start: () => turn(true),
    stop: () => turn(false),
    answer: () => line.go('answered'),
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      callsBegin.close();
      await ami.stop();
    },
  };
  return pbx;
}

interface CallersOptions extends Required<Pick<DemoPbxOptions, 'pauseMs' | 'patienceMs' | 'mayRing'>> {
  readonly line: Line;
}

/** Lets one after the other call, and give up where nobody answers. */
function createCallers({ line, pauseMs, patienceMs, mayRing }: CallersOptions) {
  let [on, next, soon] = [false, 0, false];
  const look = (): void => {
    if (line.use() === 'ringing' && line.forMs() > patienceMs) line.go('caller-gives-up');
    const caller = callers[next % callers.length];
    if (!on || caller === undefined || line.use() !== 'idle' || !mayRing() || !(soon || line.forMs() >= pauseMs))
      return;
    next += 1;
    soon = false;
    line.ring(caller);
  };
  const timer = setInterval(look, 250).unref();
  return {
    on: () => on,
    turn: (wanted: boolean): void => {
      [on, soon] = [wanted, true];
      if (!on) line.go('caller-gives-up');
      look();
    },
    close: () => clearInterval(timer),
  };
}

interface Answering {
  readonly line: Line;
  readonly membership: Membership;
  readonly tell: (events: readonly AmiHeaderRecord[]) => void;
}

/** What the PBX says to an action, and does then; undefined: it is nothing of the agent's. */
function answerTo(
  action: ReadonlyMap<string, string>,
  { line, membership, tell }: Answering,
): AmiHeaderRecord[] | undefined {
  const change = membership.change(action);
  if (change !== undefined) {
    setImmediate(tell, change.events);
    return [change.response];
  }
  const part = partOf(action, line.use());
  if (part === undefined) return undefined;
  if (!line.has(action.get('Channel'))) return [{ Response: 'Error', Message: 'No such channel' }];
  setImmediate(() => line.go(part));
  return [{ Response: 'Success', Message: 'Done' }];
}

/** What an action makes happen in the call. Of a phone that rings `talk` picks it up. */
function partOf(action: ReadonlyMap<string, string>, phone: PhoneUse): PartName | undefined {
  const name = action.get('Action');
  if (name === 'Hangup') return phone === 'ringing' ? 'caller-gives-up' : 'agent-ends';
  if (name !== 'PJSIPNotify') return undefined;
  if (action.get('Variable') === 'Event=hold') return 'held';
  return phone === 'ringing' ? 'answered' : 'resumed';
}
