/** However long a destination asks us to stay away, we look again after this time (ms). */
const maxRetryAfterMs = 3_600_000;
const minRetryAfterMs = 1000;

/** `Retry-After` as a time: seconds or an HTTP-date (RFC 9110, 10.2.3). Undefined when it is missing or neither. */
export function parseRetryAfter(header: string | undefined, nowMs: number): Date | undefined {
  if (header === undefined) return undefined;
  const delayMs = delayOf(header.trim(), nowMs);
  if (Number.isNaN(delayMs)) return undefined;
  return new Date(nowMs + Math.min(Math.max(delayMs, minRetryAfterMs), maxRetryAfterMs));
}

function delayOf(text: string, nowMs: number): number {
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  // Date.parse also reads things such as "-5"; an HTTP-date begins with the day's name.
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) - nowMs : Number.NaN;
}
