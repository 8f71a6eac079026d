import { useQueryClient } from '@tanstack/react-query';
import { type StreamState, useEventStream } from '../../live/use-event-stream.ts';

/** Reads again what lies under this key, whenever something became of a delivery. */
export function useDeliveryChanges(key: string): StreamState {
  const client = useQueryClient();
  const again = (): void => void client.invalidateQueries({ queryKey: [key] });
  return useEventStream('/v1/deliveries/stream', { ready: again, changed: again });
}
