import { type DigitalEvent, digitalEvents, type EventDefinition, parseEvent } from '@patchcord/contracts';

let contacts = 0;
const start = Date.parse('2026-11-20T12:00:00.000Z');

/** Events of a digital contact, a second apart, in the order of making. */
export function digitalScript({ tenantId = 'acme', queue = 'direct' } = {}) {
  contacts += 1;
  const contactId = `k${process.pid}-${contacts}`;
  const events: DigitalEvent[] = [];
  const tell = <Type extends string, Data>(definition: EventDefinition<Type, Data>, data: Data): DigitalEvent => {
    const parsed = parseEvent({
      specversion: '1.0',
      id: `${contactId}.${events.length}`,
      source: '/digital/lab',
      type: definition.type,
      subject: contactId,
      time: new Date(start + events.length * 1000).toISOString(),
      tenantid: tenantId,
      data,
    });
    if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.issues));
    events.push(parsed.event as DigitalEvent);
    return parsed.event as DigitalEvent;
  };
  return {
    contactId,
    callId: `digital-${contactId}`,
    events,
    interactionId: (segmentId: string) => `digital-${contactId}_${segmentId}`,
    opened: () =>
      tell(digitalEvents.digitalOpened, { kind: 'chat', customer: { name: 'Cora' }, pointOfContact: 'shop', queue }),
    assigned: (segmentId: string, agentId: string) =>
      tell(digitalEvents.digitalAssigned, { segmentId, agent: { agentId } }),
    transferred: (segmentId: string, to: string) =>
      tell(digitalEvents.digitalTransferred, { segmentId, to: { agent: { agentId: to } } }),
    unassigned: (segmentId: string) => tell(digitalEvents.digitalUnassigned, { segmentId }),
    dismissed: (segmentId: string) => tell(digitalEvents.digitalDismissed, { segmentId }),
    closed: () => tell(digitalEvents.digitalClosed, { by: 'agent' }),
    transcript: (text: string, segmentId?: string) =>
      tell(digitalEvents.digitalTranscriptRecorded, { text, ...(segmentId === undefined ? {} : { segmentId }) }),
  };
}
export type DigitalScript = ReturnType<typeof digitalScript>;
