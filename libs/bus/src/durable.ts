import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { Failure } from '@patchcord/contracts';
import type { Bus } from './connect.ts';

export interface DurableSpec {
  readonly stream: string;
  readonly name: string;
  readonly filterSubject?: string | undefined;
  readonly ackWaitMs: number;
  /** Messages delivered and not yet settled, over all replicas. */
  readonly maxAckPending: number;
  /** Where a new consumer begins. */
  readonly startFrom: 'all' | 'new';
}

/** Creates the durable consumer, or updates what differs in an existing one. */
export async function ensureDurable({ jsm }: Bus, spec: DurableSpec): Promise<void> {
  const wanted = durableConfig(spec);
  try {
    const { config } = await jsm.consumers.info(spec.stream, spec.name);
    if (differs(config, wanted)) await jsm.consumers.update(spec.stream, spec.name, wanted);
  } catch (error) {
    if (!isConsumerMissing(error)) throw consumerTrouble(spec, error);
    await jsm.consumers.add(spec.stream, wanted).catch((cause) => {
      throw consumerTrouble(spec, cause);
    });
  }
}

const durableConfig = (spec: DurableSpec) =>
  ({
    durable_name: spec.name,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: spec.startFrom === 'all' ? DeliverPolicy.All : DeliverPolicy.New,
    ack_wait: nanos(spec.ackWaitMs),
    // Bounded by us and not by the server: what the server gives up is silently gone.
    max_deliver: -1,
    max_ack_pending: spec.maxAckPending,
    ...(spec.filterSubject === undefined ? {} : { filter_subject: spec.filterSubject }),
  }) satisfies Partial<ConsumerConfig>;

const differs = (config: ConsumerConfig, wanted: Partial<ConsumerConfig>): boolean =>
  config.ack_wait !== wanted.ack_wait ||
  config.max_ack_pending !== wanted.max_ack_pending ||
  config.max_deliver !== wanted.max_deliver ||
  (config.filter_subject ?? '') !== (wanted.filter_subject ?? '');

const isConsumerMissing = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;

const consumerTrouble = ({ stream, name }: DurableSpec, cause: unknown): Failure =>
  new Failure('own-trouble', 'consumer_unavailable', `consumer ${name} of ${stream} cannot be had`, { cause });
