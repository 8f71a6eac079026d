import { createHash, randomUUID } from 'node:crypto';
import { InvalidInput } from '@patchcord/bus';
import {
  type CallEvent,
  type EventIssue,
  Failure,
  type Session,
  type SessionChanges,
  type SessionWriter,
  sessionDataLimits,
} from '@patchcord/contracts';
import { foldEvents } from '../domain/fold-events.ts';
import type { CallStore, OpenWrites } from '../domain/ports.ts';
import { canonicalJson, etagMatches, sessionEtag } from '../domain/session-etag.ts';
import { type Areas, dataProblem, sortChanges } from '../domain/session-rules.ts';
import { writtenEvent } from '../domain/session-written.ts';
import type { CallRef, StoredCall } from '../domain/stored-call.ts';
import type { TellWritten } from './tell-written.ts';

interface WriteRequest {
  readonly ref: CallRef;
  readonly changes: SessionChanges;
  readonly by: SessionWriter;
  /** Other areas than those of the writer's kind. */
  readonly areas?: Areas | undefined;
  /** What may not be written is left out instead of refusing all of it. */
  readonly lenient?: boolean | undefined;
  readonly ifMatch?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

export type WriteOutcome =
  | {
      readonly outcome: 'written' | 'unchanged' | 'conflict';
      /** As it is now. One that has ended keeps what was written for its record. */
      readonly session: Session;
      readonly ignored: readonly EventIssue[];
    }
  | { readonly outcome: 'gone' | 'unknown' };

/**
 * Writes into a live session. When it resolves every reader sees it; that the stream has it too is seen to, also when
 * this process dies.
 *
 * @throws InvalidInput permanent `invalid_request` | `payload_too_large`: nothing was written
 * @throws Failure permanent `idempotency_key_reused`, own-trouble
 */
export type WriteSession = (request: WriteRequest) => Promise<WriteOutcome>;

export interface WriteSessionOptions {
  readonly service: string;
  readonly store: CallStore;
  readonly openWrites: OpenWrites;
  readonly tell: TellWritten;
  /** Whether the stream knows a call that the store does not. */
  readonly wasThere: (ref: CallRef) => Promise<boolean>;
  readonly now: () => number;
  /** Most events of one call (default 5000): then no CRM and no agent writes any more. */
  readonly mostEvents?: number;
  readonly observer: { readonly folded: (events: number) => void; readonly conflict: () => void };
}

/** Writers of one call at the same time take turns; more rounds than that mean that something is wrong. */
const maxRounds = 50;
/** No call has as many. Two systems that answer each other's writes by writes do, and never end by themselves. */
const mostEventsDefault = 5000;

export function createWriteSession(options: WriteSessionOptions): WriteSession {
  const { openWrites, tell, observer } = options;
  return async (request) => {
    const { changes, refused } = judged(request);
    const eventId = eventIdOf(request);
    for (let round = 0; round < maxRounds; round += 1) {
      const step = await attempt(options, { ...request, changes }, eventId);
      if (step.event !== undefined) {
        observer.folded(1);
        await tell(request.ref, step.event);
      }
      if (step.outcome !== 'again') {
        // A round before may have left its note.
        if (round > 0 && step.event === undefined) await openWrites.settle(request.ref, eventId);
        if (!('session' in step)) return { outcome: step.outcome };
        return { outcome: step.outcome, session: step.session, ignored: refused };
      }
      observer.conflict();
    }
    throw new Failure('own-trouble', 'contended', 'too many writers of one call at once');
  };
}

function judged({ changes: given, by, areas, lenient = false }: WriteRequest): ReturnType<typeof sortChanges> {
  const names = Object.keys(given).length;
  if (names > sessionDataLimits.keys) {
    const message = `expected at most ${sessionDataLimits.keys} names, these are ${names}: nothing was written`;
    throw new InvalidInput('payload_too_large', message, [{ path: '', message }]);
  }
  const sorted = sortChanges(given, by, areas);
  if (sorted.refused.length === 0 || lenient) return sorted;
  throw new InvalidInput('invalid_request', 'some of it may not be written, so nothing was', sorted.refused);
}

/**
 * The same key of the same writer gives the same event, which is folded once. The call is a part of it: the stream
 * stores an id once, whatever call it is about.
 */
function eventIdOf({ ref, by, idempotencyKey }: WriteRequest): string {
  if (idempotencyKey === undefined) return `w-${randomUUID()}`;
  const name = JSON.stringify([ref.callId, by.kind, by.id ?? null, idempotencyKey]);
  return `w-${createHash('sha256').update(name).digest('base64url')}`;
}

type Attempt =
  | { readonly outcome: 'again'; readonly event?: undefined }
  | { readonly outcome: 'gone' | 'unknown'; readonly event?: undefined }
  | {
      readonly outcome: 'written' | 'unchanged' | 'conflict';
      readonly session: Session;
      /** To be told. */
      readonly event?: CallEvent | undefined;
    };

async function attempt(options: WriteSessionOptions, request: WriteRequest, eventId: string): Promise<Attempt> {
  const { service, store, openWrites, now } = options;
  const { ref, changes, by } = request;
  const about = { service, ref, eventId, data: { changes, by }, now: now() };
  const { stored, versions } = await store.read(ref, [writtenEvent(about, undefined)]);
  if (stored === undefined) return { outcome: (await options.wasThere(ref)) ? 'gone' : 'unknown' };
  const { session } = stored;
  if (versions[0] !== undefined) {
    await demandSame(store, request, eventId);
    return { outcome: 'unchanged', session };
  }
  if (!etagMatches(request.ifMatch, sessionEtag(session))) return { outcome: 'conflict', session };
  if (!changesAny(session, changes)) return { outcome: 'unchanged', session };
  refuseEndless(session, by, options.mostEvents);
  const event = writtenEvent(about, stored.lastKeys.data);
  const { next } = foldEvents(stored, [event]);
  refuseTooMuch(next);
  await openWrites.note(ref, eventId);
  const applied = [{ event, version: next.session.version }];
  const commit = { expectedVersion: session.version, next, applied, unpublished: event };
  return (await store.commit(ref, commit))
    ? { outcome: 'written', session: next.session, event }
    : { outcome: 'again' };
}

async function demandSame(store: CallStore, { ref, changes }: WriteRequest, eventId: string): Promise<void> {
  const before = (await store.applied(ref)).find(({ event }) => event.id === eventId)?.event;
  if (before?.type !== 'patchcord.v1.call.session-written') return;
  if (canonicalJson(before.data.changes) === canonicalJson(changes)) return;
  const message = 'the Idempotency-Key was used for another write into this session: take a new one for each write';
  throw new Failure('permanent', 'idempotency_key_reused', message);
}

const changesAny = ({ data = {} }: Session, changes: SessionChanges): boolean =>
  Object.entries(changes).some(([key, value]) => canonicalJson(data[key] ?? null) !== canonicalJson(value));

function refuseEndless({ version }: Session, { kind }: SessionWriter, most = mostEventsDefault): void {
  if (kind === 'flow' || kind === 'automation' || version < most) return;
  const message = `the call has ${most} events: do systems answer each other's writes? Only its flow and automations can write any more`;
  throw new Failure('permanent', 'too_many_writes', message);
}

function refuseTooMuch({ session: { data = {} } }: StoredCall): void {
  const problem = dataProblem(data);
  if (problem === undefined) return;
  throw new InvalidInput('payload_too_large', `expected ${problem}`, [{ path: '', message: `expected ${problem}` }]);
}
