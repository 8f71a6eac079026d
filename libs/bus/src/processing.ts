import { SpanKind } from '@opentelemetry/api';
import { type AnyEvent, asFailure } from '@patchcord/contracts';
import { createBatcher } from './batcher.ts';
import type { ConsumeOptions } from './consume-options.ts';
import type { Item } from './item.ts';
import { createLanes } from './lanes.ts';
import type { Settlement } from './settlement.ts';
import { eventPattern } from './subject-pattern.ts';
import { failSpan, inSpan, startSpan, tracingOn } from './trace.ts';

export interface ProcessingOptions<E extends AnyEvent> {
  readonly consume: ConsumeOptions<E>;
  readonly settlement: Settlement;
  /** What was not begun when this turns true is given back. */
  readonly stopping: () => boolean;
}

/** Brings each item to the handler: one by one in lanes by key, or in batches. */
export function createProcessing<E extends AnyEvent>(options: ProcessingOptions<E>): (item: Item<E>) => void {
  const { handleBatch, maxBatch = 500 } = options.consume;
  if (handleBatch !== undefined) return createBatcher(maxBatch, (items) => processBatch(options, handleBatch, items));
  const { keyOf = callOf, concurrency = 16 } = options.consume;
  const lanes = createLanes(concurrency);
  return (item) => lanes.run(keyOf(item.event), () => processOne(options, item));
}

const callOf = (event: AnyEvent): string => `${event.tenantid}:${event.correlationid ?? event.subject}`;

async function processOne<E extends AnyEvent>(options: ProcessingOptions<E>, item: Item<E>): Promise<void> {
  const { consume, settlement, stopping } = options;
  if (stopping()) return settlement.giveBack(item);
  try {
    await inSpan(spanOf(item), () => consume.handle(item.event, item.ctx));
    settlement.succeeded(item);
  } catch (error) {
    await settlement.failed(item, error);
  }
}

type HandleBatch<E extends AnyEvent> = NonNullable<ConsumeOptions<E>['handleBatch']>;

async function processBatch<E extends AnyEvent>(
  options: ProcessingOptions<E>,
  handleBatch: HandleBatch<E>,
  items: Item<E>[],
): Promise<void> {
  const { settlement, stopping } = options;
  if (stopping()) {
    for (const item of items) settlement.giveBack(item);
    return;
  }
  try {
    await withSpans(items, handleBatch);
    for (const item of items) settlement.succeeded(item);
  } catch (error) {
    const failureClass = asFailure(error).class;
    const passes = failureClass === 'transient' || failureClass === 'own-trouble' || failureClass === 'throttled';
    for (const item of items) await (passes ? settlement.failed(item, error) : processOne(options, item));
  }
}

/** One span for each message of a batch, so that each trace shows its own; its context is passed on by the handler. */
async function withSpans<E extends AnyEvent>(items: Item<E>[], handleBatch: HandleBatch<E>): Promise<void> {
  if (!tracingOn()) return handleBatch(items);
  const started = items.map((item) => ({ item, ...startSpan(spanOf(item)) }));
  try {
    await handleBatch(started.map(({ item, active }) => ({ event: item.event, ctx: { ...item.ctx, trace: active } })));
  } catch (error) {
    for (const { span } of started) failSpan(span, error);
    throw error;
  } finally {
    for (const { span } of started) span.end();
  }
}

const spanOf = ({ event, ctx }: Item<AnyEvent>) => ({
  name: `process ${eventPattern(event.type)}`,
  kind: SpanKind.CONSUMER,
  parent: ctx.trace,
  attributes: { 'messaging.system': 'nats', 'messaging.message.id': event.id },
});
