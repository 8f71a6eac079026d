import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ask } from '../../../../api/client.ts';
import type { Draft } from '../model/draft.ts';
import { forStorage } from '../model/edits.ts';
import { noWay, type TryInput, type TryStep, type Way, wayOf } from '../model/way.ts';

/** Who calls, in a call that nobody makes. */
export interface TryCaller {
  readonly ani: string;
  readonly dnis: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Tried {
  readonly steps: readonly TryStep[];
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Trying {
  /** The panel is open. */
  readonly opened: boolean;
  readonly open: (opened: boolean) => void;
  /** Absent: nobody has called yet. */
  readonly caller: TryCaller | undefined;
  readonly call: (caller: TryCaller | undefined) => void;
  readonly inputs: readonly TryInput[];
  readonly happen: (input: TryInput) => void;
  /** Takes the last thing that happened back. */
  readonly back: () => void;
  readonly again: () => void;
  readonly tried: Tried | undefined;
  readonly error: Error | null;
  readonly pending: boolean;
  readonly way: Way;
}

/** A made-up call in the flow as it is drawn now. The API begins anew each time: what is redrawn counts at once. */
export function useTry(draft: Draft): Trying {
  const [opened, open] = useState(false);
  const [caller, setCaller] = useState<TryCaller>();
  const [inputs, setInputs] = useState<readonly TryInput[]>([]);
  const enabled = opened && caller !== undefined;
  const { data, error, isFetching } = useQuery({
    queryKey: ['flow-try', draft, caller, inputs],
    queryFn: ({ signal }) => tryIt({ draft, caller, inputs, signal }),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const tried = enabled && error === null ? data : undefined;
  const way = useMemo(() => (tried === undefined ? noWay : wayOf(draft, tried.steps, inputs)), [draft, tried, inputs]);
  return {
    opened,
    open,
    caller,
    call: (next) => {
      setCaller(next);
      setInputs([]);
    },
    inputs,
    happen: (input) => setInputs((before) => [...before, input]),
    back: () => setInputs((before) => before.slice(0, -1)),
    again: () => setInputs([]),
    tried,
    error: enabled ? error : null,
    pending: enabled && isFetching,
    way,
  };
}

interface Asked {
  readonly draft: Draft;
  readonly caller: TryCaller | undefined;
  readonly inputs: readonly TryInput[];
  readonly signal: AbortSignal;
}

const tryIt = ({ draft, caller, inputs, signal }: Asked): Promise<Tried> =>
  ask('/v1/flows/try', {
    method: 'POST',
    signal,
    body: {
      flow: forStorage(draft),
      caller: {
        ...(caller?.ani ? { ani: caller.ani } : {}),
        ...(caller?.dnis ? { dnis: caller.dnis } : {}),
      },
      variables: caller?.variables ?? {},
      inputs,
    },
  });
