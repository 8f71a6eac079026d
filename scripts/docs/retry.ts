import { recordRetry, retryDelayMs, screenPopMaxAgeMs } from '@patchcord/contracts';
import { page, spokenDuration, table } from './markdown.ts';

/** When a piece of work is tried again. */
export function retryPage(): string {
  let totalMs = 0;
  const rows = recordRetry.delaysMs.map((delayMs, at) => {
    totalMs += delayMs;
    const bounds = [0, 1].map((random) => spokenDuration(retryDelayMs(recordRetry, at + 1, random) ?? 0));
    return [String(at + 1), spokenDuration(delayMs), bounds.join(' to '), spokenDuration(totalMs)];
  });
  return page(
    'Retry schedule',
    'libs/contracts/src/retry.ts',
    'Calls logged and dispositions. A failed attempt is followed by the next after the delay; each delay is spread at ' +
      `random by ${recordRetry.jitter * 100} % either way. After the last attempt the work is a dead letter.`,
    table(['attempt', 'delay before it', 'with jitter', 'since the first'], rows),
    `A screen pop is not tried again after ${spokenDuration(screenPopMaxAgeMs)}. A lookup is repeated at most once, ` +
      'inside its time budget. An answer 429, or one with `Retry-After`, waits as long as it says and costs no attempt.',
  );
}
