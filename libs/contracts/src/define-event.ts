import { z } from 'zod';
import { type AnyEnvelope, type Envelope, envelopeFields } from './envelope.ts';
import { subjects } from './names.ts';

/** What one kind of event is: the registry derives subject, AsyncAPI and fixtures from it. */
export interface EventDefinition<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly entity: string;
  /** Past tense; the last token of the subject. */
  readonly event: string;
  /** One sentence. */
  readonly meaning: string;
  readonly data: z.ZodType<Data>;
  readonly schema: z.ZodType<Envelope<Type, Data>>;
  readonly examples: readonly Data[];
}

export interface EventOptions<Entity extends string, Event extends string, Data> {
  readonly entity: Entity;
  readonly event: Event;
  readonly meaning: string;
  readonly data: z.ZodType<Data>;
  /** What the id of its entity looks like, where that is narrower than a token. */
  readonly subject?: z.ZodType<string>;
  readonly examples: readonly [Data, ...Data[]];
}

/** Defines an event; its CloudEvents type is `patchcord.v1.<entity>.<event>`. */
export function defineEvent<const Entity extends string, const Event extends string, Data>(
  options: EventOptions<Entity, Event, Data>,
): EventDefinition<`patchcord.v1.${Entity}.${Event}`, Data> {
  const type = `patchcord.v1.${options.entity}.${options.event}` as const;
  const { subject = envelopeFields.subject, ...definition } = options;
  const schema = z.object({ ...envelopeFields, subject, type: z.literal(type), data: options.data });
  return { ...definition, type, schema: schema as unknown as z.ZodType<Envelope<typeof type, Data>> };
}

/** The subject an envelope is published on. */
export function eventSubject(envelope: Pick<AnyEnvelope, 'type' | 'tenantid' | 'subject'>): string {
  const [, , entity, event] = envelope.type.split('.');
  if (entity === undefined || event === undefined) throw new TypeError(`"${envelope.type}" is not an event type`);
  return subjects.event(envelope.tenantid, entity, envelope.subject, event);
}
