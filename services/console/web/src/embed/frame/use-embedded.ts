import type { DeskAgent, DeskCall } from '@patchcord/contracts';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { type StreamState, useEventStream } from '../../live/use-event-stream.ts';
import type { Bridge } from './bridge.ts';
import { createDeeds } from './deeds.ts';
import { callOf, logOf, stateOf } from './told.ts';

export interface Embedded {
  readonly stream: StreamState;
  readonly agent: DeskAgent | undefined;
  /** Those that go on, and those that just ended. */
  readonly calls: readonly DeskCall[];
}

interface State {
  readonly agent: DeskAgent;
  readonly calls: readonly DeskCall[];
}

/** The agent's state and calls, told to the page around as they change. */
export function useEmbedded(agentId: string, bridge: Bridge): Embedded {
  const [agent, setAgent] = useState<DeskAgent>();
  const [calls, setCalls] = useState<readonly DeskCall[]>([]);
  useServing(agentId, bridge, { agent, calls });
  const telling = useRef(createTelling());
  const hear = (call: DeskCall): void => {
    setCalls((before) => withCall(before, call));
    telling.current.call(call, bridge);
  };
  const hearAgent = (told: DeskAgent): void => {
    setAgent((before) => (told.acw === undefined && before !== undefined ? { ...told, acw: before.acw } : told));
    telling.current.agent(told, bridge);
  };
  const stream = useEventStream(`/v1/agents/${encodeURIComponent(agentId)}/events`, {
    state: (data) => {
      const { agent: first, calls: open } = data as State;
      setCalls(open);
      for (const call of open) telling.current.call(call, bridge);
      hearAgent(first);
    },
    agent: (data) => hearAgent(data as DeskAgent),
    call: (data) => hear(data as DeskCall),
    'call-gone': (data) => {
      const { interactionId } = data as { interactionId: string };
      setCalls((before) => before.filter((call) => call.interactionId !== interactionId));
      telling.current.gone(interactionId, bridge);
    },
  });
  return { stream, agent, calls };
}

function useServing(agentId: string, bridge: Bridge, known: Pick<Embedded, 'agent' | 'calls'>): void {
  const greeting = useEffectEvent((tell: Bridge['tell']) => {
    tell('signed-in', { signedIn: true });
    if (known.agent !== undefined) tell('state', stateOf(known.agent));
    for (const call of known.calls) if (call.state !== 'ended') tell('call', callOf(call));
  });
  useEffect(() => bridge.serve({ deeds: createDeeds(agentId), greeting: (tell) => greeting(tell) }), [agentId, bridge]);
}

function withCall(before: readonly DeskCall[], call: DeskCall): readonly DeskCall[] {
  const at = before.findIndex(({ interactionId }) => interactionId === call.interactionId);
  const known = before[at];
  if (known === undefined) return [...before, call];
  return known.version > call.version ? before : before.with(at, call);
}

/** Tells each thing once: the stream tells everything again after an outage. */
function createTelling() {
  const told = new Map<string, DeskCall>();
  const logged = new Set<string>();
  const waiting = new Map<string, DeskCall>();
  let state = '';
  const log = (call: DeskCall, bridge: Bridge): void => {
    waiting.delete(call.interactionId);
    if (logged.has(call.interactionId)) return;
    logged.add(call.interactionId);
    logOf(call)
      .then((entry) => bridge.tell('log', entry))
      .catch(() => logged.delete(call.interactionId));
  };
  return {
    call: (call: DeskCall, bridge: Bridge): void => {
      const before = told.get(call.interactionId);
      if (before !== undefined && (before.version > call.version || before.state === call.state)) return;
      told.set(call.interactionId, call);
      bridge.tell('call', callOf(call));
      const { callId, interactionId, number, name } = callOf(call);
      const who = { ...(number === undefined ? {} : { number }), ...(name === undefined ? {} : { name }) };
      if (call.state === 'ringing' && call.direction !== 'outbound')
        bridge.tell('screen-pop', { callId, interactionId, ...who });
      // What was over before the page came is in its history already.
      if (call.state === 'ended' && before !== undefined) waiting.set(interactionId, call);
    },
    gone: (interactionId: string, bridge: Bridge): void => {
      told.delete(interactionId);
      const call = waiting.get(interactionId);
      if (call !== undefined) log(call, bridge);
    },
    agent: (agent: DeskAgent, bridge: Bridge): void => {
      const next = JSON.stringify(stateOf(agent));
      if (next !== state) bridge.tell('state', stateOf(agent));
      state = next;
      if (agent.acw === undefined) return;
      // With its after-call work a call is over, and its disposition said.
      for (const call of waiting.values()) if (isDone(call, agent.acw)) log(call, bridge);
    },
  };
}

const isDone = ({ interactionId }: DeskCall, open: NonNullable<DeskAgent['acw']>): boolean =>
  !open.some((acw) => acw.interactionId === interactionId);
