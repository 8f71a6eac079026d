import { type Bus, callRpc, streamReports } from '@patchcord/bus';
import { destinationsReply, destinationsRequest, rpc, workQueue } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';

export interface OperationsRoutes {
  readonly bus: Bus;
  /** Where people look at traces, with `{traceId}` in it. */
  readonly traceUrl: string | undefined;
}

const tags = ['operations'];
const onRequest = requireScope('admin');
const timeoutMs = 8000;
const count = z.number().int().nonnegative();

const consumer = z.object({
  name: z.string(),
  pending: count.meta({ description: 'Not handed over yet' }),
  ackPending: count.meta({ description: 'Handed over, and not acknowledged yet' }),
  redelivered: count.meta({ description: 'Of these: handed over more than once' }),
  oldestAgeMs: z.number().optional().meta({ description: 'Of the oldest message that is not acknowledged' }),
});

const stream = z.object({
  name: z.string(),
  meaning: z.string(),
  messages: count,
  bytes: count,
  firstAgeMs: z.number().optional(),
  maxAgeMs: z.number(),
  consumers: z.array(consumer).readonly(),
});

/** What operations look at besides calls and deliveries. */
export function registerOperations(app: HttpServer, { bus, traceUrl }: OperationsRoutes): void {
  const destinations = {
    summary:
      'How each destination does: latencies over time, failures, breakers of each replica, limits, work that waits',
    tags,
    querystring: destinationsRequest.pick({ minutes: true }),
    response: { 200: destinationsReply },
  };
  app.get('/v1/destinations', { onRequest, schema: destinations }, ({ tenantId, query }) =>
    callRpc(bus, rpc.destinations, { ...query, tenantId }, { timeoutMs }),
  );

  const queues = {
    summary: 'Queues of work, streams and their consumers: how much waits, and how long',
    description: 'Streams, and queues that are `shared`, hold what belongs to all tenants.',
    tags,
    response: { 200: z.object({ queues: z.array(workQueue), streams: z.array(stream) }) },
  };
  app.get('/v1/queues', { onRequest, schema: queues }, async ({ tenantId }) => {
    const [work, streams] = await Promise.all([
      callRpc(bus, rpc.workQueues, { tenantId }, { timeoutMs }),
      streamReports(bus),
    ]);
    return { ...work, streams };
  });

  const links = {
    summary: 'Where to look further: the address of a trace, with `{traceId}` in it',
    tags,
    response: { 200: z.object({ traceUrl: z.string().optional() }) },
  };
  app.get('/v1/operations/links', { onRequest: requireScope('sessions:read'), schema: links }, async () =>
    traceUrl === undefined ? {} : { traceUrl },
  );
}
