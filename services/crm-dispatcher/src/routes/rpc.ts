import { type Bus, type Served, serveRpc } from '@patchcord/bus';
import { type RpcDefinition, rpc } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import type { DeliveryLog } from '../adapters/delivery-log.ts';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import type { DiscardJob } from '../usecases/discard-job.ts';
import type { Lookup } from '../usecases/lookup.ts';
import type { ReplayJob } from '../usecases/replay-job.ts';

export interface RpcOptions {
  readonly bus: Bus;
  readonly metrics: DispatcherMetrics;
  readonly lookup: Lookup;
  readonly replayJob: ReplayJob;
  readonly discardJob: DiscardJob;
  readonly deliveries: Pick<DeliveryLog, 'list'>;
}

/** Callers wait on the line: more at once than any PBX asks, but not without bound. */
const lookupsAtOnce = 2000;

/** What other services may ask of the dispatcher. */
export function rpcPart(options: RpcOptions): Part {
  const { bus, metrics, lookup, replayJob, discardJob, deliveries } = options;
  let served: Served[] = [];
  const serve = <Request, Reply extends object>(
    definition: RpcDefinition<Request, Reply>,
    handler: (request: Request) => Promise<Reply>,
    concurrency = 64,
  ): Served => serveRpc(bus, definition, measured(metrics, definition.verb, handler), { concurrency });
  return {
    name: 'rpc',
    start: async () => {
      served = [
        serve(rpc.lookup, lookup, lookupsAtOnce),
        serve(rpc.replayJob, replayJob),
        serve(rpc.discardJob, discardJob),
        serve(rpc.listDeliveries, async (query) => ({ deliveries: await deliveries.list(query) })),
      ];
    },
    stop: () => Promise.all(served.map((each) => each.stop())),
  };
}

function measured<Request, Reply extends object>(
  metrics: DispatcherMetrics,
  verb: string,
  handler: (request: Request) => Promise<Reply>,
): (request: Request) => Promise<Reply> {
  return async (request) => {
    const startedAt = performance.now();
    let outcome = 'error';
    try {
      const reply = await handler(request);
      outcome = 'outcome' in reply ? String(reply.outcome) : 'ok';
      return reply;
    } finally {
      metrics.rpc(verb, outcome, startedAt);
    }
  };
}
