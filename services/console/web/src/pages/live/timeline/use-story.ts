import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../../api/client.ts';
import { useEventStream } from '../../../live/use-event-stream.ts';
import type { Story } from './story.ts';

/** A call's story, read again when something new is told of the call. */
export function useStory(callId: string) {
  const client = useQueryClient();
  const queryKey = ['timeline', callId];
  const path = `/v1/calls/${encodeURIComponent(callId)}/timeline`;
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => ask<Story>(path, { signal }),
    // What is discarded, and what becomes of a workflow, is told by no event of the call.
    refetchInterval: 60_000,
  });
  const again = (): void => void client.invalidateQueries({ queryKey });
  const stream = useEventStream(query.data === undefined ? undefined : `${path}/stream`, {
    ready: again,
    changed: again,
  });
  return { ...query, stream };
}
