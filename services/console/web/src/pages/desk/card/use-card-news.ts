import { useQueryClient } from '@tanstack/react-query';
import { type StreamState, useEventStream } from '../../../live/use-event-stream.ts';

/**
 * Follows the cards of an agent where no desk does it. A card may have become part of another one, which is then told of
 * under an id that nobody shows: every card that is shown is read again.
 */
export function useCardNews(agentId: string | undefined): StreamState {
  const client = useQueryClient();
  const readAgain = (): void => {
    for (const key of ['card', 'cards', 'digital'])
      void client.invalidateQueries({
        queryKey: [key],
        predicate: ({ queryKey }) => !queryKey.includes('choices'),
      });
  };
  const path = agentId === undefined ? undefined : `/v1/agents/${encodeURIComponent(agentId)}/events`;
  return useEventStream(path, {
    state: readAgain,
    card: readAgain,
  });
}
