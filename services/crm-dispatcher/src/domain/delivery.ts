import {
  type AnyEvent,
  type Delivery,
  type DeliveryAttempt,
  type DispatchJob,
  deliveryEvents,
  destinationKey,
  encodeToken,
  type FailureData,
  queues,
} from '@patchcord/contracts';
import type { WorkAddress } from './work-address.ts';

/** What a delivery is told of by an event. */
type DeliveryNews = 'attempted' | 'succeeded' | 'failed' | 'dead';

const definitions = {
  attempted: deliveryEvents.deliveryAttempted,
  succeeded: deliveryEvents.deliverySucceeded,
  failed: deliveryEvents.deliveryFailed,
  dead: deliveryEvents.deliveryDead,
} as const;

export interface NewsOfDelivery {
  readonly news: DeliveryNews;
  readonly job: DispatchJob;
  readonly series: number;
  readonly attempt: number;
  readonly at: Date;
  readonly status?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly failure?: FailureData | undefined;
}

/** The event of a delivery. Its id follows from what it says, so that saying it twice stores it once. */
export function deliveryEvent(source: string, told: NewsOfDelivery): AnyEvent {
  const { news, job, series, attempt, at, status, durationMs, failure } = told;
  const { type } = definitions[news];
  return {
    specversion: '1.0',
    id: `${job.tenantId}.${job.workId}.${series}.${attempt}.${news}`,
    source,
    type,
    subject: job.callId ?? encodeToken(job.workId),
    time: at.toISOString(),
    datacontenttype: 'application/json',
    tenantid: job.tenantId,
    sequence: String(attempt),
    ...(job.callId === undefined ? {} : { correlationid: job.callId }),
    data: {
      workId: job.workId,
      ...(job.callId === undefined ? {} : { callId: job.callId }),
      destination: job.destination,
      cause: job.cause,
      attempt,
      ...(status === undefined ? {} : { status }),
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(failure === undefined ? {} : { failure }),
    },
  };
}

/** What of a delivery never changes. */
export type DeliveryFacts = Omit<Delivery, 'state' | 'updatedAt' | 'nextAttemptAt' | 'attempts'>;

/** Facts of a piece of work as its row in the log shows them. Addresses lose their query: it may hold personal data. */
export function deliveryFacts(job: DispatchJob, { method, url }: WorkAddress, createdAt: Date): DeliveryFacts {
  const { workId, tenantId, callId, interactionId, destination, cause } = job;
  return {
    workId,
    tenantId,
    ...(callId === undefined ? {} : { callId }),
    ...(interactionId === undefined ? {} : { interactionId }),
    destination,
    cause,
    method,
    url: url.replace(/[?#].*$/s, ''),
    createdAt: createdAt.toISOString(),
  };
}

/** One line of what happened, as the log keeps it. */
export interface LoggedAttempt extends Omit<DeliveryAttempt, 'startedAt' | 'durationMs'> {
  readonly startedAt: Date;
  readonly durationMs: number;
}

const maxBodyLength = 1024;

/** Answers to what succeeded are not kept; of refusals the beginning, since it says what is wrong. */
export function toAttempt(attempt: LoggedAttempt): DeliveryAttempt {
  const { startedAt, durationMs, responseBody, ...rest } = attempt;
  return {
    ...rest,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs * 10) / 10,
    ...(responseBody === undefined || responseBody === ''
      ? {}
      : { responseBody: responseBody.slice(0, maxBodyLength) }),
  };
}

/** Where a dead letter's job lies: ours by destination, another service's by the queue's own name. */
export function queueOfLetter(letter: { service: string; tenantId: string; consumer: string }, own: string): string {
  return letter.service === own ? queues.crmDispatch(letter.tenantId, letter.consumer) : letter.consumer;
}

export const breakerKey = (job: Pick<DispatchJob, 'tenantId' | 'destination'>): string =>
  `${job.tenantId}/${destinationKey(job.destination)}`;
