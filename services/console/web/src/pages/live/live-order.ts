import type { LiveCall } from './use-live-calls.ts';

export const columns = ['state', 'caller', 'did', 'queue', 'agent', 'since', 'outcome'] as const;
export type Column = (typeof columns)[number];

export interface Order {
  readonly by: Column;
  readonly isDown: boolean;
}

export interface LiveFilter {
  readonly state: string | null;
  readonly queue: string | null;
  readonly text: string;
}

const states = ['ringing', 'ivr', 'queued', 'talking', 'held', 'ended'];

/** By what calls are put in order in each column. */
const values: Readonly<Record<Column, (call: LiveCall) => string>> = {
  state: ({ state }) => String(states.indexOf(state)),
  caller: ({ ani = '', callerName = '' }) => `${ani} ${callerName}`,
  did: ({ dnis = '' }) => dnis,
  queue: ({ queue = '' }) => queue,
  agent: ({ agentName, agentId = '' }) => agentName ?? agentId,
  // The longest is the earliest: it stands on top when the column goes down.
  since: ({ since }) => since,
  outcome: ({ outcome = '' }) => outcome,
};

/** Without an order of the reader's own they stay as they are: those that go on first, the oldest on top. */
export function inOrderOf(calls: readonly LiveCall[], order: Order | undefined): readonly LiveCall[] {
  if (order === undefined) return calls;
  const value = values[order.by];
  const sign = (order.isDown ? -1 : 1) * (order.by === 'since' ? -1 : 1);
  return calls.toSorted((a, b) => sign * value(a).localeCompare(value(b)));
}

export const fitsFilter = (call: LiveCall, { state, queue, text }: LiveFilter): boolean =>
  (state === null || call.state === state) &&
  (queue === null || call.queue === queue) &&
  (text.trim() === '' || saysOf(call).includes(text.trim().toLowerCase()));

const saysOf = ({ callId, ani, callerName, dnis, queue, agentName, agentId }: LiveCall): string =>
  [callId, ani, callerName, dnis, queue, agentName, agentId].join('\n').toLowerCase();

export interface Counted {
  readonly value: string;
  readonly count: number;
}

/** How many there are of each, in the order of their names, or of the states. */
export function countsOf(calls: readonly LiveCall[], of: 'state' | 'queue'): Counted[] {
  const counts = Map.groupBy(
    calls.filter((call) => call[of] !== undefined),
    (call) => call[of] ?? '',
  );
  const known =
    of === 'state' ? states.filter((state) => counts.has(state as LiveCall['state'])) : [...counts.keys()].toSorted();
  return known.map((value) => ({ value, count: counts.get(value as LiveCall['state'])?.length ?? 0 }));
}
