import { Failure } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Sender } from '../domain/check-event.ts';
import type { EventResult, IngestEvents } from '../usecases/ingest-events.ts';

/** So many events in one request. */
const maxBatch = 500;
const mebibyte = 1024 * 1024;
/** A full batch of events of ordinary size. */
const bodyLimit = 8 * mebibyte;
const retryAfterSeconds = 2;

const cloudEventTypes = ['application/cloudevents+json', 'application/cloudevents-batch+json'];

/** Checked event by event in the use case, so that one bad event does not spoil a batch. */
const body = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown())], {
    error: 'expected a CloudEvent or a list of them',
  })
  .meta({ id: 'Events', description: `One CloudEvent 1.0 (structured JSON), or a list of up to ${maxBatch}` });

const results = z
  .array(
    z.object({
      index: z.number().int().meta({ description: 'Position in the batch, from 0' }),
      id: z.string().optional(),
      status: z.enum(['accepted', 'duplicate', 'refused', 'unavailable']),
      issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  )
  .meta({ id: 'EventResults', description: 'What became of each event' });
const taken = z.object({ results });
const notTaken = z.object({ error: z.object({ code: z.string(), message: z.string() }), results });

export interface EventsRoute {
  readonly ingest: IngestEvents;
  readonly now: () => Date;
  /** Trace of the request that is being answered. */
  readonly traceparent: () => string | undefined;
}

const doors = [
  { url: '/v1/events', about: 'pbx', tags: ['events'], summary: 'Events of a PBX: one, or a batch' },
  {
    url: '/v1/digital-events',
    about: 'digital-platform',
    tags: ['events'],
    summary: 'Events of chats, SMS, mails, social media and messengers: one, or a batch',
    description:
      'The `subject` is the id of the contact, letters, digits and "-". Each agent who gets it has a segment of his own, which is the interaction `digital-<contactId>_<segmentId>`. Its record is written when it is transferred, when it is both unassigned and dismissed, or when the contact is closed.',
  },
] as const;

/** `POST /v1/events` and `POST /v1/digital-events`: answered only when the events are stored. */
export function registerEvents(app: HttpServer, { ingest, now, traceparent }: EventsRoute): void {
  app.addContentTypeParser(cloudEventTypes, { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  for (const { url, about, ...said } of doors) {
    const schema = { body, response: { 202: taken, 400: notTaken, 503: notTaken }, ...said };
    app.post(url, { onRequest: requireScope('events:write'), bodyLimit, schema }, async (request, reply) => {
      const sender: Sender = { tenantId: request.tenantId, receivedAt: now(), traceparent: traceparent(), about };
      return respond(reply, await ingest(batchOf(request.body), sender));
    });
  }
}

function batchOf(given: z.output<typeof body>): readonly unknown[] {
  if (!Array.isArray(given)) return [given];
  if (given.length === 0) throw new Failure('permanent', 'invalid_request', 'the batch holds no event');
  if (given.length <= maxBatch) return given;
  const message = `a batch holds up to ${maxBatch} events, this one ${given.length}: send it in parts. Nothing was stored`;
  throw new Failure('permanent', 'payload_too_large', message);
}

function respond(reply: FastifyReply, outcome: EventResult[]): FastifyReply {
  const count = (status: EventResult['status']): number => outcome.filter((result) => result.status === status).length;
  if (count('unavailable') > 0) {
    const message = `${count('unavailable')} of ${outcome.length} events could not be stored now: send the request again, what is stored already counts once`;
    return reply
      .status(503)
      .header('retry-after', String(retryAfterSeconds))
      .send({ error: { code: 'unavailable', message }, results: outcome });
  }
  if (count('refused') === outcome.length) {
    const message = outcome.length === 1 ? 'the event was refused' : 'every event of the batch was refused';
    return reply.status(400).send({ error: { code: 'invalid_event', message }, results: outcome });
  }
  return reply.status(202).send({ results: outcome });
}
