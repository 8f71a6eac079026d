import {
  type Card,
  type CardDuplicate,
  type ChangeCardReply,
  type ChangeCardRequest,
  type DataMapping,
  Failure,
  type LinkedRecord,
  mappedModulesOf,
} from '@patchcord/contracts';
import { agentsOf, type CardRef, type CardState, changed, isLinked, isPinned, refOf } from '../domain/card.ts';
import { changesOf } from '../domain/card-merge.ts';
import type { CardSchedule, CardStore } from '../domain/card-ports.ts';
import { operated } from '../domain/card-records.ts';
import { cardOf, isOver, titleOf } from '../domain/card-view.ts';
import type { CardChange } from './change-card-state.ts';
import { type MergeCards, unknownCard } from './merge-cards.ts';

export interface UseCardOptions {
  readonly cards: CardChange;
  readonly store: CardStore;
  readonly merge: MergeCards;
  readonly schedule: Pick<CardSchedule, 'recover'>;
  readonly mappingsOf: (tenantId: string) => ReadonlyMap<string, DataMapping>;
  readonly now: () => number;
}

/** `onlyOf`: an agent sees the cards that he is on; of others he is told that there are none. */
export interface CardAddress extends CardRef {
  readonly onlyOf?: string | undefined;
}

export interface UseCard {
  /** @throws Failure permanent `not_found` */
  readonly read: (address: CardAddress) => Promise<Card>;
  readonly list: (of: CardListing) => Promise<Card[]>;
  /** @throws Failure permanent `not_found` | `revision_conflict` | `conflict` */
  readonly change: (request: ChangeCardRequest) => Promise<ChangeCardReply>;
  readonly duplicates: (address: CardAddress) => Promise<CardDuplicate[]>;
  readonly recordsOf: (tenantId: string, callId: string) => Promise<CardRecords>;
}

/** `agentId`: the cards that he is on. */
interface CardListing {
  readonly tenantId: string;
  readonly agentId?: string | undefined;
  readonly limit: number;
}

/** Where a conversation is written, also if its card became part of another. Empty without a card. */
interface CardRecords {
  readonly linked: LinkedRecord[];
  readonly pinned: LinkedRecord[];
  /** By somebody's will. */
  readonly unlinked: LinkedRecord[];
}

/** The card as people and other services use it. */
export function createUseCard(options: UseCardOptions): UseCard {
  const { cards, schedule, mappingsOf } = options;
  return {
    read: async (address) => cardOf(await seen(cards, address), mappingsOf(address.tenantId)),
    list: (of) => list(options, of),
    change: async (request) => {
      const { tenantId, cardId } = request;
      await schedule.recover({ tenantId, cardId });
      const { state, outcome } =
        request.change.what === 'merge'
          ? await mergeCards(options, request, request.change.from)
          : await operate(options, request, request.change);
      return { outcome, card: cardOf(state, mappingsOf(tenantId)) };
    },
    duplicates: (address) => duplicates(options, address),
    recordsOf: async (tenantId, callId) => {
      const known = await cards.read({ tenantId, cardId: callId });
      const records = Object.values(known?.state.records ?? {});
      const refs = (some: typeof records): LinkedRecord[] => some.map(({ hit }) => refOf(hit));
      const unlinked = records.filter(({ link }) => link?.on === false);
      return {
        linked: refs(records.filter(isLinked)),
        pinned: refs(records.filter(isPinned)),
        unlinked: refs(unlinked),
      };
    },
  };
}

async function seen(cards: Pick<CardChange, 'read'>, address: CardAddress): Promise<CardState> {
  return demandSeen((await cards.read(address))?.state, address);
}

export function demandSeen(state: CardState | undefined, { cardId, onlyOf }: CardAddress): CardState {
  if (state === undefined || (onlyOf !== undefined && !agentsOf(state).includes(onlyOf))) throw unknownCard(cardId);
  return state;
}

/** Ids of cards that an agent is on no more, or that became part of others, are among those of his. */
const readFor = 3;

async function list(
  { cards, store, mappingsOf }: UseCardOptions,
  { tenantId, agentId, limit }: CardListing,
): Promise<Card[]> {
  const ids = await store.recent(tenantId, limit * readFor, agentId);
  const read = await Promise.all(ids.map((cardId) => cards.read({ tenantId, cardId })));
  const byId = new Map(read.flatMap((known) => (known === undefined ? [] : [[known.state.cardId, known.state]])));
  const shown = [...byId.values()]
    .filter((state) => (agentId === undefined ? isSeen(state) : agentsOf(state).includes(agentId)))
    .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))
    .slice(0, limit)
    .map((state) => cardOf(state, mappingsOf(tenantId)));
  return inOneMessage(shown);
}

