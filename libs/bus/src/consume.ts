import { type AnyEvent, consumerName } from '@patchcord/contracts';
import type { Bus } from './connect.ts';
import type { ConsumeOptions } from './consume-options.ts';
import type { Delivery } from './delivery.ts';
import { type DurableSpec, ensureDurable } from './durable.ts';
import { createHoldings } from './holdings.ts';
import { readItem } from './item.ts';
import { createProcessing } from './processing.ts';
import { createPuller } from './puller.ts';
import { createSettlement } from './settlement.ts';
import { defaultRedeliveryDelaysMs } from './verdict.ts';
import { within } from './within.ts';

export interface Consumption {
  /** Takes no more messages, gives back those not begun, waits for those under way. */
  stop(): Promise<void>;
  /** Whether messages come, or would come if there were any. */
  healthy(): boolean;
  /** Messages not yet handled: not delivered yet, or delivered and not acknowledged. */
  pending(): Promise<number>;
}

/** Handles the events of a stream through a durable consumer that all replicas of the service share. At least once. */
export async function consume<E extends AnyEvent>(bus: Bus, options: ConsumeOptions<E>): Promise<Consumption> {
  const spec = durableSpec(options);
  const ensure = (): Promise<void> => ensureDurable(bus, spec);
  await ensure();
  let stopping = false;
  const holdings = createHoldings(spec.ackWaitMs, () => puller.pull());
  const settlement = createSettlement(bus, {
    service: options.service,
    durable: spec.name,
    maxDeliver: options.maxDeliver ?? 5,
    redeliveryDelaysMs: options.redeliveryDelaysMs ?? defaultRedeliveryDelaysMs,
    onError: options.onError,
    release: holdings.release,
  });
  const process = createProcessing({ consume: options, settlement, stopping: () => stopping });
  const onDelivery = (delivery: Delivery): void => {
    holdings.add(delivery);
    const read = readItem<E>(delivery);
    if (read.ok) process(read.item);
    else settlement.unreadable(delivery, read);
  };
  const { stream, name: durable } = spec;
  const limit = holdLimit(options);
  const puller = createPuller({ bus, stream, durable, limit, held: holdings.size, ensure, onDelivery });
  return {
    healthy: puller.healthy,
    pending: () => pendingOf(bus, spec),
    stop: async () => {
      stopping = true;
      await puller.stop();
      await holdings.idle(options.stopDeadlineMs ?? 8000);
      bus.outbox.flush();
      if (!bus.nc.isClosed()) await within(bus.nc.flush(), 1000).catch(() => undefined);
    },
  };
}

const durableSpec = (options: Pick<ConsumeOptions<AnyEvent>, DurableOptions>): DurableSpec => ({
  stream: options.stream.name,
  name: consumerName(options.service, options.purpose),
  filterSubject: options.filterSubject,
  ackWaitMs: options.ackWaitMs ?? 6000,
  maxAckPending: 20_000,
  startFrom: options.startFrom ?? 'all',
});
type DurableOptions = 'stream' | 'service' | 'purpose' | 'filterSubject' | 'ackWaitMs' | 'startFrom';

/** Enough that the handler never waits for the network, not so much that a slow replica hoards what others could do. */
function holdLimit({ handleBatch, maxBatch = 500, concurrency = 16 }: HoldOptions): number {
  if (handleBatch !== undefined) return 2 * maxBatch;
  return Math.min(Math.max(4 * concurrency, 16), 1000);
}
interface HoldOptions {
  readonly handleBatch?: unknown;
  readonly maxBatch?: number;
  readonly concurrency?: number;
}

async function pendingOf({ jsm }: Bus, { stream, name }: DurableSpec): Promise<number> {
  const info = await jsm.consumers.info(stream, name);
  return info.num_pending + info.num_ack_pending;
}
