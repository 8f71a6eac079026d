import { useDebouncedValue } from '@mantine/hooks';
import type { Delivery } from '@patchcord/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ask } from '../../api/client.ts';

/** Those that stand in the address, so that a page can be found again. */
const inAddress = ['state', 'kind', 'destination', 'cause', 'callId', 'span'] as const;
type InAddress = (typeof inAddress)[number];

const spans = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 } as const;

export interface DeliveryFilter {
  readonly of: Readonly<Partial<Record<InAddress, string>>>;
  /** May hold what callers said: in no address. */
  readonly text: string;
  /** Local times, as the browser's field gives them. */
  readonly from: string;
  readonly to: string;
  readonly set: (name: InAddress, value: string | null) => void;
  readonly setText: (text: string) => void;
  readonly setFrom: (from: string) => void;
  readonly setTo: (to: string) => void;
  readonly clear: () => void;
  readonly isOn: boolean;
}

export function useDeliveryFilter(): DeliveryFilter {
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const of = Object.fromEntries(
    inAddress.flatMap((name) => {
      const value = params.get(name) ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
  const set = (name: InAddress, value: string | null): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === null || value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  const clear = (): void => {
    setParams({}, { replace: true });
    setText('');
    setFrom('');
    setTo('');
  };
  const isOn = Object.keys(of).length > 0 || text !== '';
  return { of, text, from, to, set, setText, setFrom, setTo, clear, isOn };
}

interface Page {
  readonly deliveries: readonly Delivery[];
  readonly next?: string;
}

const pageSize = 50;

/** The delivery log as far as it fits the filter, the newest first. */
export function useDeliveries(filter: DeliveryFilter) {
  const [text] = useDebouncedValue(filter.text.trim(), 300);
  const [callId] = useDebouncedValue(filter.of.callId?.trim() ?? '', 300);
  const { state = '', kind = '', destination = '', cause = '', span = '' } = filter.of;
  const times = span === 'own' ? { since: instantOf(filter.from), until: instantOf(filter.to) } : { span };
  const asked = { state, kind, destination, cause, callId, text, ...times };
  return useInfiniteQuery({
    queryKey: ['deliveries', asked],
    queryFn: ({ pageParam, signal }) => ask<Page>(pathOf(asked, pageParam), { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    // A discarded one is told by no event.
    refetchInterval: 30_000,
  });
}

const instantOf = (local: string): string => {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
};

function pathOf({ span = '', ...asked }: Readonly<Record<string, string>>, after: string): string {
  const query = new URLSearchParams({ limit: String(pageSize) });
  for (const [name, value] of Object.entries({ ...asked, after })) if (value !== '') query.set(name, value);
  if (span in spans) query.set('since', new Date(Date.now() - spans[span as keyof typeof spans]).toISOString());
  return `/v1/deliveries?${query}`;
}
