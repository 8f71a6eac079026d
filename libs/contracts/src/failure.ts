import { z } from 'zod';

/**
 * What a fault means, decided once where it is seen. Policy reads the class, never the text.
 *
 * - `transient`: timeout, reset, 5xx. Retried by schedule.
 * - `throttled`: 429, 503 with Retry-After, quota. Waits until `retryAt`; not counted as an attempt.
 * - `permanent`: other 4xx, validation. Dead at once, shown to the administrator.
 * - `destination-gone`: 410, credentials revoked. Destination disabled after a grace period.
 * - `own-trouble`: our Redis, NATS or DNS. Given back with delay, never charged to the destination.
 * - `defect`: anything else. Bounded retry, then a dead letter; logged at error level.
 */
export const failureClasses = [
  'transient',
  'throttled',
  'permanent',
  'destination-gone',
  'own-trouble',
  'defect',
] as const;
export type FailureClass = (typeof failureClasses)[number];

/** A failure as data: what crosses a process border, lands in the delivery log and in dead letters. */
export const failureData = z.object({
  class: z.enum(failureClasses),
  /** Stable, machine-readable: `http_500`, `timeout`, `address_refused`. */
  code: z.string(),
  message: z.string(),
  /** Only for `throttled`: when the destination may be asked again (RFC 3339). */
  retryAt: z.iso.datetime().optional(),
  /** HTTP status, when the destination answered. */
  status: z.number().int().optional(),
});
export type FailureData = z.infer<typeof failureData>;

export interface FailureOptions {
  readonly cause?: unknown;
  readonly retryAt?: Date;
  readonly status?: number;
}

/** The one error type that use cases throw on purpose. Everything else that is thrown is a defect. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly class: FailureClass;
  readonly code: string;
  readonly retryAt: Date | undefined;
  readonly status: number | undefined;

  constructor(failureClass: FailureClass, code: string, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.class = failureClass;
    this.code = code;
    this.retryAt = options.retryAt;
    this.status = options.status;
  }

  toData(): FailureData {
    return {
      class: this.class,
      code: this.code,
      message: this.message,
      ...(this.retryAt === undefined ? {} : { retryAt: this.retryAt.toISOString() }),
      ...(this.status === undefined ? {} : { status: this.status }),
    };
  }
}

/** Rebuilds the error from its data form, e.g. from a reply or a stored job. */
export function failureFromData(data: FailureData): Failure {
  return new Failure(data.class, data.code, data.message, {
    ...(data.retryAt === undefined ? {} : { retryAt: new Date(data.retryAt) }),
    ...(data.status === undefined ? {} : { status: data.status }),
  });
}

/** Any thrown value as a `Failure`; what is not one already is a defect with the original as its cause. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('defect', 'unexpected', message, { cause: thrown });
}

export const isFailure = (thrown: unknown, failureClass?: FailureClass): thrown is Failure =>
  thrown instanceof Failure && (failureClass === undefined || thrown.class === failureClass);
