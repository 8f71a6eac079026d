import { type CardOperation, type CardSource, type CrmHit, cardSources, type LinkedRecord } from '@patchcord/contracts';
import { type CardState, isLinked, isPinned, itself, recordKey, type Said, type StoredRecord } from './card.ts';

/** Records that a run brought. */
export interface Brought {
  readonly hits: readonly CrmHit[];
  readonly source: CardSource;
  /** When the run was started (RFC 3339). */
  readonly at: string;
  /** Which of them are pinned, and with that linked, unless somebody said otherwise. */
  readonly pins?: (hit: CrmHit) => boolean;
}

/** More than anybody looks at: what is least likely meant gives way. */
const mostRecords = 200;

/** Puts records on a card. The same ones again, in any order, leave the same. */
export function withRecords(state: CardState, { hits, source, at, pins = () => false }: Brought): CardState {
  const records = new Map(Object.entries(state.records));
  for (const hit of hits.map(bounded)) {
    const key = recordKey(hit);
    const fresh: StoredRecord = { hit, at, source, addedAt: at };
    const before = records.get(key);
    const met = before === undefined ? fresh : meet(before, fresh);
    records.set(key, pins(hit) ? pinnedByItself(met) : met);
  }
  return { ...state, records: Object.fromEntries(kept(records)) };
}

/** Two findings of one record: the newer one tells what it is like, the earlier one since when it is there. */
export function meet(one: StoredRecord, other: StoredRecord): StoredRecord {
  const [older, newer] = comparable(one) <= comparable(other) ? [one, other] : [other, one];
  const pin = weightier(one.pin, other.pin);
  const link = weightier(one.link, other.link);
  return {
    hit: { ...surer(older.hit, newer.hit), fields: { ...older.hit.fields, ...newer.hit.fields } },
    at: newer.at,
    source: earlierSource(one.source, other.source),
    addedAt: earlier(one.addedAt, other.addedAt),
    ...(pin === undefined ? {} : { pin }),
    ...(link === undefined ? {} : { link }),
  };
}

/** Of two times as we write them. */
const earlier = (one: string, other: string): string => [one, other].sort()[0] ?? one;

const comparable = ({ at, hit }: StoredRecord): string => `${at} ${JSON.stringify(hit)}`;

/** A search by other than the number does not take away that the number is known to be his. */
function surer(older: CrmHit, newer: CrmHit): CrmHit {
  const match = [older, newer].filter((hit) => hit.match !== undefined).sort((a, b) => surety(a) - surety(b))[0];
  return {
    ...newer,
    ...(newer.url === undefined && older.url !== undefined ? { url: older.url } : {}),
    ...(match?.match === undefined ? {} : { match: match.match }),
    ...(match?.field === undefined ? {} : { field: match.field }),
  };
}

const ranks = ['e164', 'national', undefined, 'suffix'] as const;

/** How surely it is meant; 0 is surest. Found by conditions, it met them; of a number's last digits, anybody's may be. */
function surety({ match }: Pick<CrmHit, 'match'>): number {
  const at = (ranks as readonly (string | undefined)[]).indexOf(match);
  return at === -1 ? ranks.length : at;
}

export const isSure = (hit: Pick<CrmHit, 'match'>): boolean => surety(hit) < ranks.indexOf('suffix');

const earlierSource = (one: CardSource, other: CardSource): CardSource =>
  cardSources.indexOf(one) <= cardSources.indexOf(other) ? one : other;

/** What a person said goes before what happened by itself, and yes before no. */
function weightier(one: Said | undefined, other: Said | undefined): Said | undefined {
  const weight = (said: Said | undefined): string =>
    said === undefined ? '' : `${said.by === itself ? 1 : 2}${said.on ? 1 : 0}${said.by}`;
  return weight(one) >= weight(other) ? one : other;
}

