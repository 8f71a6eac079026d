import { onTestFinished } from 'vitest';

interface Seen {
  readonly event: string;
  readonly data: string;
}

/** What a stream of server-sent events told until now; the test's end closes it. */
export async function follow(
  url: string,
  token: string,
): Promise<{ seen: Seen[]; status: number; ended: Promise<void> }> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: abort.signal });
  const seen: Seen[] = [];
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (block.includes('event: ')) seen.push({ event: field('event'), data: field('data') });
      }
    }
  };
  return { seen, status: response.status, ended: read().catch(() => undefined) };
}
