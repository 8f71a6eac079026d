import type { Bus } from '@patchcord/bus';
import type { Part } from '@patchcord/runtime';

/** Whether NATS is connected, without asking it: a request is refused at once while it is not. */
export interface BusLink extends Part {
  connected(): boolean;
}

export function createBusLink({ nc }: Bus): BusLink {
  let connected = true;
  const follow = async (): Promise<void> => {
    for await (const { type } of nc.status()) {
      if (type === 'disconnect') connected = false;
      if (type === 'reconnect') connected = true;
    }
  };
  return {
    name: 'bus-link',
    connected: () => connected && !nc.isClosed(),
    start: async () => void follow(),
  };
}
