import type { DestinationsReply } from '@patchcord/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';

export type Minutes = '60' | '360' | '1440';

/** How each destination does. Read again every few seconds: latencies are told by no event. */
export const useDestinations = (minutes: Minutes, everyMs: number) =>
  useQuery({
    queryKey: ['destinations', minutes],
    queryFn: ({ signal }) => ask<DestinationsReply>(`/v1/destinations?minutes=${minutes}`, { signal }),
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });

/** Keys of destinations to choose from. */
export function useDestinationKeys(): string[] {
  const { data } = useDestinations('60', 60_000);
  return (data?.destinations ?? [])
    .filter(({ kind }) => kind !== 'rule' && kind !== 'identification')
    .map(({ key }) => key);
}
