import { type DigitalEvent, digitalEvents, type EventDefinition, parseEvent } from '@patchcord/contracts';
import { ann, at } from './events.ts';

/** Events of one digital contact by what happens at which ms. */
class Contact {
  readonly events: DigitalEvent[] = [];
  readonly ref = { tenantId: 'demo', contactId: '7' };

  add<Type extends string, Data>(ms: number, definition: EventDefinition<Type, Data>, data: Data): this {
    const parsed = parseEvent({
      specversion: '1.0',
      id: `${definition.event}.${this.events.length}`,
      source: '/digital/lab',
      type: definition.type,
      subject: this.ref.contactId,
      time: at(ms),
      tenantid: this.ref.tenantId,
      sequence: String(this.events.length),
      data,
    });
    if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.issues));
    this.events.push(parsed.event as DigitalEvent);
    return this;
  }

  opened(ms: number): this {
    const customer = { email: 'ann@example.com', name: 'Cora' };
    return this.add(ms, digitalEvents.digitalOpened, {
      kind: 'chat',
      customer,
      pointOfContact: 'shop',
      queue: 'support',
    });
  }

  assigned(ms: number, segmentId: string, agent = ann): this {
    return this.add(ms, digitalEvents.digitalAssigned, { segmentId, agent });
  }

  transferred(ms: number, segmentId: string, queue = 'billing'): this {
    return this.add(ms, digitalEvents.digitalTransferred, { segmentId, to: { queue } });
  }

  unassigned(ms: number, segmentId: string): this {
    return this.add(ms, digitalEvents.digitalUnassigned, { segmentId });
  }

  dismissed(ms: number, segmentId: string): this {
    return this.add(ms, digitalEvents.digitalDismissed, { segmentId });
  }

  closed(ms: number): this {
    return this.add(ms, digitalEvents.digitalClosed, { by: 'agent' });
  }

  transcript(ms: number, text: string, segmentId?: string): this {
    return this.add(ms, digitalEvents.digitalTranscriptRecorded, {
      text,
      ...(segmentId === undefined ? {} : { segmentId }),
    });
  }
}

export const createContact = (): Contact => new Contact();
