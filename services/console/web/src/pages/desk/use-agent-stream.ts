import type { CardNews, DeskAgent, DeskCall, ScreenPop, ScreenPopNews } from '@patchcord/contracts';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type StreamState, useEventStream } from '../../live/use-event-stream.ts';

/** Where the desk's news are kept. They come by the stream alone: nobody asks for them. */
export const deskKeys = {
  agent: (agentId: string) => ['agent', agentId] as const,
  calls: (agentId: string) => ['desk-calls', agentId] as const,
  pops: (agentId: string) => ['screen-pops', agentId] as const,
  card: (cardId: string) => ['card', cardId] as const,
};

interface State {
  readonly agent: DeskAgent;
  readonly calls: DeskCall[];
  readonly pops: ScreenPop[];
}

/**
 * The one stream of the desk: what happens to an agent, his calls, his screen pops and cards. It begins with the whole
 * state, also after an outage, and that takes the place of what was known.
 */
export function useAgentStream(agentId: string): StreamState {
  const client = useQueryClient();
  return useEventStream(`/v1/agents/${encodeURIComponent(agentId)}/events`, {
    state: (data) => {
      const { agent, calls, pops } = data as State;
      tellAgent(client, agent);
      client.setQueryData(deskKeys.calls(agentId), calls);
      client.setQueryData(deskKeys.pops(agentId), pops);
      readCardsAgain(client);
    },
    agent: (data) => tellAgent(client, data as DeskAgent),
    call: (data) =>
      client.setQueryData<DeskCall[]>(deskKeys.calls(agentId), (before = []) => withCall(before, data as DeskCall)),
    'call-gone': (data) => {
      const { interactionId } = data as { interactionId: string };
      client.setQueryData<DeskCall[]>(deskKeys.calls(agentId), (before = []) =>
        before.filter((call) => call.interactionId !== interactionId),
      );
    },
    'screen-pop': (data) =>
      client.setQueryData<ScreenPop[]>(deskKeys.pops(agentId), (before = []) => withPop(before, data as ScreenPopNews)),
    card: (data) => tellCard(client, data as CardNews),
  });
}

/** Without his after-call work, which could not be asked for, what was known of it stays. */
function tellAgent(client: QueryClient, agent: DeskAgent): void {
  client.setQueryData<DeskAgent>(deskKeys.agent(agent.agentId), (before) =>
    agent.acw === undefined && before?.acw !== undefined ? { ...agent, acw: before.acw } : agent,
  );
}

function withCall(before: readonly DeskCall[], call: DeskCall): DeskCall[] {
  const at = before.findIndex(({ interactionId }) => interactionId === call.interactionId);
  const known = before[at];
  if (known === undefined) return [...before, call];
  return known.version > call.version ? [...before] : before.with(at, call);
}

/** The same pop told again takes its own place; one that comes back is as it was first. */
function withPop(before: readonly ScreenPop[], news: ScreenPopNews): ScreenPop[] {
  if (news.news === 'withdrawn') return before.filter(({ popId }) => popId !== news.popId);
  const at = before.findIndex(({ popId }) => popId === news.pop.popId);
  return at === -1 ? [...before, news.pop] : before.with(at, news.pop);
}

function tellCard(client: QueryClient, { cardId, version }: CardNews): void {
  const known = client.getQueryData<{ readonly version?: number }>(deskKeys.card(cardId));
  if ((known?.version ?? 0) >= version) return;
  readCardsAgain(client);
}

/** All that are shown: a card may have become part of another, which is told of under an id that nobody shows. */
function readCardsAgain(client: QueryClient): void {
  for (const key of ['card', 'cards', 'digital'])
    void client.invalidateQueries({
      queryKey: [key],
      // What can be chosen from does not change with the card.
      predicate: ({ queryKey }) => !queryKey.includes('choices'),
    });
}
