import { setTimeout as sleep } from 'node:timers/promises';

export interface PostTarget {
  /** Read anew for each request: a restarted service listens on another port. */
  readonly url: () => string;
  readonly token: string;
  /** Default: `/v1/events`. */
  readonly path?: string;
}

export interface Posted {
  /** Requests that call-ingest answered with anything but 202: they were sent again. */
  readonly refusals: number;
}

/** Publishes events as a PBX does: in batches, and again when a batch was not taken. */
export async function postEvents(
  target: PostTarget,
  events: readonly unknown[],
  onBatch: (batch: number) => Promise<void> = async () => undefined,
): Promise<Posted> {
  const batchSize = 100;
  let refusals = 0;
  for (let from = 0; from < events.length; from += batchSize) {
    await onBatch(from / batchSize);
    for (let taken = false; !taken; ) {
      taken = await post(target, events.slice(from, from + batchSize));
      if (taken) continue;
      refusals += 1;
      await sleep(50);
    }
  }
  return { refusals };
}

async function post({ url, token, path = '/v1/events' }: PostTarget, batch: readonly unknown[]): Promise<boolean> {
  try {
    const answer = await fetch(`${url()}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(batch),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (answer.status >= 400 && answer.status < 500) throw new TypeError(`refused for good: ${text.slice(0, 500)}`);
    return answer.status === 202;
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith('refused for good')) throw error;
    return false;
  }
}
