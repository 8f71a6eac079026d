import { InvalidInput } from '@patchcord/bus';
import {
  type Campaign,
  type ContactDispositionRequest,
  type DispositionEntry,
  type DispositionValue,
  Failure,
  type Form,
  type Session,
} from '@patchcord/contracts';
import { choose, type DispositionInput } from '../domain/choose.ts';
import { changedEntry, contactDispositionId } from '../domain/entry.ts';
import { dispositionEvent } from '../domain/events.ts';
import type {
  ContactDisposition,
  DispositionRef,
  DispositionStore,
  Schedule,
  StoredDisposition,
} from '../domain/ports.ts';
import { sameChoice } from '../domain/record-disposition.ts';
import type { EventEffect } from '../domain/state.ts';
import { refusalFailure } from './refusals.ts';

export interface ContactDispositionsOptions {
  readonly store: DispositionStore;
  readonly schedule: Pick<Schedule, 'recoverDisposition'>;
  /** Must be idempotent by the event's id. */
  readonly publish: (ref: DispositionRef, events: readonly EventEffect[]) => Promise<void>;
  readonly campaign: (tenantId: string, campaignId: string) => Campaign | undefined;
  readonly formsOf: (tenantId: string) => ReadonlyMap<string, Form>;
  readonly sessionOf: (tenantId: string, callId: string) => Promise<Session | undefined>;
  readonly now: () => number;
}

export interface ContactChangeRequest extends DispositionRef {
  readonly agentId?: string | undefined;
  readonly disposition: DispositionInput;
  readonly withoutForm?: boolean | undefined;
  /** Only what this agent said before. */
  readonly onlyOf?: string | undefined;
}

export interface ContactDispositions {
  /** @throws Failure permanent `unknown_campaign` | `unknown_disposition` | `form_invalid` | `already_disposed` */
  create(request: ContactDispositionRequest): Promise<DispositionEntry>;
  /** @throws Failure permanent `not_found` | `forbidden` | `unknown_disposition` | `form_invalid` */
  change(request: ContactChangeRequest): Promise<DispositionEntry>;
  /** Publishes what a process that died left. */
  finish(ref: DispositionRef): Promise<void>;
}

/** Writers of one contact are few; so many conflicts in a row mean that something is wrong. */
const maxConflicts = 50;

/**
 * Dispositions of contacts outside a live call, one for each contact and campaign. An event is stored in the same write
 * as the change that it tells, then published and forgotten: whoever comes next publishes what a killed process left.
 */
export function createContactDispositions(options: ContactDispositionsOptions): ContactDispositions {
  const settle = settling(options);
  return {
    create: (request) => create(options, settle, request),
    change: (request) => change(options, settle, request),
    finish: async (ref) => {
      const known = await options.store.read(ref);
      if (known !== undefined) await settle(ref, known);
    },
  };
}

type Settle = (ref: DispositionRef, stored: StoredDisposition) => Promise<void>;

/** Publishes what is pending, then forgets it. */
function settling({ store, publish }: ContactDispositionsOptions): Settle {
  return async (ref, stored) => {
    if (stored.pending.length === 0) return;
    await publish(ref, stored.pending);
    const done = new Set(stored.pending.map(({ id }) => id));
    let current: StoredDisposition | undefined = stored;
    for (let conflicts = 0; conflicts < maxConflicts && current !== undefined; conflicts += 1) {
      const pending = current.pending.filter(({ id }) => !done.has(id));
      if (pending.length === current.pending.length) return;
      if ((await store.replace(ref.tenantId, current.mark, { entry: current.entry, pending })) !== undefined) return;
      current = await store.read(ref);
    }
  };
}

async function create(
  options: ContactDispositionsOptions,
  settle: Settle,
  request: ContactDispositionRequest,
): Promise<DispositionEntry> {
  const { store, schedule, now } = options;
  const { tenantId, campaignId, contactId, agentId, callId } = request;
  const disposition = chosen(options, { ...request, previous: undefined });
  const ref = { tenantId, dispositionId: contactDispositionId(campaignId, contactId) };
  const at = new Date(now()).toISOString();
  const entry: DispositionEntry = {
    dispositionId: ref.dispositionId,
    campaignId,
    contactId,
    ...(agentId === undefined ? {} : { agentId }),
    ...(callId === undefined ? {} : { callId }),
    disposition,
    createdAt: at,
    updatedAt: at,
    changes: 1,
  };
  await schedule.recoverDisposition(ref);
  const next = { entry, pending: [await told(options, tenantId, entry)] };
  const mark = await store.replace(tenantId, undefined, next);
  if (mark === undefined) throw await alreadyDisposed(options, settle, ref);
  await settle(ref, { ...next, mark });
  return entry;
}

