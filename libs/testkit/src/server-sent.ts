export interface ServerSentEvent {
  readonly event: string;
  /** As it came: text, usually JSON. */
  readonly data: string;
}

/** A stream of server-sent events, as a browser follows it. */
export interface ServerSentStream {
  /** What came until now, oldest first. */
  readonly seen: readonly ServerSentEvent[];
  /** Heartbeats and other comments so far. */
  readonly comments: () => number;
  readonly status: number;
  /** Resolves when it is over, whoever ended it. */
  readonly ended: Promise<void>;
  /** Goes away, as a closed page does. */
  readonly leave: () => void;
}

/** Opens a stream; resolves with the answer's headers. `onEvent` hears each event as it comes. */
export async function followServerSent(
  url: string | URL,
  headers: Readonly<Record<string, string>>,
  onEvent: (event: ServerSentEvent) => void = () => undefined,
): Promise<ServerSentStream> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const seen: ServerSentEvent[] = [];
  let comments = 0;
  const block = (text: string): void => {
    if (text.startsWith(':')) comments += 1;
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
    if (!text.includes('event: ')) return;
    const event = { event: field('event'), data: field('data') };
    seen.push(event);
    onEvent(event);
  };
  const ended = readBlocks(response, block).catch(() => undefined);
  return { seen, comments: () => comments, status: response.status, ended, leave: () => abort.abort() };
}

async function readBlocks(response: Response, onBlock: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) onBlock(block);
  }
}
