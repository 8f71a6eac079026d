import type { DeskAgent } from '@patchcord/contracts';
import type { EventStream } from '@patchcord/runtime';

/** While something of an agent cannot be asked for, it is tried again. */
const againMs = 2000;

/**
 * Tells a browser of its agent, one reading after the other: what changed while one was under way is read after it, so
 * that no older state is told last.
 */
export function createAgentTelling(stream: EventStream, read: () => Promise<DeskAgent>): { tell: () => void } {
  let reading = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  stream.onClose(() => {
    closed = true;
    clearTimeout(timer);
  });
  const tell = (): void => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    clearTimeout(timer);
    void read()
      .then((agent) => {
        stream.send('agent', agent);
        if (agent.acw === undefined && !closed) timer = setTimeout(tell, againMs);
      })
      // Who cannot be told comes back and asks for the state.
      .catch(() => stream.drop())
      .finally(() => {
        reading = false;
        if (!again || closed) return;
        again = false;
        tell();
      });
  };
  return { tell };
}
