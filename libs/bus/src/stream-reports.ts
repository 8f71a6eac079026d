import type { ConsumerInfo, MsgRequest, NextMsgRequest } from '@nats-io/jetstream';
import { Failure, streams } from '@patchcord/contracts';
import type { Bus } from './connect.ts';

export interface ConsumerReport {
  readonly name: string;
  /** Messages that were not handed over yet. */
  readonly pending: number;
  /** Handed over, and not acknowledged yet. */
  readonly ackPending: number;
  /** Of these: handed over more than once. */
  readonly redelivered: number;
  /** Age of the oldest message that is not acknowledged (ms); absent: there is none. */
  readonly oldestAgeMs?: number;
}

export interface StreamReport {
  readonly name: string;
  readonly meaning: string;
  readonly messages: number;
  readonly bytes: number;
  /** Age of the oldest message, and how old one may become (ms). */
  readonly firstAgeMs?: number;
  readonly maxAgeMs: number;
  /** Only those that are kept over restarts. */
  readonly consumers: readonly ConsumerReport[];
}

/** The streams of the house with their consumers, as they are now. @throws Failure own-trouble `nats_unavailable` */
export async function streamReports(bus: Bus, now: () => number = Date.now): Promise<StreamReport[]> {
  try {
    return await Promise.all(Object.values(streams).map((spec) => reportOf(bus, spec, now())));
  } catch (cause) {
    throw new Failure('own-trouble', 'nats_unavailable', 'NATS did not answer for its streams', { cause });
  }
}

type Spec = (typeof streams)[keyof typeof streams];

async function reportOf(bus: Bus, { name, meaning, maxAgeMs }: Spec, at: number): Promise<StreamReport> {
  const [{ state }, consumers] = await Promise.all([
    bus.jsm.streams.info(name),
    Array.fromAsync(bus.jsm.consumers.list(name)),
  ]);
  const durable = consumers.filter(({ config }) => config.durable_name !== undefined);
  const reports = await Promise.all(durable.map((info) => consumerOf(bus, info, at)));
  return {
    name,
    meaning,
    messages: state.messages,
    bytes: state.bytes,
    ...(state.messages === 0 ? {} : { firstAgeMs: Math.max(0, at - Date.parse(String(state.first_ts))) }),
    maxAgeMs,
    consumers: reports.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

async function consumerOf(bus: Bus, info: ConsumerInfo, at: number): Promise<ConsumerReport> {
  const { name, num_pending: pending, num_ack_pending: ackPending, num_redelivered: redelivered } = info;
  const oldest = pending + ackPending === 0 ? undefined : await oldestUnacknowledged(bus, info);
  const age = oldest === undefined ? {} : { oldestAgeMs: Math.max(0, at - oldest) };
  return { name, pending, ackPending, redelivered, ...age };
}

/** When the first message behind the acknowledged ones came (ms since 1970). */
async function oldestUnacknowledged({ jsm }: Bus, info: ConsumerInfo): Promise<number | undefined> {
  const { filter_subject: one, filter_subjects: several } = info.config;
  const filters = several ?? [one ?? '>'];
  const times = await Promise.all(
    filters.map(async (filter) => {
      const next: NextMsgRequest = { seq: info.ack_floor.stream_seq + 1, next_by_subj: filter };
      // The server answers it here too; the client's types have it for direct reads only.
      const message = await jsm.streams.getMessage(info.stream_name, next as MsgRequest);
      return message === null ? [] : [message.time.getTime()];
    }),
  );
  const all = times.flat();
  return all.length === 0 ? undefined : Math.min(...all);
}
