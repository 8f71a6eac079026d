import type { FlowMemory, RememberedFlow } from '../domain/flow-memory.ts';
import { isAhead, type RunFlowOptions } from './run-flow.ts';
import { writeStep } from './write-step.ts';

export type CatchUpOptions = Pick<RunFlowOptions, 'read' | 'write' | 'memory'>;

/** So many calls in one round, so that a store that has just come back is not run over. */
const mostAtOnce = 200;

/**
 * Gives sessions what steps could not write while the session store was away: the last step of a call has none after it
 * that would. Never rejects; what cannot be written stays remembered for the next round.
 */
export function createCatchUpFlows(options: CatchUpOptions): () => Promise<void> {
  const { memory } = options;
  return async () => {
    const waiting = memory.unstored().slice(0, mostAtOnce);
    await Promise.all(
      waiting.map(async ([key, flow]) => {
        const done = await catchUp(options, flow).catch(() => false);
        // A step that was made meanwhile knows more.
        if (done && memory.get(key) === flow) settle(memory, key, flow);
      }),
    );
  };
}

function settle(memory: FlowMemory, key: string, flow: RememberedFlow): void {
  if (flow.state.phase === 'over') memory.remove(key);
  else memory.put(key, { ...flow, unstored: {} });
}

async function catchUp({ read, write }: CatchUpOptions, flow: RememberedFlow): Promise<boolean> {
  const { session, state, unstored } = flow;
  const call = { tenantId: session.tenantId, callId: session.callId };
  const found = await read(call);
  if (found.outcome === 'unknown') return false;
  if (!isAhead(flow, found.session)) return true;
  const by = { kind: 'flow', id: state.flow } as const;
  const { reply } = await writeStep(write, { ...call, changes: unstored, by, ifMatch: found.etag });
  const { outcome } = reply;
  return outcome !== 'conflict' && outcome !== 'unknown';
}
