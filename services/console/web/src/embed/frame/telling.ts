import type { DeskAgent, DeskCall } from '@patchcord/contracts';
import type { Bridge } from './bridge.ts';
import { callOf, logOf, type Over, stateOf } from './told.ts';

/** What the desk knows of its agent by now. */
export interface KnownAtDesk {
  readonly agent: DeskAgent | undefined;
  readonly calls: readonly DeskCall[] | undefined;
}

/** Tells the page around each thing once, however often the desk is told it. */
export function createTelling(bridge: Bridge): { readonly look: (known: KnownAtDesk) => void } {
  const told = new Map<string, DeskCall>();
  const logs = createLogs(bridge);
  let state = '';
  const tellAgent = (agent: DeskAgent): void => {
    const next = JSON.stringify(stateOf(agent));
    if (next !== state) bridge.tell('state', stateOf(agent));
    state = next;
  };
  const tellCall = (call: DeskCall): void => {
    const before = told.get(call.interactionId);
    if (before !== undefined && (before.version > call.version || before.state === call.state)) return;
    told.set(call.interactionId, call);
    bridge.tell('call', callOf(call));
    const { callId, interactionId, number, name } = callOf(call);
    const who = { ...(number === undefined ? {} : { number }), ...(name === undefined ? {} : { name }) };
    if (call.state === 'ringing' && call.direction !== 'outbound')
      bridge.tell('screen-pop', { callId, interactionId, ...who });
    // What was over before the page came is in its history already.
    if (call.state === 'ended' && before !== undefined) logs.expect({ call, isGone: false });
  };
  const tellGone = (call: DeskCall): void => {
    told.delete(call.interactionId);
    // Somebody else answered, or it ended while nobody was told anything.
    if (call.state !== 'ended') bridge.tell('call', callOf({ ...call, state: 'ended' }));
    if (call.state !== 'ringing') logs.expect({ call, isGone: true });
  };
  return {
    look: ({ agent, calls }) => {
      if (agent !== undefined) tellAgent(agent);
      if (calls === undefined) return;
      for (const call of calls) tellCall(call);
      const here = new Set(calls.map(({ interactionId }) => interactionId));
      for (const call of told.values()) if (!here.has(call.interactionId)) tellGone(call);
      logs.tell();
    },
  };
}

/** Calls that are over, each told when its after-call work is done. */
function createLogs(bridge: Bridge) {
  const waiting = new Map<string, Over>();
  const logged = new Set<string>();
  const asking = new Set<string>();
  const tell = async (id: string, over: Over): Promise<void> => {
    asking.add(id);
    // Without an answer it is asked again.
    const entry = await logOf(over).catch(() => undefined);
    asking.delete(id);
    if (entry === undefined) return;
    waiting.delete(id);
    logged.add(id);
    bridge.tell('log', entry);
  };
  return {
    /** The same call again: only that it is gone may be new. One that was over when it was first seen is none of ours. */
    expect: (over: Over): void => {
      const id = over.call.interactionId;
      if (logged.has(id) || (over.call.state === 'ended' && over.isGone && !waiting.has(id))) return;
      waiting.set(id, over);
    },
    tell: (): void => {
      for (const [id, over] of waiting) if (!asking.has(id)) void tell(id, over);
    },
  };
}
