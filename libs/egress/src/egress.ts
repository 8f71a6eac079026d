import { Failure, isFailure } from '@patchcord/contracts';
import { type Dispatcher, request } from 'undici';
import { classifyError } from './classify-error.ts';
import { classifyStatus } from './classify-status.ts';
import { startDeadline } from './deadline.ts';
import { createPools, type Pools } from './pools.ts';
import type { EgressOutcome, EgressRequest } from './request.ts';
import { checkedUrl, checkHeaders } from './request-check.ts';
import { readCapped } from './response-body.ts';

export interface EgressOptions {
  readonly userAgent?: string;
  /** An answer's body is read up to here; the connection of a longer one is destroyed. Default 1 MiB. */
  readonly maxResponseBytes?: number;
  /** What is beyond waits for an answer to another. Default 512. */
  readonly connectionsPerOrigin?: number;
  /** Root certificates trusted beside the public ones (PEM). */
  readonly ca?: string;
  /** Outside of these ranges no policy can allow an address that is not public. Default: policies may allow any. */
  readonly allowedCidrs?: readonly string[];
}

/** The one way by which HTTP requests leave us. Never throws: whatever goes wrong is an outcome, already classified. */
export interface Egress {
  send(request: EgressRequest): Promise<EgressOutcome>;
  /** Destroys all connections; requests under way end as own trouble. */
  close(): Promise<void>;
}

interface Limits {
  readonly userAgent: string;
  readonly maxResponseBytes: number;
}

export function createEgress(options: EgressOptions = {}): Egress {
  const { connectionsPerOrigin = 512, ca, allowedCidrs } = options;
  const pools = createPools({ connectionsPerOrigin, ca, allowedCidrs });
  const limits: Limits = {
    userAgent: options.userAgent ?? 'Patchcord',
    maxResponseBytes: options.maxResponseBytes ?? 1024 * 1024,
  };
  return { send: (egressRequest) => send(egressRequest, pools, limits), close: () => pools.close() };
}

async function send(wanted: EgressRequest, pools: Pools, limits: Limits): Promise<EgressOutcome> {
  const startedAt = performance.now();
  const deadline = startDeadline({ timeoutMs: wanted.timeoutMs, signals: [wanted.signal] });
  const seen: { status?: number; headers?: Record<string, string> } = {};
  try {
    const url = checkedUrl(wanted.url, wanted.policy);
    checkHeaders(wanted.headers);
    const answered = request(url, {
      method: wanted.method,
      headers: { 'user-agent': limits.userAgent, 'accept-encoding': 'identity', ...wanted.headers },
      body: wanted.body ?? null,
      dispatcher: pools.for(wanted),
      signal: deadline.signal,
    });
    // undici looks at the signal only once it has a connection; a peer may let it wait for one much longer.
    const response = await Promise.race([answered, deadline.over]);
    seen.status = response.statusCode;
    seen.headers = flat(response.headers);
    const body = await readCapped(response, limits.maxResponseBytes);
    return settled(
      { status: seen.status, headers: seen.headers, body: body.text, truncated: body.truncated },
      startedAt,
    );
  } catch (error) {
    const failure = deadline.failure() ?? (isFailure(error) ? error : classifyError(error));
    return { ok: false, failure, ...seen, durationMs: performance.now() - startedAt };
  } finally {
    deadline.clear();
  }
}

interface Received {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly truncated: boolean;
}

function settled({ status, headers, body, truncated }: Received, startedAt: number): EgressOutcome {
  const durationMs = performance.now() - startedAt;
  const failure = classifyStatus(status, headers, Date.now()) ?? (truncated ? tooLarge(status) : undefined);
  if (failure !== undefined) return { ok: false, failure, status, headers, body, durationMs };
  return { ok: true, status, headers, body, durationMs };
}

const tooLarge = (status: number): Failure =>
  new Failure('permanent', 'response_too_large', 'the answer is longer than what is read of one', { status });

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}
