import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from '../api/client.ts';

/** As the demo's telephone tells it. */
export interface DemoState {
  /** Whether callers go on calling. */
  readonly calls: boolean;
  readonly phone: 'idle' | 'ringing' | 'calling' | 'talking' | 'held';
  /** Logged in to the queue and not paused. */
  readonly takesCalls: boolean;
  readonly afterCallWork: boolean;
  readonly steps: Readonly<Record<'rang' | 'answered' | 'disposed' | 'arrived', boolean>>;
  readonly crmUrl: string;
}

/** Follows the demo's telephone; undefined until it has said something. */
export function useDemo(address: string): DemoState | undefined {
  const [state, setState] = useState<DemoState>();
  useEffect(() => {
    const source = new EventSource(`${address}/state`);
    source.onmessage = ({ data }: MessageEvent<string>) => setState(JSON.parse(data) as DemoState);
    source.onerror = () => setState(undefined);
    return () => source.close();
  }, [address]);
  return state;
}

/** Lets callers call or not, or picks up the phone. */
export const useDemoDeed = (address: string) =>
  useMutation({
    mutationFn: async (deed: 'start' | 'stop' | 'answer') => {
      const answer = await fetch(`${address}/${deed}`, { method: 'POST' }).catch(() => undefined);
      if (answer?.ok !== true) throw new ApiError(0, { code: 'unreachable', message: 'the demo does not answer' });
    },
  });
