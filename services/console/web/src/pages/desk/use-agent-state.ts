import type { DeskAgent, DeskChoices } from '@patchcord/contracts';
import { skipToken, useQuery } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { deskKeys } from './use-agent-stream.ts';

export const deskPath = (agentId: string): string => `/v1/agents/${encodeURIComponent(agentId)}`;

/** What the agent does, as the stream tells it; undefined until it has. */
export const useAgentState = (agentId: string): DeskAgent | undefined =>
  useQuery<DeskAgent>({ queryKey: deskKeys.agent(agentId), queryFn: skipToken, gcTime: Number.POSITIVE_INFINITY }).data;

/** While the phone cannot be told what to do, whether it can is asked again so often (ms). */
const askAgainMs = 10_000;

/** What the agent can choose from: pause reasons, queues, colleagues; and whether his phone can be told what to do. */
export const useDeskChoices = (agentId: string) =>
  useQuery({
    queryKey: ['desk', agentId],
    queryFn: async () => (await ask<{ choices: DeskChoices }>(`${deskPath(agentId)}/desk`)).choices,
    staleTime: 30_000,
    refetchInterval: ({ state: { data } }) => (data?.phone.outcome === 'reached' ? 60_000 : askAgainMs),
  });
