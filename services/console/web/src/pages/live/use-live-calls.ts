import { useState } from 'react';
import { type StreamState, useEventStream } from '../../live/use-event-stream.ts';

/** A call at a glance, as `GET /v1/live` tells it. */
export interface LiveCall {
  readonly callId: string;
  readonly version: number;
  readonly state: 'ringing' | 'ivr' | 'queued' | 'talking' | 'held' | 'ended';
  readonly ani?: string;
  readonly callerName?: string;
  readonly dnis?: string;
  readonly queue?: string;
  readonly agentId?: string;
  readonly agentName?: string;
  readonly ringing: number;
  readonly offeredAt?: string;
  readonly since: string;
  readonly outcome?: 'answered' | 'missed' | 'abandoned' | 'failed' | 'merged';
}

type Calls = ReadonlyMap<string, LiveCall>;

/** The calls under way, those that go on first, the oldest on top. */
export function useLiveCalls(): { readonly calls: readonly LiveCall[]; readonly stream: StreamState } {
  const [calls, setCalls] = useState<Calls>(new Map());
  const stream = useEventStream('/v1/live/stream', {
    state: (data) => setCalls(byId((data as { calls: LiveCall[] }).calls)),
    call: (data) => setCalls((before) => withCall(before, data as LiveCall)),
    gone: (data) => setCalls((before) => without(before, (data as { callId: string }).callId)),
  });
  return { calls: withoutOld([...calls.values()].toSorted(inOrder)), stream };
}

const byId = (calls: readonly LiveCall[]): Calls => new Map(calls.map((call) => [call.callId, call]));

function withCall(before: Calls, call: LiveCall): Calls {
  const known = before.get(call.callId);
  return known !== undefined && known.version > call.version ? before : new Map(before).set(call.callId, call);
}

function without(before: Calls, callId: string): Calls {
  const after = new Map(before);
  after.delete(callId);
  return after;
}

/** So many that ended stay in sight: where hundreds of agents work, they would be most of the table. */
const endedInSight = 30;

function withoutOld(sorted: readonly LiveCall[]): readonly LiveCall[] {
  const firstEnded = sorted.findIndex(({ state }) => state === 'ended');
  if (firstEnded === -1) return sorted;
  return [...sorted.slice(0, firstEnded), ...sorted.slice(firstEnded).slice(-endedInSight)];
}

const isOver = ({ state }: LiveCall): number => (state === 'ended' ? 1 : 0);

const inOrder = (a: LiveCall, b: LiveCall): number =>
  isOver(a) - isOver(b) || (a.offeredAt ?? a.since).localeCompare(b.offeredAt ?? b.since);
