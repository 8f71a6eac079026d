import { type Bus, type Consumption, serveRpc } from '@patchcord/bus';
import { type CardChoices, campaignOf, type DataMapping, queues, rpc, tenant } from '@patchcord/contracts';
import type { Jobs, JobWorker } from '@patchcord/jobs';
import type { Part, RedisContext } from '@patchcord/runtime';
import { createAskCrm } from './adapters/ask-crm.ts';
import { createCardSchedule } from './adapters/card-schedule.ts';
import { createCardStore } from './adapters/card-store.ts';
import { createPastIndex } from './adapters/past-index.ts';
import { createTellCard } from './adapters/tell-card.ts';
import type { Settings } from './config.ts';
import { consumeForCards } from './consumers/card-sessions.ts';
import { choicesOf } from './domain/card-choices.ts';
import type { CardConfig } from './domain/card-plan.ts';
import type { DispositionStore } from './domain/ports.ts';
import { cardJob, cardRetry, startCardWorker } from './jobs/card-runs.ts';
import { type ActOnCard, createActOnCard } from './usecases/act-on-card.ts';
import { type CardResults, createCardResults } from './usecases/card-result.ts';
import { createCardChange } from './usecases/change-card-state.ts';
import { createMergeCards } from './usecases/merge-cards.ts';
import { createNoteOnCard, type NoteOnCard } from './usecases/note-on-card.ts';
import { createObserveCard, type ObserveCard } from './usecases/observe-card.ts';
import { createRunForCard } from './usecases/run-for-card.ts';
import { type CardAddress, createUseCard, type UseCard } from './usecases/use-card.ts';

export interface CardsOptions {
  readonly context: RedisContext<Settings>;
  readonly service: string;
  readonly jobs: Jobs;
  readonly dispositions: Pick<DispositionStore, 'find'>;
}

export interface Cards {
  /** For conversations that are not told by session events. */
  readonly observe: ObserveCard;
  /** What is linked and pinned for a call: where memorialization writes. */
  readonly recordsOf: UseCard['recordsOf'];
  /** What became of something that was written for a conversation. */
  readonly tell: CardResults['tell'];
  readonly consume: () => Promise<Consumption>;
  readonly startWorker: () => JobWorker;
  readonly rpcPart: Part;
}

const dayMs = 24 * 3_600_000;
const defaults = tenant.parse({ id: 'default', name: 'Default' });

/** Customer cards: one per call or digital contact, what was found and written for it, and who sees it. */
export function createCards({ context, service, jobs, dispositions }: CardsOptions): Cards {
  const { bus, config, redis, settings } = context;
  const store = createCardStore({
    redis,
    ttlMs: settings.CARD_TTL_MS,
    digitalTtlMs: settings.DIGITAL_TTL_MS,
  });
  const schedule = createCardSchedule(jobs.queue(queues.cardRun, cardJob, { schedule: cardRetry }));
  const cards = createCardChange({ store, schedule, tell: createTellCard(bus) });
  const campaign = (tenantId: string, id: string | undefined) => config.tenant(tenantId).campaign.get(id ?? '');
  const tenantOf = (tenantId: string) => config.tenant(tenantId).tenant.values().next().value ?? defaults;
  const common = {
    cards,
    store,
    schedule,
    merge: createMergeCards(store, cards),
    past: createPastIndex(redis),
    campaign,
    configOf: (tenantId: string): CardConfig => config.tenant(tenantId),
    mappingsOf: (tenantId: string): ReadonlyMap<string, DataMapping> => config.tenant(tenantId)['data-mapping'],
    pinSingleMatch: (tenantId: string, id: string | undefined) => campaign(tenantId, id)?.card?.pinSingleMatch ?? true,
    regionOf: (tenantId: string) => tenantOf(tenantId).defaultRegion,
    keepPastMs: (tenantId: string) => tenantOf(tenantId).retentionDays * dayMs,
    now: Date.now,
  };
  const results = createCardResults(common);
  const observe = createObserveCard({
    ...common,
    campaignOf: (session) => campaignOf(config.tenant(session.tenantId), session),
  });
  const run = createRunForCard({ ...common, ask: createAskCrm(bus), results, dispositions });
  const use = createUseCard(common);
  return {
    observe,
    recordsOf: use.recordsOf,
    tell: results.tell,
    consume: () => consumeForCards(bus, service, observe),
    startWorker: () => startCardWorker({ jobs, run, cards, results }),
    rpcPart: served(bus, {
      use,
      results,
      act: createActOnCard(common),
      note: createNoteOnCard(common),
      choices: async (request) => {
        const { tenantId, campaignId } = await use.read(request);
        return choicesOf(campaign(tenantId, campaignId), config.tenant(tenantId));
      },
    }),
  };
}

interface CardVerbs {
  readonly use: UseCard;
  readonly results: CardResults;
  readonly act: ActOnCard;
  readonly note: NoteOnCard;
  /** @throws Failure permanent `not_found` */
  readonly choices: (address: CardAddress) => Promise<CardChoices>;
}

function served(bus: Bus, { use, results, act, note, choices }: CardVerbs): Part {
  let servers: ReturnType<typeof serveRpc>[] = [];
  return {
    name: 'card rpc',
    start: async () => {
      servers = [
        serveRpc(bus, rpc.cardResult, results.tell),
        serveRpc(bus, rpc.readCard, async (request) => ({ card: await use.read(request) })),
        serveRpc(bus, rpc.listCards, async (request) => ({ cards: await use.list(request) })),
        serveRpc(bus, rpc.changeCard, use.change),
        serveRpc(bus, rpc.cardDuplicates, async (request) => ({ duplicates: await use.duplicates(request) })),
        serveRpc(bus, rpc.actOnCard, async (request) => ({ runIds: await act(request) })),
        serveRpc(bus, rpc.cardChoices, choices),
        serveRpc(bus, rpc.noteOnCard, note),
        serveRpc(bus, rpc.linkedRecords, ({ tenantId, callId }) => use.recordsOf(tenantId, callId)),
      ];
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}
