import {
  asFailure,
  type CrmHit,
  type CrmSearchReply,
  type CrmSearchRequest,
  type DataMapping,
  mappedFields,
  mappedModulesOf,
  type RunWorkflowReply,
  type RunWorkflowRequest,
} from '@patchcord/contracts';
import type { CardRef } from '../domain/card.ts';
import { changed } from '../domain/card.ts';
import { pastOf } from '../domain/card-merge.ts';
import type { PastIndex } from '../domain/card-ports.ts';
import type { CardRun } from '../domain/card-run.ts';
import type { DispositionStore } from '../domain/ports.ts';
import type { CardResults } from './card-result.ts';
import type { CardChange } from './change-card-state.ts';

/** What crm-dispatcher is asked for. Rejects with own trouble while nobody there answers. */
export interface AskCrm {
  search(request: CrmSearchRequest): Promise<CrmSearchReply>;
  runWorkflow(request: RunWorkflowRequest): Promise<RunWorkflowReply>;
}

export interface RunForCardOptions {
  readonly ask: AskCrm;
  readonly results: Pick<CardResults, 'keep'>;
  readonly cards: CardChange;
  readonly past: PastIndex;
  readonly dispositions: Pick<DispositionStore, 'find'>;
  readonly mappingsOf: (tenantId: string) => ReadonlyMap<string, DataMapping>;
  readonly now: () => number;
}

export type RunForCard = (ref: CardRef, run: CardRun) => Promise<void>;

/** An agent looks elsewhere after that (ms). What is written may take as long as its connection allows. */
const budgetMs = 10_000;
/** Whoever is away for longer comes back to calls that are over (ms). */
const givenUpAfterMs = 300_000;
const mostHits = 20;
const mostOfAccount = 10;

/** Does what a card started, and tells the card what came of it. Doing it again finds again, and writes nothing twice. */
export function createRunForCard(options: RunForCardOptions): RunForCard {
  const { results, now } = options;
  return async (ref, run) => {
    if (run.kind === 'past') return keepPast(options, ref, run);
    const reply = await replyTo(options, ref, run).catch((error: unknown) => {
      const failure = asFailure(error);
      if (failure.class === 'own-trouble' && now() - Date.parse(run.at) < givenUpAfterMs) throw failure;
      return failedReply(failure.toData());
    });
    const { runId, name, at, by } = run;
    const which = run.kind === 'workflow' ? { workflowId: run.workflowId } : {};
    const sameAccount = run.kind === 'filter' && run.source === 'same-account';
    await results.keep(ref, { run: { runId, name, at, by, ...which }, reply, sameAccount });
  };
}

type Failed = Extract<RunWorkflowReply, { outcome: 'failed' }>;
const failedReply = (failure: Failed['failure']): Failed => ({ outcome: 'failed', failure, durationMs: 0 });

type Asked = Exclude<CardRun, { kind: 'past' }>;

async function replyTo(options: RunForCardOptions, ref: CardRef, run: Asked): Promise<RunWorkflowReply> {
  const { tenantId, cardId } = ref;
  switch (run.kind) {
    case 'workflow': {
      const { workflowId, runId, input, by, byId } = run;
      const kind = by === 'agent' || by === 'api' ? by : 'card';
      const who = { kind, ...(byId === undefined ? {} : { id: byId }) } as const;
      return options.ask.runWorkflow({ tenantId, workflowId, runId, input, callId: cardId, by: who });
    }
    case 'phone':
      return searchFor(options, { tenantId, connection: run.connection, who: { phone: run.number } });
    case 'email':
      return searchFor(options, { tenantId, connection: run.connection, who: { email: run.address } });
    case 'filter': {
      const { connection, module, equals, expression, source } = run;
      const mapped = mappedModulesOf(options.mappingsOf(tenantId), connection).find((one) => one.module === module);
      const filter = {
        module,
        ...(equals === undefined ? {} : { equals }),
        ...(expression === undefined ? {} : { expression }),
      };
      const fields = mapped === undefined ? [] : mappedFields(mapped);
      const limit = source === 'same-account' ? mostOfAccount : mostHits;
      return found(await options.ask.search({ tenantId, connectionId: connection, budgetMs, filter, fields, limit }));
    }
  }
}

interface Wanted {
  readonly tenantId: string;
  readonly connection: string;
  readonly who: Pick<CrmSearchRequest, 'phone' | 'email'>;
}

/**
 * Whoever has the number or the address, wherever the CRM keeps such. Which fields a module has only its mapping says, so those of
 * the modules in which somebody was found are asked for with a second question.
 */
async function searchFor(
  { ask, mappingsOf }: RunForCardOptions,
  { tenantId, connection, who }: Wanted,
): Promise<RunWorkflowReply> {
  const question = { tenantId, connectionId: connection, budgetMs, ...who, limit: mostHits };
  const first = await ask.search({ ...question, fields: [] });
  const reply = found(first);
  if (reply.outcome !== 'found' || reply.records.length === 0) return reply;
  const modules = mappedModulesOf(mappingsOf(tenantId), connection).filter(
    (one) => mappedFields(one).length > 0 && reply.records.some(({ module }) => module === one.module),
  );
  const filled = await Promise.all(
    modules.map((one) => ask.search({ ...question, modules: [one.module], fields: mappedFields(one) })),
  );
  return {
    ...reply,
    records: withFields(
      reply.records,
      filled.flatMap(({ hits }) => hits),
    ),
  };
}

function withFields(hits: readonly CrmHit[], filled: readonly CrmHit[]): CrmHit[] {
  return hits.map((hit) => {
    const more = filled.find(({ module, id }) => module === hit.module && id === hit.id);
    return more === undefined ? hit : { ...hit, fields: { ...hit.fields, ...more.fields } };
  });
}

function found({ outcome, failure, why, hits, durationMs }: CrmSearchReply): RunWorkflowReply {
  if (outcome === 'unable') return { outcome, message: why ?? 'this CRM cannot be searched like that', durationMs };
  if (outcome === 'failed' && failure !== undefined) return { outcome, failure, durationMs };
  return { outcome: 'found', records: hits, durationMs };
}

/** With what was said of each, as it stands now. */
async function keepPast(
  { cards, past, dispositions, now }: RunForCardOptions,
  ref: CardRef,
  { persons }: Extract<CardRun, { kind: 'past' }>,
): Promise<void> {
  const { tenantId } = ref;
  const latest = pastOf(await past.find(tenantId, persons), [ref.cardId]);
  const told = await Promise.all(
    latest.map(async (one) => {
      const dispositionId = one.interactionId;
      if (dispositionId === undefined) return one;
      const [entry] = await dispositions.find({ tenantId, dispositionId, limit: 1 });
      if (entry === undefined) return one;
      const { optionId, name } = entry.disposition;
      return { ...one, disposition: { optionId, name } };
    }),
  );
  await cards.change(ref, (state) => {
    if (state === undefined) return { state, result: undefined };
    const next = { ...state, past: pastOf([...state.past, ...told], [state.cardId, ...state.merged]) };
    return { state: changed(state, next, now()), result: undefined };
  });
}
