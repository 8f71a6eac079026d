import { randomUUID } from 'node:crypto';
import type { AmiHeaderRecord } from '@patchcord/testkit';
import { demoAgent, type PhoneUse } from './agent.ts';
import type { Caller } from './callers.ts';
import { type CallIdentity, type PartName, readParts } from './recorded-parts.ts';

/** The agent's telephone, with one call at a time. */
export interface Line {
  use(): PhoneUse;
  /** How long it is used so (ms). */
  forMs(): number;
  /** Whether a channel is one of the call. */
  has(channel: string | undefined): boolean;
  /** Somebody calls. */
  ring(caller: Caller): void;
  /** What happens next; without a call nothing does. */
  go(part: PartName): void;
}

const useAfter: Partial<Record<PartName, PhoneUse>> = {
  rings: 'ringing',
  answered: 'talking',
  held: 'held',
  resumed: 'talking',
};
/** What can follow: a button may be pressed when it is too late. */
const possible: Readonly<Record<PhoneUse, readonly PartName[]>> = {
  idle: ['rings'],
  ringing: ['answered', 'caller-gives-up'],
  talking: ['held', 'agent-ends', 'caller-ends'],
  held: ['resumed', 'agent-ends', 'caller-ends'],
};

export function createLine(tell: (events: readonly AmiHeaderRecord[]) => void): Line {
  const parts = readParts();
  let use: PhoneUse = 'idle';
  let since = 0;
  let made = 0;
  let live: CallIdentity | undefined;
  const go = (part: PartName): void => {
    if (live === undefined || !possible[use].includes(part)) return;
    const identity = live;
    use = useAfter[part] ?? 'idle';
    since = performance.now();
    if (use === 'idle') live = undefined;
    tell(parts(part, identity));
  };
  return {
    use: () => use,
    forMs: () => performance.now() - since,
    has: (channel) => live !== undefined && (channel === live.agentChannel || channel === live.callerChannel),
    ring: (caller) => {
      if (use !== 'idle') return;
      made += 1;
      live = identityOf(caller, made);
      go('rings');
    },
    go,
  };
}

/** The ids say that a person answers this call: nothing else of the demo acts on it. */
function identityOf({ number, name }: Caller, made: number): CallIdentity {
  const [base, mark] = [`demo-${Math.floor(Date.now() / 1000)}`, made.toString(16).padStart(8, '0')];
  return {
    callerUid: `${base}.${made * 2}`,
    agentUid: `${base}.${made * 2 + 1}`,
    callerChannel: `PJSIP/carrier-${mark}`,
    agentChannel: `${demoAgent.interface}-${mark}`,
    bridge: randomUUID(),
    number,
    name,
    agentName: demoAgent.name,
  };
}
