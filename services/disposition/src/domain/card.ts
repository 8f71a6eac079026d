import {
  type CardActivity,
  cardActivity,
  card as cardSchema,
  cardSources,
  crmHit,
  type LinkedRecord,
  linkedRecord,
  pastInteraction,
  token,
} from '@patchcord/contracts';
import { z } from 'zod';
import { activitiesOf } from './card-activities.ts';
import { type CardRun, cardRun } from './card-run.ts';

const instant = z.iso.datetime({ offset: true });

export interface CardRef {
  readonly tenantId: string;
  readonly cardId: string;
}

/** Somebody's word that a record is pinned or linked, or is not. */
const said = z.object({
  on: z.boolean(),
  /** `card`: it happened by itself, and gives way to what a person says. */
  by: z.string(),
});
export type Said = z.infer<typeof said>;

/** Who acts when nobody does. */
export const itself = 'card';

const storedRecord = z.object({
  hit: crmHit,
  /** Of the run that brought it last: the newest hit goes before an older one, in whatever order they come. */
  at: instant,
  source: z.enum(cardSources),
  addedAt: instant,
  pin: said.optional(),
  link: said.optional(),
});
export type StoredRecord = z.infer<typeof storedRecord>;

/** What has to happen because of a change, stored with it. Each is idempotent by its `id`. */
const cardEffect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('news'), id: z.string(), version: z.number(), agents: z.array(token) }),
  z.object({ kind: z.literal('run'), id: z.string(), run: cardRun }),
]);
export type CardEffect = z.infer<typeof cardEffect>;

/** A card as it is kept. How it is shown is a matter of the data mappings. */
export const cardState = z.object({
  ...cardSchema.pick({
    tenantId: true,
    cardId: true,
    channel: true,
    version: true,
    campaignId: true,
    customer: true,
    merged: true,
    mergedInto: true,
    changes: true,
    notes: true,
    createdAt: true,
    updatedAt: true,
  }).shape,
  /** The customer's number as the PBX said it, if people have such numbers. */
  number: z.string().optional(),
  /** His mail address, where it is known. */
  email: z.string().optional(),
  /** By what the customer is known again: hashes, because they become part of keys. */
  persons: z.array(z.string()),
  /** By id of the conversation, this one's and those of the cards that are part of it: how far it was heard of. */
  sessions: z.record(token, z.object({ version: z.number(), agents: z.array(token), over: z.boolean() })),
  records: z.record(z.string(), storedRecord),
  past: z.array(pastInteraction),
  activities: z.array(cardActivity),
  /** What was started by itself once, and is not again. */
  asked: z.array(z.string()),
  pending: z.array(cardEffect),
});
export type CardState = z.infer<typeof cardState>;

export const emptyCard = ({ tenantId, cardId }: CardRef, now: number): CardState => ({
  tenantId,
  cardId,
  channel: cardId.startsWith('digital-') ? 'digital' : 'voice',
  version: 1,
  persons: [],
  merged: [],
  sessions: {},
  records: {},
  past: [],
  activities: [],
  changes: [],
  notes: [],
  asked: [],
  pending: [],
  createdAt: new Date(now).toISOString(),
  updatedAt: new Date(now).toISOString(),
});

/** No part can be read as another's: names of modules and ids of records are whatever a CRM says. */
export const recordKey = ({ connection, module, id }: LinkedRecord): string => JSON.stringify([connection, module, id]);

export const refOf = ({ connection, module, id }: LinkedRecord): LinkedRecord =>
  linkedRecord.parse({ connection, module, id });

/** Agents who see it, each once. */
export const agentsOf = ({ sessions }: Pick<CardState, 'sessions'>): string[] =>
  [...new Set(Object.values(sessions).flatMap(({ agents }) => agents))].sort();

export const isPinned = ({ pin }: StoredRecord): boolean => pin?.on === true;
export const isLinked = ({ link }: StoredRecord): boolean => link?.on === true;

/**
 * The card as it is after a change: its next version, and news of it for those who see it and those who did. When
 * nothing is different, the card as it was.
 */
export function changed(before: CardState, after: CardState, now: number): CardState {
  if (contentOf(before) === contentOf(after)) return before;
  const version = before.version + 1;
  const untold = after.pending.flatMap((effect) => (effect.kind === 'news' ? effect.agents : []));
  const agents = [...new Set([...agentsOf(before), ...agentsOf(after), ...untold])];
  const news: CardEffect[] = agents.length === 0 ? [] : [{ kind: 'news', id: `news.${version}`, version, agents }];
  const pending = [...after.pending.filter(({ kind }) => kind !== 'news'), ...news];
  return { ...after, version, updatedAt: new Date(now).toISOString(), pending };
}

/** What is asked and what is pending is nobody's to see, but is kept. */
const contentOf = ({ version: _version, updatedAt: _at, ...content }: CardState): string => JSON.stringify(content);

/** Starts something under its name once, however often it is thought of. */
export function withRun(state: CardState, name: string, run: CardRun): CardState {
  return state.asked.includes(name) ? state : started({ ...state, asked: [...state.asked, name] }, run);
}

/** Starts what a person asked for. */
export const withAskedRun = (state: CardState, run: CardRun): CardState =>
  state.activities.some(({ runId }) => runId === run.runId) ? state : started(state, run);

function started(state: CardState, run: CardRun): CardState {
  const pending: CardEffect[] = [...state.pending, { kind: 'run', id: run.runId, run }];
  if (run.kind === 'past') return { ...state, pending };
  const { runId, name, at, by } = run;
  const which = run.kind === 'workflow' ? { workflowId: run.workflowId } : {};
  const activity: CardActivity = { runId, ...which, name, at, by, outcome: 'running', text: '' };
  return { ...state, pending, activities: activitiesOf([...state.activities, activity]) };
}

export function withoutCardEffects(state: CardState, performed: readonly CardEffect[]): CardState {
  const ids = new Set(performed.map(({ id }) => id));
  const pending = state.pending.filter(({ id }) => !ids.has(id));
  return pending.length === state.pending.length ? state : { ...state, pending };
}
