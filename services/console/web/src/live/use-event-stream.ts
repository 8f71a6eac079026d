import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { sessionKey } from '../api/session-changes.ts';

export type StreamState = 'connecting' | 'open' | 'lost';

/**
 * Follows server-sent events. The stream begins with the whole state, so that after an outage nothing is missing; the
 * browser connects again by itself, and we do where it gives up.
 */
export function useEventStream(
  path: string | undefined,
  handlers: Readonly<Record<string, (data: unknown) => void>>,
): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const names = Object.keys(handlers).toSorted().join(' ');
  const client = useQueryClient();
  const onEvent = useEffectEvent((name: string, data: string) => handlers[name]?.(JSON.parse(data)));
  useEffect(() => {
    if (path === undefined) return;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      source = new EventSource(path);
      source.onopen = () => setState('open');
      source.onerror = () => {
        setState('lost');
        if (source?.readyState !== EventSource.CLOSED) return;
        // It was refused: perhaps because nobody is signed in any more.
        void client.invalidateQueries({ queryKey: sessionKey });
        timer = setTimeout(open, againMs);
      };
      for (const name of names.split(' '))
        source.addEventListener(name, ({ data }: MessageEvent<string>) => onEvent(name, data));
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [path, names, client]);
  return state;
}

const againMs = 3000;
