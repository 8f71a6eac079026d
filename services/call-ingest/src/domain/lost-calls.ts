import {
  type CallEvent,
  callEvents,
  callIdOf,
  type EndedBy,
  legIdOf,
  parseEvent,
  token as tokenSchema,
} from '@patchcord/contracts';
import { z } from 'zod';

/** What one PBX had at the moment of a snapshot. */
export interface Presence {
  readonly pbxId: string;
  readonly tenantId: string;
  /** Epoch ms. */
  readonly atMs: number;
  /** The PBX is another process than before. */
  readonly restarted: boolean;
  /** Ids of its calls and legs. */
  readonly alive: ReadonlySet<string>;
}

/** One channel of a snapshot, by the PBX's own ids. */
export interface PresentChannel {
  readonly uniqueid: string;
  readonly linkedid: string;
}

/** A Linkedid is the Uniqueid of the channel its call began with, so both name a call and a leg. */
export const aliveIds = (pbxId: string, channels: readonly PresentChannel[]): Set<string> =>
  new Set(
    channels.flatMap(({ uniqueid, linkedid }) =>
      [uniqueid, linkedid].flatMap((id) => [callIdOf(pbxId, id), legIdOf(pbxId, id)]),
    ),
  );

/** A call without an event for so long has no session any more that could be closed (session-store's default). */
const forgottenAfterMs = 24 * 3_600_000;

/**
 * Whether a call is over without anybody having seen its end. `events` is all that is stored of it. In doubt it is not:
 * its end may still be told, but cannot be taken back.
 */
export function isLost(events: readonly CallEvent[], { pbxId, atMs, alive }: Presence): boolean {
  const own = events.filter(({ source }) => source === sourceOf(pbxId));
  if (!own.some((event) => beganAt(event, pbxId)) || events.some(({ type }) => ends.has(type))) return false;
  const times = own.map(({ time }) => Date.parse(time));
  // It lived after the snapshot, so the snapshot says nothing of it.
  if (times.some((time) => time > atMs)) return false;
  if (!times.some((time) => time > atMs - forgottenAfterMs)) return false;
  return !events.some((event) => [event.subject, ...legIdsOf(event)].some((id) => alive.has(id)));
}

const sourceOf = (pbxId: string): string => `/pbx/${pbxId}`;

const ends: ReadonlySet<string> = new Set([callEvents.callEnded.type, callEvents.callMerged.type]);

const beganAt = (event: CallEvent, pbxId: string): boolean =>
  event.type === callEvents.callOffered.type && event.data.pbxId === pbxId;

const leg = tokenSchema.optional();
/** Every place in which an event of a call names a leg. */
const legs = z.object({
  legId: leg,
  fromLegId: leg,
  legIds: z.array(tokenSchema).optional(),
  to: z.object({ legId: leg }).optional(),
});

function legIdsOf({ data }: CallEvent): string[] {
  const { legId, fromLegId, legIds, to } = legs.parse(data);
  return [legId, fromLegId, to?.legId, ...(legIds ?? [])].flatMap((id) => id ?? []);
}

/** The end of a lost call. When it was is not known: it is told as of the snapshot that did not hold it any more. */
export function lostEnd(events: readonly CallEvent[], callId: string, presence: Presence): CallEvent | undefined {
  const { pbxId, tenantId, atMs, restarted } = presence;
  const traceparent = events.find((event) => event.traceparent !== undefined)?.traceparent;
  const endedBy: EndedBy = restarted ? 'system' : 'unknown';
  const parsed = parseEvent({
    specversion: '1.0',
    // One for every replica and every repetition, and never that of an end that was seen: should one be on its way,
    // it is earlier, and the first end counts.
    id: `${callId}.${callEvents.callEnded.event}.lost`,
    source: sourceOf(pbxId),
    type: callEvents.callEnded.type,
    subject: callId,
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    correlationid: callId,
    data: { endedBy, reason: restarted ? 'pbx-restart' : 'lost' },
    ...(traceparent === undefined ? {} : { traceparent }),
  });
  return parsed.ok && parsed.event.type === callEvents.callEnded.type ? parsed.event : undefined;
}
