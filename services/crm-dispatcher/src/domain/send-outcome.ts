import type { EgressFailure } from '@patchcord/egress';

/** What one attempt to send came to. Status and body are there where the destination speaks HTTP. */
export type SendOutcome =
  | {
      readonly ok: true;
      readonly status?: number;
      readonly body?: string;
      readonly durationMs: number;
      /** For whoever waits for this work. */
      readonly result?: unknown;
    }
  | EgressFailure;
