import type { CallRecord } from '@patchcord/contracts';
import { defined } from './defined.ts';

/**
 * The records of all parts of a conversation as one: times from the first to the last, durations together. The agent and
 * what he said of it are of the last part that has them; comments of all parts stand one below the other. It is kept
 * under the id of the call.
 */
export function wholeCallOf(records: readonly CallRecord[]): CallRecord | undefined {
  const [first] = records;
  const last = records.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (records.length === 1 && first.interactionId === undefined) return first;
  const { interactionId: _part, ...common } = last;
  return {
    ...common,
    recordId: last.callId,
    ...defined({
      queue: first.queue ?? last.queue,
      offeredAt: earliest(records.map(({ offeredAt }) => offeredAt)),
      answeredAt: earliest(records.map(({ answeredAt }) => answeredAt)),
      endedAt: latest(records.map(({ endedAt }) => endedAt)),
      waitMs: sum(records.map(({ waitMs }) => waitMs)),
      ringMs: sum(records.map(({ ringMs }) => ringMs)),
      talkMs: sum(records.map(({ talkMs }) => talkMs)),
      holdMs: sum(records.map(({ holdMs }) => holdMs)),
      acwMs: sum(records.map(({ acwMs }) => acwMs)),
      disposition: dispositionOf(records),
    }),
  };
}

const known = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

const byTime = (a: string, b: string): number => Date.parse(a) - Date.parse(b);

const earliest = (times: readonly (string | undefined)[]): string | undefined => known(times).toSorted(byTime)[0];

const latest = (times: readonly (string | undefined)[]): string | undefined => known(times).toSorted(byTime).at(-1);

function sum(values: readonly (number | undefined)[]): number | undefined {
  const told = known(values);
  return told.length === 0 ? undefined : told.reduce((total, value) => total + value, 0);
}

function dispositionOf(records: readonly CallRecord[]): CallRecord['disposition'] {
  const all = known(records.map(({ disposition }) => disposition));
  const last = all.at(-1);
  const comments = known(all.map((one) => one.comments)).filter((text) => text !== '');
  if (last === undefined || comments.length === 0) return last;
  return { ...last, comments: comments.join('\n\n').slice(0, 8192) };
}
