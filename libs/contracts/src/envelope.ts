import { z } from 'zod';
import { token } from './tokens.ts';

/** W3C trace context, version 00: https://www.w3.org/TR/trace-context/ */
export const traceparent = z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, 'not a W3C traceparent');

const sequence = z.string().regex(/^\d{1,20}$/, 'decimal digits, at most 20');

/**
 * CloudEvents 1.0, structured JSON, with the extensions every event of the house carries.
 * `time` is the source's clock (occurredAt), `recordedtime` is ours (recordedAt).
 */
export const envelopeFields = {
  specversion: z.literal('1.0'),
  /** Deterministic: reading the same PBX event twice yields the same id. Unique within its source and tenant. */
  id: z.string().min(1).max(256),
  /** Who says so: `/pbx/<pbxId>`, `/service/<name>`. */
  source: z.string().min(1).max(256),
  type: z.string().min(1).max(128),
  /** Id of the entity the event is about (call id, agent id …). */
  subject: token,
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json').default('application/json'),
  tenantid: token,
  /** Orders events of one source that carry the same time. */
  sequence: sequence.default('0'),
  recordedtime: z.iso.datetime({ offset: true }).optional(),
  traceparent: traceparent.optional(),
  /** The call this event belongs to. */
  correlationid: token.optional(),
  /** Id of the event that caused this one. */
  causationid: z.string().max(256).optional(),
} as const;

export const anyEnvelope = z.object({ ...envelopeFields, data: z.unknown() });
export type AnyEnvelope = z.infer<typeof anyEnvelope>;

export type Envelope<Type extends string, Data> = Omit<AnyEnvelope, 'type' | 'data'> & { type: Type; data: Data };

/**
 * The `Nats-Msg-Id` of an event. Holds tenant and source, because CloudEvents makes an id unique only within its source:
 * two PBXs that both count their events from 1 must not swallow each other's, and no tenant another's.
 */
export const messageIdOf = (event: Pick<AnyEnvelope, 'tenantid' | 'source' | 'id'>): string =>
  `${event.tenantid}:${event.source}:${event.id}`;

type Ordered = Pick<AnyEnvelope, 'time' | 'sequence' | 'id' | 'source'>;

/** Order of two events of one call: time, sequence, id, source. Total, so any two replicas agree. */
export const compareEvents = (a: Ordered, b: Ordered): number =>
  Date.parse(a.time) - Date.parse(b.time) ||
  compareText(a.sequence.padStart(20, '0'), b.sequence.padStart(20, '0')) ||
  compareText(a.id, b.id) ||
  compareText(a.source, b.source);

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
