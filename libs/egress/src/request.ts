import type { EgressPolicy, Failure, TlsSettings } from '@patchcord/contracts';
import type { ClientCertificate } from './tls.ts';

export interface EgressRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as these UTF-8 bytes. */
  readonly body?: string | undefined;
  /** For everything: waiting for a connection, connecting, sending, headers and body of the answer. */
  readonly timeoutMs: number;
  readonly policy: EgressPolicy;
  /** How the destination's certificate is checked. Default: strictly, by the public roots and those of `EgressOptions`. */
  readonly tls?: TlsSettings | undefined;
  /** Shown to the destination when it asks who we are. */
  readonly clientCertificate?: ClientCertificate | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer; header names are in lower case. */
export interface EgressAnswer {
  readonly ok: true;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly durationMs: number;
}

/** `status`, `headers` and `body` are there as far as the destination answered. */
export interface EgressFailure {
  readonly ok: false;
  readonly failure: Failure;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly durationMs: number;
}

export type EgressOutcome = EgressAnswer | EgressFailure;
