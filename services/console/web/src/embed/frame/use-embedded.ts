import type { DeskAgent, DeskCall } from '@patchcord/contracts';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { hasLapsed, useLapsed } from '../../api/lapse.ts';
import { deskKeys } from '../../pages/desk/use-agent-stream.ts';
import type { Bridge } from './bridge.ts';
import { createDeeds } from './deeds.ts';
import { createTelling, type KnownAtDesk } from './telling.ts';
import { callOf, stateOf } from './told.ts';

/** After-call work ends at another service; whether it has is asked again so often (ms), besides with each news. */
const againMs = 3000;

const knownAt = (client: QueryClient, agentId: string): KnownAtDesk => ({
  agent: client.getQueryData<DeskAgent>(deskKeys.agent(agentId)),
  calls: client.getQueryData<DeskCall[]>(deskKeys.calls(agentId)),
});

/** Tells the page around what the desk is told, from where the desk keeps it, and does what that page asks for. */
export function useEmbedded(agentId: string, bridge: Bridge): void {
  const client = useQueryClient();
  const lapsed = useLapsed();
  useEffect(() => {
    const telling = createTelling(bridge);
    const look = (): void => {
      // Who is not signed in is told nothing, and asked nothing.
      if (!hasLapsed()) telling.look(knownAt(client, agentId));
    };
    const ours = [deskKeys.agent(agentId), deskKeys.calls(agentId)].map((key) => JSON.stringify(key));
    // Each news by itself: what is painted may leave some out.
    const stop = client.getQueryCache().subscribe(({ type, query }) => {
      if (type === 'updated' && ours.includes(JSON.stringify(query.queryKey))) look();
    });
    const timer = setInterval(look, againMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [client, agentId, bridge]);
  useEffect(() => {
    if (lapsed) return serveNobody(bridge);
    bridge.serve({
      deeds: createDeeds(agentId),
      greeting: (tell) => {
        const { agent, calls = [] } = knownAt(client, agentId);
        tell('signed-in', { signedIn: true });
        if (agent !== undefined) tell('state', stateOf(agent));
        for (const call of calls) if (call.state !== 'ended') tell('call', callOf(call));
      },
    });
  }, [client, agentId, bridge, lapsed]);
}

/** Nobody is at the desk: the page around is told so, and whatever it asks for is refused. */
export const serveNobody = (bridge: Bridge): void =>
  bridge.serve({ deeds: undefined, greeting: (tell) => tell('signed-in', { signedIn: false }) });