/** NATS takes a megabyte. A longer answer would never arrive. */
const mostBytes = 900_000;

/** As many as go into one answer; the first in any case. */
function inOneMessage(cards: readonly Card[]): Card[] {
  let bytes = 0;
  return cards.filter((card, at) => {
    bytes += Buffer.byteLength(JSON.stringify(card));
    return at === 0 || bytes <= mostBytes;
  });
}

/** What a flow found for a call that nobody was offered is on no desk. */
const isSeen = (state: CardState): boolean => agentsOf(state).length > 0;

interface Done {
  readonly state: CardState;
  readonly outcome: ChangeCardReply['outcome'];
}

type Operation = Exclude<ChangeCardRequest['change'], { what: 'merge' }>;

const operate = (
  { cards, now }: UseCardOptions,
  { by, ifVersion, ...address }: ChangeCardRequest,
  { what, record }: Operation,
): Promise<Done> =>
  cards.change<Done>(address, (known) => {
    const state = demandSeen(known, address);
    demandVersion(state, ifVersion);
    const after = operated(state, record, { what, by });
    if (after === undefined) throw unknownRecord(record);
    if (after === state) return { state, result: { state, outcome: 'unchanged' } };
    const change = { at: new Date(now()).toISOString(), what, by, record: refOf(record) };
    const next = changed(state, { ...after, changes: changesOf([change, ...after.changes]) }, now());
    return { state: next, result: { state: next, outcome: 'changed' } };
  });

async function mergeCards(
  { merge, now }: UseCardOptions,
  { by, ifVersion, onlyOf, tenantId, cardId: into }: ChangeCardRequest,
  from: string,
): Promise<Done> {
  const demand = (whole: CardState, part: CardState): void => {
    demandSeen(whole, { tenantId, cardId: into, onlyOf });
    demandVersion(whole, ifVersion);
    // He may take in what he was suggested, and nobody else's.
    if (alikeness(whole, part) === undefined) demandSeen(part, { tenantId, cardId: from, onlyOf });
  };
  const { changed: isChanged, card: state } = await merge({ tenantId, into, from, by, now: now(), demand });
  demandSeen(state, { tenantId, cardId: into, onlyOf });
  return { state, outcome: isChanged ? 'changed' : 'unchanged' };
}

function demandVersion({ version }: CardState, wanted: number | undefined): void {
  if (wanted === undefined || wanted === version) return;
  throw new Failure('permanent', 'revision_conflict', `the card is in version ${version} by now`);
}

const unknownRecord = ({ connection, module, id }: LinkedRecord): Failure =>
  new Failure('permanent', 'not_found', `the card has no ${module} "${id}" of "${connection}"`);

const mostDuplicates = 20;

/** Cards of what goes on still, or of the other channel: what was over before is among the past interactions. */
async function duplicates(options: UseCardOptions, address: CardAddress): Promise<CardDuplicate[]> {
  const { cards, store, mappingsOf } = options;
  const { tenantId } = address;
  const state = await seen(cards, address);
  const ids = (await store.alike(state)).filter((id) => id !== state.cardId);
  const read = await Promise.all(ids.map((cardId) => cards.read({ tenantId, cardId })));
  const others = new Map(read.flatMap((known) => (known === undefined ? [] : [[known.state.cardId, known.state]])));
  return [...others.values()]
    .filter((other) => other.cardId !== state.cardId && (!isOver(other) || other.channel !== state.channel))
    .flatMap((other) => duplicateOf(state, other, mappingsOf(tenantId)) ?? [])
    .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))
    .slice(0, mostDuplicates);
}

function duplicateOf(
  state: CardState,
  other: CardState,
  mappings: ReadonlyMap<string, DataMapping>,
): CardDuplicate | undefined {
  const reason = alikeness(state, other);
  if (reason === undefined) return undefined;
  const { cardId, channel, updatedAt } = other;
  const titles = Object.values(other.records)
    .filter(isPinned)
    .map((one) => {
      const modules = mappedModulesOf(mappings, one.hit.connection);
      return titleOf(
        one,
        modules.find(({ module }) => module === one.hit.module),
      );
    });
  return { cardId, channel, state: isOver(other) ? 'over' : 'open', reason, titles, updatedAt };
}

function alikeness(one: CardState, other: CardState): CardDuplicate['reason'] | undefined {
  if (one.persons.some((person) => other.persons.includes(person))) return 'customer';
  const pinned = ({ records }: CardState): string[] =>
    Object.entries(records).flatMap(([key, record]) => (isPinned(record) ? [key] : []));
  const others = new Set(pinned(other));
  return pinned(one).some((key) => others.has(key)) ? 'record' : undefined;
}
