import { useQueryClient } from '@tanstack/react-query';
import { startTransition, useEffect, useEffectEvent, useState } from 'react';
import { useLapsed } from '../api/lapse.ts';
import { checkSession } from '../api/session-changes.ts';
import { inFrames } from './in-frames.ts';

export type StreamState = 'connecting' | 'open' | 'lost';

interface News {
  readonly name: string;
  readonly data: string;
}

/**
 * Follows server-sent events. The stream begins with the whole state, so that after an outage nothing is missing; the
 * browser connects again by itself, and we do where it gives up. News are told once a frame, and what follows from them
 * waits for whoever types or clicks.
 */
export function useEventStream(
  path: string | undefined,
  handlers: Readonly<Record<string, (data: unknown) => void>>,
): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const names = Object.keys(handlers).toSorted().join(' ');
  const client = useQueryClient();
  const lapsed = useLapsed();
  const onNews = useEffectEvent((news: readonly News[]) =>
    startTransition(() => {
      for (const { name, data } of news) handlers[name]?.(JSON.parse(data));
    }),
  );
  useEffect(() => {
    // Who is not signed in is told nothing.
    if (path === undefined || lapsed) return;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frames = inFrames<News>((news) => onNews(news));
    const open = (): void => {
      source = new EventSource(path);
      source.onopen = () => setState('open');
      source.onerror = () => {
        setState('lost');
        if (source?.readyState !== EventSource.CLOSED) return;
        // It was refused: perhaps because nobody is signed in any more.
        void checkSession(client);
        timer = setTimeout(open, againMs);
      };
      for (const name of names.split(' '))
        source.addEventListener(name, ({ data }: MessageEvent<string>) => frames.add({ name, data }));
    };
    open();
    return () => {
      clearTimeout(timer);
      frames.stop();
      source?.close();
    };
  }, [path, names, client, lapsed]);
  return state;
}

const againMs = 3000;
