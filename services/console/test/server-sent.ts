import { onTestFinished } from 'vitest';

interface Seen {
  readonly event: string;
  readonly data: string;
}

export interface Stream {
  readonly seen: Seen[];
  readonly comments: () => number;
  /** Resolves when the server ended it. */
  readonly ended: Promise<void>;
  readonly status: number;
  /** Goes away, as a closed page does. */
  readonly leave: () => void;
}

/** Reads a stream of server-sent events until the test ends. */
export async function follow(url: URL, headers: Record<string, string>): Promise<Stream> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(url, { headers, signal: abort.signal });
  const seen: Seen[] = [];
  let comments = 0;
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith(':')) comments += 1;
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (block.includes('event: ')) seen.push({ event: field('event'), data: field('data') });
      }
    }
  };
  const ended = read().catch(() => undefined);
  return { seen, comments: () => comments, ended, status: response.status, leave: () => abort.abort() };
}
