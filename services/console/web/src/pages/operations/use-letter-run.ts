import type { FailureData } from '@patchcord/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError, ask } from '../../api/client.ts';
import type { Refused } from '../../parts/use-refusal-text.ts';
import type { Letter } from './use-dead-letters.ts';

export type Deed = 'replay' | 'discard';

/** `closed`: somebody else was faster; there is nothing left to do. */
export type LetterOutcome =
  | { readonly outcome: 'done' | 'closed' }
  | { readonly outcome: 'failed'; readonly failure: Refused };

interface Answer {
  readonly failed: readonly { readonly id: string; readonly failure: FailureData }[];
  readonly closed: readonly string[];
}

export interface LetterRun {
  readonly state: 'asked' | 'running' | 'over';
  /** By id; those that are missing were not come to yet. */
  readonly outcomes: ReadonlyMap<string, LetterOutcome>;
  readonly begin: (deed: Deed, letters: readonly Letter[], note: string) => Promise<void>;
  /** What is under way is finished, what waits is left alone. */
  readonly stop: () => void;
}

/** So many in one request: small enough for a bar that moves, and for somebody who wants to stop. */
const atOnce = 10;

/** Replays or discards many, some at a time. Each may be asked for twice: what is closed already is told so. */
export function useLetterRun(): LetterRun {
  const client = useQueryClient();
  const [state, setState] = useState<LetterRun['state']>('asked');
  const [outcomes, setOutcomes] = useState<LetterRun['outcomes']>(new Map());
  const stopped = useRef(false);
  const begin: LetterRun['begin'] = async (deed, letters, note) => {
    setState('running');
    // The oldest first, as they would have come.
    const left = letters.map(({ id }) => id).toReversed();
    while (left.length > 0 && !stopped.current) {
      const ids = left.splice(0, atOnce);
      const known = await outcomesOf(deed, ids, note);
      setOutcomes((before) => new Map([...before, ...known]));
    }
    setState('over');
    await Promise.all(
      ['dead-letters', 'deliveries', 'destinations'].map((key) => client.invalidateQueries({ queryKey: [key] })),
    );
  };
  return {
    state,
    outcomes,
    begin,
    stop: () => {
      stopped.current = true;
    },
  };
}

async function outcomesOf(deed: Deed, ids: readonly string[], note: string): Promise<[string, LetterOutcome][]> {
  const body = { ids, limit: ids.length, ...(deed === 'discard' ? { note } : {}) };
  try {
    const { failed, closed } = await ask<Answer>(`/v1/dead-letters:${deed}`, { method: 'POST', body });
    const troubles = new Map(failed.map(({ id, failure }) => [id, failure]));
    return ids.map((id) => {
      const failure = troubles.get(id);
      if (failure !== undefined) return [id, { outcome: 'failed', failure }];
      return [id, { outcome: closed.includes(id) ? 'closed' : 'done' }];
    });
  } catch (error) {
    const failure = error instanceof ApiError ? error : { code: 'internal', message: String(error) };
    return ids.map((id) => [id, { outcome: 'failed', failure }]);
  }
}
