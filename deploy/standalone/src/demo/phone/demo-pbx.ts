import { type AmiHeaderRecord, type AmiReplayServer, startAmiReplayServer } from '@patchcord/testkit';
import type { PhoneUse } from './agent.ts';
import { answerTo } from './answers.ts';
import { callers } from './callers.ts';
import { createLine, type Line, type Pace } from './line.ts';
import { createMembership } from './membership.ts';

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
  /** Default: others answer after 2 s, and speak for 6 s. */
  readonly pace?: Pace;
}

/** Starts the PBX; Patchcord connects to it over AMI as to any other. */
export async function startDemoPbx({ mayRing, pauseMs = 4000, patienceMs = 25_000, ...options }: DemoPbxOptions) {
  const { pace = usualPace } = options;
  const listeners: (() => void)[] = [];
  const tell = (events: readonly AmiHeaderRecord[]): void => {
    for (const notify of listeners) notify();
    // Nobody may be connected any more.
    ami.tell(events).catch(() => undefined);
  };
  const line = createLine(tell, pace);
  const membership = createMembership(() => line.use());
  const ami = await startAmiReplayServer({
    ...options,
    answers: (action) => answerTo(action, { line, membership, tell }),
    members: () => membership.list(),
  });
  const callsBegin = createCallers({
    line,
    pauseMs,
    patienceMs,
    pace,
    mayRing: () => membership.takesCalls() && mayRing(),
  });
  const turn = (on: boolean): void => {
    callsBegin.turn(on);
    tell([]);
  };
  const pbx: DemoPbx = {
    ami,
    state: () => ({ calls: callsBegin.on(), phone: line.use(), takesCalls: membership.takesCalls() }),
    start: () => turn(true),
    stop: () => turn(false),
    answer: () => line.go('pick-up'),
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      callsBegin.close();
      line.close();
      await ami.stop();
    },
  };
  return pbx;
}

const usualPace: Pace = { answersMs: 2000, speaksMs: 6000 };

interface CallersOptions extends Required<Pick<DemoPbxOptions, 'pauseMs' | 'patienceMs' | 'mayRing' | 'pace'>> {
  readonly line: Line;
}

/** Lets one after the other call, and give up where nobody answers; and those answer whom the agent calls. */
function createCallers({ line, pauseMs, patienceMs, mayRing, pace }: CallersOptions) {
  let [on, next, soon] = [false, 0, false];
  const look = (): void => {
    if (line.use() === 'ringing' && line.forMs() > patienceMs) {
      line.go('give-up');
      line.go('time-out');
    }
    if (line.use() === 'calling' && line.forMs() > pace.answersMs) line.go('be-answered');
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
      if (!on) line.go('give-up');
      look();
    },
    close: () => clearInterval(timer),
  };
}
