import type { AnyEvent, Failure, FailureData } from '@patchcord/contracts';

/**
 * - `connecting`: connection and login under way, or waiting for the next attempt
 * - `resynchronising`: logged in; live events are held back until the snapshot is applied
 * - `live`: every event is mapped as it comes
 * - `overloaded`: connection dropped on purpose until what was seen is published
 */
export type AmiState = 'connecting' | 'resynchronising' | 'live' | 'overloaded' | 'stopped';

/** How a connector does, for health and for people. */
export interface AmiStatus {
  readonly pbxId: string;
  readonly tenantId: string;
  readonly state: AmiState;
  /** Logged in. */
  readonly connected: boolean;
  /** The PBX said `FullyBooted` on this connection. */
  readonly booted: boolean;
  /** RFC 3339. */
  readonly lastEventAt?: string | undefined;
  /** Times that a connection was lost, and so events were missed. */
  readonly gaps: number;
  /** Restarts and crashes of the PBX that were noticed. */
  readonly restarts: number;
  /** Canonical events not published yet. */
  readonly queued: number;
  /** Why it is not connected. */
  readonly failure?: FailureData | undefined;
}

/** What a connector has to tell: for the log and for metrics. Holds no caller's data. */
export type AmiReport =
  | { readonly kind: 'live'; readonly resynchronised: boolean; readonly restarted: boolean; readonly channels: number }
  | { readonly kind: 'connect-failed'; readonly failure: Failure; readonly attempt: number; readonly nextMs: number }
  | { readonly kind: 'gap'; readonly failure: Failure }
  | { readonly kind: 'overloaded'; readonly queued: number }
  | { readonly kind: 'publish-failed'; readonly failure: Failure; readonly queued: number }
  | { readonly kind: 'event-dropped'; readonly event: Pick<AnyEvent, 'id' | 'type'>; readonly failure: Failure }
  | { readonly kind: 'message-failed'; readonly error: unknown; readonly event: string | undefined };
