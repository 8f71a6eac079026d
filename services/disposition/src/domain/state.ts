import {
  type AnyEvent,
  acwReasons,
  agentRef,
  dispositionEntry,
  dispositionValue,
  parseEvent,
  recordJob,
  type Session,
  token,
} from '@patchcord/contracts';
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });

export type AcwReason = (typeof acwReasons)[number];

const extensions = z.number().int().positive().optional();

/** After-call work of one interaction: opened once, completed once. */
const acw = z.object({
  agent: agentRef,
  status: z.enum(['open', 'complete']),
  startedAt: instant,
  /** How often more time was taken for it. */
  extensions,
  /** Only while it is open, and only by the timer's own account: the first replica that opened it decided. */
  until: instant.optional(),
  endedAt: instant.optional(),
  reason: z.enum(acwReasons).optional(),
});
export type Acw = z.infer<typeof acw>;

const recordedDisposition = z.object({
  agentId: token,
  value: dispositionValue,
  /** How often it was recorded or changed. Numbers the events. */
  changes: z.number().int().positive(),
  /** Of the last change. */
  at: instant,
  /** Absent in what an earlier version stored, as are the two after it. */
  createdAt: instant.optional(),
  campaignId: token.optional(),
  contactId: token.optional(),
});
export type RecordedDisposition = z.infer<typeof recordedDisposition>;

/** A record that was handed to the CRMs: which writing, and of what. */
const writtenRecord = z.object({
  revision: z.number().int().positive(),
  fingerprint: z.string(),
  /** Of the transcript that was in it. */
  transcript: z.string().optional(),
});
export type WrittenRecord = z.infer<typeof writtenRecord>;

export const eventEffect = z.object({
  kind: z.literal('event'),
  id: z.string(),
  event: z.custom<AnyEvent>((value) => parseEvent(value).ok),
});

/**
 * What has to happen because of a change, stored in the same write as the change. A process that dies leaves it for
 * the next one. Each is idempotent by its `id`.
 */
const effect = z.discriminatedUnion('kind', [
  eventEffect,
  z.object({ kind: z.literal('index'), id: z.string(), interactionId: token }),
  z.object({
    kind: z.literal('acw-timer'),
    id: z.string(),
    interactionId: token,
    agentId: token,
    until: instant,
    extensions,
  }),
  z.object({ kind: z.literal('acw-closed'), id: z.string(), interactionId: token, agentId: token, extensions }),
  z.object({
    kind: z.literal('after-call'),
    id: z.string(),
    /** Nobody answered, as far as is known: an answer may still be on its way. */
    unanswered: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal('dispatch'), id: z.string(), job: recordJob }),
  /** The first step of a memorialization; `id`: of the work that is done after all steps. */
  z.object({ kind: z.literal('memorialize'), id: z.string(), job: recordJob }),
  /** What the list of dispositions shows of an interaction. */
  z.object({ kind: z.literal('list'), id: z.string(), entry: dispositionEntry }),
]);
export type Effect = z.infer<typeof effect>;

export type EventEffect = Extract<Effect, { kind: 'event' }>;

/** What this service knows of a call beside its session. Records are keyed by interaction id or record id. */
export const afterCallState = z.object({
  /** Interactions that can be found by their id. */
  known: z.array(token),
  acw: z.record(token, acw),
  dispositions: z.record(token, recordedDisposition),
  written: z.record(token, writtenRecord),
  /** What was handed over by memorializations: keyed by memorialization and record id. */
  memorialized: z.record(z.string(), writtenRecord).optional(),
  /** The session's version for which the records were last asked to be written, once the call had ended. */
  reviewed: z.number().int().nonnegative().optional(),
  pending: z.array(effect),
});
export type AfterCallState = z.infer<typeof afterCallState>;

export const emptyState: AfterCallState = { known: [], acw: {}, dispositions: {}, written: {}, pending: [] };

/** A call: its newest snapshot and what we keep of it. */
export interface Call {
  readonly session: Session;
  readonly state: AfterCallState;
}

export interface CallRef {
  readonly tenantId: string;
  readonly callId: string;
}

/** The state with further effects, those known by their id left as they are. */
export function withEffects(state: AfterCallState, effects: readonly Effect[]): AfterCallState {
  const fresh = effects.filter(({ id }) => !state.pending.some((pending) => pending.id === id));
  return fresh.length === 0 ? state : { ...state, pending: [...state.pending, ...fresh] };
}

/** The state without the effects that were performed. */
export function withoutEffects(state: AfterCallState, performed: readonly Effect[]): AfterCallState {
  const ids = new Set(performed.map(({ id }) => id));
  const pending = state.pending.filter(({ id }) => !ids.has(id));
  return pending.length === state.pending.length ? state : { ...state, pending };
}