async function change(
  options: ContactDispositionsOptions,
  settle: Settle,
  request: ContactChangeRequest,
): Promise<DispositionEntry> {
  const { store, schedule } = options;
  const { tenantId, dispositionId } = request;
  const ref = { tenantId, dispositionId };
  if ((await store.read(ref)) === undefined) throw unknownDisposition(dispositionId);
  await schedule.recoverDisposition(ref);
  for (let conflicts = 0; conflicts < maxConflicts; conflicts += 1) {
    const known = await store.read(ref);
    if (known === undefined) throw unknownDisposition(dispositionId);
    const next = await decided(options, known, request);
    const mark = next === known ? known.mark : await store.replace(tenantId, known.mark, next);
    if (mark !== undefined) {
      await settle(ref, { ...next, mark });
      return next.entry;
    }
  }
  throw new Failure('own-trouble', 'write_conflict', 'the disposition is being changed by too many at once');
}

/** What there is to be written; the same object when nothing changes. */
async function decided(
  options: ContactDispositionsOptions,
  known: StoredDisposition,
  request: ContactChangeRequest,
): Promise<StoredDisposition | ContactDisposition> {
  const { entry } = known;
  const { tenantId, agentId, onlyOf } = request;
  if (onlyOf !== undefined && entry.agentId !== onlyOf) {
    throw new Failure('permanent', 'forbidden', `the disposition "${entry.dispositionId}" is not of agent "${onlyOf}"`);
  }
  const previous = entry.disposition;
  const value = chosen(options, { ...request, campaignId: entry.campaignId ?? '', previous });
  if (sameChoice(previous, value)) return known;
  const changed = changedEntry(entry, { agentId, value, now: options.now() });
  return { entry: changed, pending: [...known.pending, await told(options, tenantId, changed, previous)] };
}

interface Choice {
  readonly tenantId: string;
  readonly campaignId: string;
  readonly disposition: DispositionInput;
  readonly withoutForm?: boolean | undefined;
  readonly previous: DispositionValue | undefined;
}

function chosen(options: ContactDispositionsOptions, choice: Choice): DispositionValue {
  const { tenantId, campaignId, disposition, withoutForm, previous } = choice;
  const campaign = options.campaign(tenantId, campaignId);
  if (campaign === undefined) {
    throw new InvalidInput('unknown_campaign', `there is no campaign "${campaignId}"`, [
      { path: 'campaignId', message: 'expected the id of a campaign' },
    ]);
  }
  const outcome = choose(disposition, { campaign, forms: options.formsOf(tenantId), withoutForm, previous });
  if (outcome.outcome !== 'valid') throw refusalFailure(disposition.optionId, outcome);
  return outcome.value;
}

async function told(
  { sessionOf }: ContactDispositionsOptions,
  tenantId: string,
  entry: DispositionEntry,
  previous?: DispositionValue,
): Promise<EventEffect> {
  const session = entry.callId === undefined ? undefined : await sessionOf(tenantId, entry.callId);
  const event = dispositionEvent(entry, { tenantId, previous, session });
  return { kind: 'event', id: event.id, event };
}

/** Whoever repeats a request that a killed process left half done finishes it, and learns the id. */
async function alreadyDisposed(
  { store }: ContactDispositionsOptions,
  settle: Settle,
  ref: DispositionRef,
): Promise<Failure> {
  const known = await store.read(ref);
  if (known !== undefined) await settle(ref, known);
  const remedy = `expected a change of the disposition "${ref.dispositionId}"`;
  const message = `the contact has a disposition in this campaign already: ${remedy}`;
  return new InvalidInput('already_disposed', message, [{ path: 'contactId', message: remedy }]);
}

export const unknownDisposition = (id: string): Failure =>
  new Failure('permanent', 'not_found', `there is no disposition "${id}"`);
