import type { CardChange, PastInteraction } from '@patchcord/contracts';
import { type CardState, changed } from './card.ts';
import { activitiesOf } from './card-activities.ts';
import { notesOf } from './card-notes.ts';
import { kept, meet } from './card-records.ts';

interface Merging {
  readonly by: string;
  /** ms since epoch. */
  readonly now: number;
}

/** One card becomes part of another: its records and activities move there, and whoever saw it sees that one. */
export function merged(
  into: CardState,
  from: CardState,
  { by, now }: Merging,
): { readonly into: CardState; readonly from: CardState } {
  const change: CardChange = { at: new Date(now).toISOString(), what: 'merge', by, cardId: from.cardId };
  const whole: CardState = {
    ...into,
    ...firstSaid('customer', into, from),
    ...firstSaid('number', into, from),
    ...firstSaid('email', into, from),
    ...firstSaid('campaignId', into, from),
    merged: unique([...into.merged, from.cardId, ...from.merged]),
    sessions: { ...from.sessions, ...into.sessions },
    persons: unique([...into.persons, ...from.persons]).sort(),
    records: recordsOfBoth(into, from),
    past: pastOf([...into.past, ...from.past], [into.cardId, from.cardId, ...into.merged, ...from.merged]),
    activities: activitiesOf([...into.activities, ...from.activities]),
    changes: changesOf([change, ...into.changes, ...from.changes]),
    notes: notesOf([...into.notes, ...from.notes]),
    asked: unique([...into.asked, ...from.asked]),
    pending: [...into.pending, ...from.pending.filter(({ kind }) => kind !== 'news')],
  };
  const { campaignId: _campaign, customer: _customer, number: _number, email: _email, ...rest } = from;
  const emptied: CardState = {
    ...rest,
    mergedInto: into.cardId,
    merged: [],
    sessions: {},
    persons: [],
    records: {},
    past: [],
    activities: [],
    changes: changesOf([{ ...change, cardId: into.cardId }]),
    notes: [],
    asked: [],
    pending: [],
  };
  // Whoever saw it sees the whole card now, and hears of that one.
  return { into: changed(into, whole, now), from: { ...changed(from, emptied, now), pending: [] } };
}

const unique = (all: readonly string[]): string[] => [...new Set(all)];

function firstSaid<Key extends 'customer' | 'number' | 'email' | 'campaignId'>(
  key: Key,
  into: CardState,
  from: CardState,
): { [Name in Key]?: string } {
  const value = into[key] ?? from[key];
  return value === undefined ? {} : ({ [key]: value } as { [Name in Key]?: string });
}

function recordsOfBoth(into: CardState, from: CardState): CardState['records'] {
  const records = new Map(Object.entries(into.records));
  for (const [key, record] of Object.entries(from.records)) {
    const known = records.get(key);
    records.set(key, known === undefined ? record : meet(known, record));
  }
  return Object.fromEntries(kept(records));
}

const mostPast = 50;

/** The newest first, each once; what is on the card itself is not past. */
export function pastOf(all: readonly PastInteraction[], current: readonly string[]): PastInteraction[] {
  const byId = new Map(all.map((one) => [one.interactionId ?? one.callId, one]));
  return [...byId.values()]
    .filter(({ callId }) => !current.includes(callId))
    .sort((a, b) => (a.at === b.at ? (a.callId < b.callId ? -1 : 1) : a.at < b.at ? 1 : -1))
    .slice(0, mostPast);
}

const mostChanges = 50;

/** The newest first. */
export const changesOf = (all: readonly CardChange[]): CardChange[] =>
  all.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, mostChanges);
