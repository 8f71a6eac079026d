import type { CallEvent, SessionChanges, SessionWriter } from '@patchcord/contracts';
import type { CallRef } from './stored-call.ts';

export interface Written {
  readonly service: string;
  readonly ref: CallRef;
  readonly eventId: string;
  readonly data: { readonly changes: SessionChanges; readonly by: SessionWriter };
  /** Our clock (ms since 1970). */
  readonly now: number;
}

/**
 * The event of a write. It sorts after the last write, whatever the clocks of two replicas say: who read an answer before
 * he wrote is not overtaken by it.
 *
 * @param lastKey order key of the last write; empty or undefined: there was none
 */
export function writtenEvent({ service, ref, eventId, data, now }: Written, lastKey: string | undefined): CallEvent {
  const { time, sequence } = after(lastKey ?? '', now);
  return {
    specversion: '1.0',
    id: eventId,
    source: `/service/${service}`,
    type: 'patchcord.v1.call.session-written',
    subject: ref.callId,
    time: new Date(time).toISOString(),
    datacontenttype: 'application/json',
    tenantid: ref.tenantId,
    sequence,
    recordedtime: new Date(now).toISOString(),
    correlationid: ref.callId,
    data: { changes: { ...data.changes }, by: data.by },
  };
}

function after(lastKey: string, now: number): { time: number; sequence: string } {
  const [ms = '', sequence = ''] = lastKey.split('.', 2);
  if (ms === '' || Number(ms) < now) return { time: now, sequence: '0' };
  return { time: Number(ms), sequence: String(BigInt(sequence) + 1n) };
}