function pinnedByItself(record: StoredRecord): StoredRecord {
  const on: Said = { on: true, by: itself };
  const pin = weightier(record.pin, on);
  const link = pin?.on === true ? weightier(record.link, on) : record.link;
  return { ...record, ...(pin === undefined ? {} : { pin }), ...(link === undefined ? {} : { link }) };
}

/** The likeliest first. Ties are broken by what the records are, not by when they came. */
export function byLikelihood(one: StoredRecord, other: StoredRecord): number {
  const bySource = cardSources.indexOf(one.source) - cardSources.indexOf(other.source);
  if (bySource !== 0) return bySource;
  const bySurety = surety(one.hit) - surety(other.hit);
  if (bySurety !== 0) return bySurety;
  return recordKey(one.hit) < recordKey(other.hit) ? -1 : 1;
}

/** Those of a card, in an order that is the same whichever came first; no more than it may hold. */
export function kept(records: ReadonlyMap<string, StoredRecord>): [string, StoredRecord][] {
  const matters = (record: StoredRecord): number => (isPinned(record) || isLinked(record) ? 0 : 1);
  const most = [...records].sort(([, one], [, other]) => matters(one) - matters(other) || byLikelihood(one, other));
  return inOrder(withinBytes(most.slice(0, mostRecords)));
}

const inOrder = (records: [string, StoredRecord][]): [string, StoredRecord][] =>
  records.sort(([one], [other]) => (one < other ? -1 : 1));

/** Of all fields of a card: it has to go into one message with all else, where most of it stands twice. */
const mostBytes = 200_000;

/** Records that matter less have no fields where those before them have too many. They stay: they can be linked. */
function withinBytes(records: readonly [string, StoredRecord][]): [string, StoredRecord][] {
  let bytes = 0;
  return records.map(([key, record]) => {
    bytes += Buffer.byteLength(JSON.stringify(record.hit.fields));
    return [key, bytes <= mostBytes ? record : { ...record, hit: { ...record.hit, fields: {} } }];
  });
}

const longest = { name: 512, fields: 100, fieldCharacters: 4096, characters: 20_000 } as const;

/** A CRM may hold books in its fields; a card is looked at. */
function bounded(hit: CrmHit): CrmHit {
  let characters = 0;
  const fields = Object.entries(hit.fields)
    .filter(([, value]) => (JSON.stringify(value) ?? '').length <= longest.fieldCharacters)
    .slice(0, longest.fields)
    .filter((field) => {
      characters += JSON.stringify(field).length;
      return characters <= longest.characters;
    });
  return { ...hit, name: hit.name.slice(0, longest.name), fields: Object.fromEntries(fields) };
}

/** Undefined: there is no such record on the card. */
export function operated(
  state: CardState,
  ref: LinkedRecord,
  { what, by }: { readonly what: CardOperation; readonly by: string },
): CardState | undefined {
  const key = recordKey(ref);
  const record = Object.hasOwn(state.records, key) ? state.records[key] : undefined;
  if (record === undefined) return undefined;
  const next = operations[what](record, by);
  return next === record ? state : { ...state, records: { ...state.records, [key]: next } };
}

/**
 * What is pinned is linked by itself, also when it was once unlinked; unlinked it stays pinned. What was linked only by
 * being pinned is unlinked with it. Doing what is done already changes nothing.
 */
const operations: Readonly<Record<CardOperation, (record: StoredRecord, by: string) => StoredRecord>> = {
  pin: (record, by) => {
    if (isPinned(record)) return record;
    const link = isLinked(record) ? record.link : { on: true, by: itself };
    return { ...record, pin: { on: true, by }, ...(link === undefined ? {} : { link }) };
  },
  unpin: (record, by) => {
    if (!isPinned(record)) return record;
    const goes = record.link?.by === itself;
    return { ...record, pin: { on: false, by }, ...(goes ? { link: { on: false, by: itself } } : {}) };
  },
  link: (record, by) => (isLinked(record) ? record : { ...record, link: { on: true, by } }),
  unlink: (record, by) => (isLinked(record) ? { ...record, link: { on: false, by } } : record),
};
