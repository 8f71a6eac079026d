import { createHash } from 'node:crypto';
import type { CallEvent, SessionChanged } from '@patchcord/contracts';
import type { Change } from './stored-call.ts';

/** The message that tells of a change. The same event always gives the same id, so that telling twice tells once. */
export function sessionChangedOf(serviceName: string, { event, session, late }: Change): SessionChanged {
  return {
    specversion: '1.0',
    id: changeId(event),
    source: `/service/${serviceName}`,
    type: 'patchcord.v1.session.changed',
    subject: session.callId,
    time: event.time,
    datacontenttype: 'application/json',
    tenantid: session.tenantId,
    sequence: String(session.version),
    correlationid: session.callId,
    causationid: event.id,
    ...(event.recordedtime === undefined ? {} : { recordedtime: event.recordedtime }),
    ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    data: {
      cause: { id: event.id, type: event.type, time: event.time },
      session,
      ...writtenBy(event),
      ...(late ? { late } : {}),
    },
  };
}

/** Who wrote into the session, and which names. */
function writtenBy(event: CallEvent): Pick<SessionChanged['data'], 'written'> {
  if (event.type !== 'patchcord.v1.call.session-written') return {};
  return { written: { by: event.data.by, names: Object.keys(event.data.changes) } };
}

const maxIdLength = 256;

/** Ids are unique within their source only, and a tenant may have several. */
function changeId({ source, id }: CallEvent): string {
  const readable = `${source}:${id}.s`;
  if (readable.length <= maxIdLength) return readable;
  return `${createHash('sha256').update(readable).digest('hex')}.s`;
}
