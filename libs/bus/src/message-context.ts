import type { Context } from '@opentelemetry/api';

/** Where a message comes from. */
export interface MessageContext {
  readonly subject: string;
  readonly stream: string;
  /** Position in the stream. */
  readonly sequence: number;
  readonly messageId: string | undefined;
  /** 1 for the first delivery. */
  readonly deliveries: number;
  readonly storedAt: Date;
  /** Trace of this message; active while `handle` runs, to be passed on by `handleBatch`. */
  readonly trace: Context;
}
