import type { Bus } from '@patchcord/bus';
import { type ScreenPopNews, screenPopNews, subjects } from '@patchcord/contracts';
import { demoTenant } from './configuration.ts';
import { isByHand } from './guide.ts';
import type { Told } from './telling.ts';

interface ScreenOptions {
  readonly bus: Bus;
  readonly agentId: string;
  readonly tell: (told: Told) => void;
  readonly trouble: (error: unknown) => void;
}

/** The part of the agent's browser: it opens what it is told to. Returns what closes it. */
export function openScreen({ bus, agentId, tell, trouble }: ScreenOptions): () => void {
  const subscription = bus.nc.subscribe(subjects.ui(demoTenant, agentId, 'screen-pop'), {
    callback: (error, message) => {
      const news = error === null ? screenPopNews.safeParse(message.json()) : undefined;
      if (news?.success) show(news.data, tell).catch(trouble);
    },
  });
  return () => subscription.unsubscribe();
}

async function show(news: ScreenPopNews, tell: (told: Told) => void): Promise<void> {
  if (news.news === 'withdrawn') return tell({ column: 'screen', text: `the card is taken away: ${news.reason}` });
  const { action, agentId, site, target, callId = '' } = news.pop;
  tell({ column: 'screen', text: `agent ${agentId} sees "${site.name}" (${target}): ${action.url}` });
  // Of a call that a person answers, his browser opens it.
  if (action.kind === 'navigate' && !isByHand(callId)) await (await fetch(action.url)).arrayBuffer();
}
