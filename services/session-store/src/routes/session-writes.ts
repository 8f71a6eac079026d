import { type EventIssue, Failure, type Session, type SessionChanges, type SessionWriter } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import { z } from 'zod';
import { mayBeSeenBy } from '../domain/call-filter.ts';
import type { Areas } from '../domain/session-rules.ts';
import type { LocateCall } from '../usecases/locate-call.ts';
import type { WriteOutcome, WriteSession } from '../usecases/write-session.ts';
import { noSuchCall } from './calls.ts';

/** Headers of every write. */
export const writeHeaders = z.looseObject({
  'if-match': z.string().max(256).optional().meta({ description: 'The ETag that was read: else 412' }),
  'idempotency-key': z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'The same write again changes nothing' }),
  prefer: z
    .string()
    .max(256)
    .optional()
    .meta({ description: '`handling=lenient`: what may not be written is left out, and named in the answer' }),
});
export type WriteHeaders = z.output<typeof writeHeaders>;

export const isLenient = ({ prefer = '' }: WriteHeaders): boolean => /(^|[,;\s])handling\s*=\s*"?lenient/i.test(prefer);

/** Whoever acts for an agent writes as that agent; every other token is a CRM. */
export const writerOf = ({ agentId, tokenId }: Identity): SessionWriter =>
  agentId === undefined ? { kind: 'crm', id: tokenId } : { kind: 'agent', id: agentId };

export interface Writing {
  readonly id: string;
  readonly changes: SessionChanges;
  readonly headers: WriteHeaders;
  readonly areas?: Areas;
  readonly lenient?: boolean;
}

export interface WriteDone {
  readonly outcome: 'written' | 'unchanged';
  readonly session: Session;
  readonly ignored: readonly EventIssue[];
  /** The call had ended: what was written goes into its record. */
  readonly late: boolean;
}

export interface WriteRoutes {
  readonly locate: LocateCall;
  readonly writeSession: WriteSession;
}

/** Undefined: no call is known by this id. */
export async function writeInto(
  { locate, writeSession }: WriteRoutes,
  identity: Identity,
  { id, changes, headers, areas, lenient = isLenient(headers) }: Writing,
): Promise<WriteDone | undefined> {
  const located = await locate(identity.tenantId, id);
  if (located === undefined) return undefined;
  if (located.session !== undefined && !mayBeSeenBy(located.session, identity.agentId)) return noSuchCall(id);
  const done = await writeSession({
    ref: located.ref,
    changes,
    by: writerOf(identity),
    areas,
    lenient,
    ifMatch: headers['if-match'],
    idempotencyKey: headers['idempotency-key'],
  });
  if (done.outcome === 'unknown') return undefined;
  if ('session' in done) return demandDone(done);
  const message = `the call "${id}" ended too long ago: its session is not kept any more, and its record is written`;
  throw new Failure('permanent', 'gone', message);
}

function demandDone({ outcome, session, ignored }: Extract<WriteOutcome, { session: unknown }>): WriteDone {
  if (outcome === 'conflict') {
    const message =
      'somebody else wrote into the session since it was read: read it again, and write by its ETag of now';
    throw new Failure('permanent', 'revision_conflict', message);
  }
  return { outcome, session, ignored, late: session.state === 'ended' };
}
