import { Failure } from '@patchcord/contracts';
import { parseRetryAfter } from './retry-after.ts';

/** How long to stay away after a 429 that does not say it (ms). */
const defaultThrottleMs = 30_000;

/** What a status means, or undefined for success (2xx). */
export function classifyStatus(
  status: number,
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const code = `http_${status}`;
  if (status >= 300 && status < 400) return redirectRefused(status, headers.location);
  if (status === 410) return new Failure('destination-gone', code, 'answered 410 Gone', { status });
  const retryAt = parseRetryAfter(headers['retry-after'], nowMs);
  if (status === 429 || retryAt !== undefined) {
    return new Failure('throttled', code, `answered ${status} and asks to wait`, {
      status,
      retryAt: retryAt ?? new Date(nowMs + defaultThrottleMs),
    });
  }
  const transient = status >= 500 || status === 408 || status === 425;
  return new Failure(transient ? 'transient' : 'permanent', code, `answered ${status}`, { status });
}

function redirectRefused(status: number, location: string | undefined): Failure {
  const target = location === undefined ? null : URL.parse(location, 'relative://the-same-host');
  const host = target?.host ?? 'nowhere';
  return new Failure('permanent', 'redirect_refused', `answered ${status} with a redirect to ${host}`, { status });
}
