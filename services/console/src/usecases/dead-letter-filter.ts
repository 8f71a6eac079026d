import type { StoredDeadLetter } from '@patchcord/bus';
import type { DeadLetter } from '@patchcord/contracts';

export interface DeadLetterFilter {
  readonly service?: string | undefined;
  /** Queue, destination, or durable consumer. */
  readonly consumer?: string | undefined;
  /** Code of the failure, e.g. `http_503`. */
  readonly code?: string | undefined;
  readonly callId?: string | undefined;
  /** Stands in its id, its consumer, its call or its failure. */
  readonly text?: string | undefined;
}

export const fitsFilter = (letter: DeadLetter, filter: DeadLetterFilter): boolean =>
  (filter.service === undefined || letter.service === filter.service) &&
  (filter.consumer === undefined || letter.consumer === filter.consumer) &&
  (filter.code === undefined || letter.failure.code === filter.code) &&
  (filter.callId === undefined || letter.callId === filter.callId) &&
  (filter.text === undefined || saysOf(letter).includes(filter.text.toLowerCase()));

const saysOf = ({ id, service, consumer, callId, failure: { code, message } }: DeadLetter): string =>
  [id, service, consumer, callId, code, message].join('\n').toLowerCase();

export interface LetterPage {
  readonly matched: number;
  readonly letters: DeadLetter[];
  /** There are more, behind this. */
  readonly next?: string;
}

interface Page extends DeadLetterFilter {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: number | undefined;
}

/** One page of the letters that fit, the newest first. */
export function pageOf(stored: readonly StoredDeadLetter[], { limit, after, ...filter }: Page): LetterPage {
  const matching = stored.filter(({ letter }) => fitsFilter(letter, filter));
  const behind = after === undefined ? matching : matching.filter(({ sequence }) => sequence < after);
  const page = behind.slice(0, limit);
  const last = page.at(-1);
  const more = last === undefined || page.length === behind.length ? {} : { next: String(last.sequence) };
  return { matched: matching.length, letters: page.map(({ letter }) => letter), ...more };
}
