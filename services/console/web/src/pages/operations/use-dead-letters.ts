import { useDebouncedValue } from '@mantine/hooks';
import type { DeadLetter } from '@patchcord/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';

export type Letter = Omit<DeadLetter, 'payload'>;

export interface LetterFilter {
  readonly consumer: string;
  readonly code: string;
  readonly callId: string;
  readonly text: string;
}

export const noLetterFilter: LetterFilter = { consumer: '', code: '', callId: '', text: '' };

interface Page {
  /** All that are open. */
  readonly open: number;
  readonly matched: number;
  readonly next?: string;
  readonly deadLetters: readonly Letter[];
}

function pathOf(filter: LetterFilter, limit: number, after: string): string {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries({ ...filter, after }))
    if (value.trim() !== '') query.set(name, value.trim());
  return `/v1/dead-letters?${query}`;
}

const pageSize = 50;

export function useDeadLetters(filter: LetterFilter) {
  const [asked] = useDebouncedValue(filter, 300);
  return useInfiniteQuery({
    queryKey: ['dead-letters', asked],
    queryFn: ({ pageParam, signal }) => ask<Page>(pathOf(asked, pageSize, pageParam), { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

/** As many are chosen at once at most. */
const mostChosen = 5000;

/** All that fit the filter, also those that are not shown yet. */
export async function allLetters(filter: LetterFilter): Promise<Letter[]> {
  const found: Letter[] = [];
  let after: string | undefined = '';
  while (after !== undefined && found.length < mostChosen) {
    const page: Page = await ask<Page>(pathOf(filter, 500, after));
    found.push(...page.deadLetters);
    after = page.next;
  }
  return found;
}
