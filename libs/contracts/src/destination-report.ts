import { z } from 'zod';
import { token } from './tokens.ts';

/** How far back one can look, in minutes: each span is cut into at most 72 steps. */
export const reportSpans = { '60': 1, '360': 5, '1440': 20 } as const;

const count = z.number().int().nonnegative();
const figures = {
  requests: count,
  failed: count,
  /** Of all requests, also those that failed; absent: there was none. Rounded up to the bound of its class. */
  p50Ms: z.number().nonnegative().optional(),
  p95Ms: z.number().nonnegative().optional(),
};

/** One replica of the dispatcher, as it last told of itself. */
const replicaView = z.object({ replica: z.string(), toldAt: z.iso.datetime() });

/** How one destination does: its requests over time, what holds it back, what waits for it. */
export const destinationReport = z.object({
  /** `site-orders`, `crm-sales`; of whoever asks while a caller waits: `rule-vip`, `identification-gate`. */
  key: z.string(),
  kind: z.enum(['site', 'crm', 'automation', 'mail', 'rule', 'identification']),
  id: z.string(),
  name: z.string().optional(),
  /** `removed`: it is not configured any more, but work of it is left, or requests of the time looked at. */
  state: z.enum(['enabled', 'disabled', 'removed']),
  total: z.object(figures),
  /** Only steps in which something was asked, the oldest first. */
  steps: z.array(z.object({ at: z.iso.datetime(), ...figures })),
  /** Of each replica that ever asked it: each has a breaker of its own. */
  breakers: z.array(
    z.object({ replica: z.string(), state: z.enum(['closed', 'open', 'half-open']), since: z.iso.datetime() }),
  ),
  /** It asked to be left alone until then. Without a replica: all of them know. */
  holds: z.array(z.object({ until: z.iso.datetime(), code: z.string(), replica: z.string().optional() })),
  limits: z.object({
    perSecond: z.number().optional(),
    concurrency: z.number().optional(),
    quota: z.object({ requests: count, left: count, per: z.string(), resetsAt: z.iso.datetime() }).optional(),
  }),
  work: z.object({ waiting: count, active: count, delayed: count, dead: count }),
  /** Age of the work that has waited longest for its turn (ms). */
  oldestAgeMs: z.number().optional(),
});
export type DestinationReport = z.infer<typeof destinationReport>;

export const destinationsRequest = z.object({
  tenantId: token,
  minutes: z.enum(['60', '360', '1440']).default('60'),
});

export const destinationsReply = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  stepMinutes: z.number().int(),
  destinations: z.array(destinationReport),
  replicas: z.array(replicaView),
});
export type DestinationsReply = z.infer<typeof destinationsReply>;

/** A queue of work, as it is now. */
export const workQueue = z.object({
  name: z.string(),
  /** `shared`: it holds the work of all tenants. */
  of: z.enum(['tenant', 'shared']),
  /** Of the tenant's own: whom its work goes to. */
  destination: z.string().optional(),
  waiting: count,
  active: count,
  delayed: count,
  dead: count,
  oldestAgeMs: z.number().optional(),
});
export type WorkQueue = z.infer<typeof workQueue>;

export const workQueuesReply = z.object({ queues: z.array(workQueue) });
