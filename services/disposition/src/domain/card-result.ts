import type { CardActivity, CardResultRequest, CrmHit, CrmWorkflowType } from '@patchcord/contracts';
import { type CardState, changed } from './card.ts';
import { activitiesOf } from './card-activities.ts';
import { type CardConfig, withAccountSearches } from './card-plan.ts';
import { isSure, withRecords } from './card-records.ts';

export interface CardResult {
  readonly run: Pick<CardActivity, 'runId' | 'workflowId' | 'name' | 'at' | 'by'>;
  readonly reply: CardResultRequest['reply'];
  /** Of a search for others of an account. */
  readonly sameAccount?: boolean;
}

export interface ResultRules {
  readonly config: CardConfig;
  /** Whether one record that surely is meant is pinned by itself. */
  readonly pinSingleMatch: boolean;
  /** ms since epoch. */
  readonly now: number;
}

/** What a run brought, onto the card. The same again changes nothing; of two of one run the one that says more stays. */
export function withResult(
  state: CardState,
  told: CardResult,
  { config, pinSingleMatch, now }: ResultRules,
): CardState {
  // Times are compared as texts.
  const result = { ...told, run: { ...told.run, at: new Date(told.run.at).toISOString() } };
  const activity = activityOf(result);
  const withActivity = { ...state, activities: activitiesOf([...state.activities, activity]) };
  const brought = broughtBy(result, config, pinSingleMatch);
  const withHits = brought === undefined ? withActivity : withRecords(withActivity, brought);
  const hits = result.sameAccount === true ? [] : (brought?.hits ?? []);
  return changed(state, withAccountSearches(withHits, hits, { config, at: result.run.at }), now);
}

function broughtBy({ run, reply, sameAccount }: CardResult, config: CardConfig, pinSingleMatch: boolean) {
  const { at, by } = run;
  if (reply.outcome === 'found') {
    const source = sameAccount === true ? ('same-account' as const) : ('search' as const);
    const byItself = pinSingleMatch && sameAccount !== true && by !== 'agent' && by !== 'api' && by !== 'after-call';
    return { hits: reply.records, source, at, pins: byItself ? singleMatches(reply.records) : () => false };
  }
  if (reply.outcome !== 'written' || by === 'after-call') return undefined;
  const type = config['crm-workflow'].get(run.workflowId ?? '')?.type;
  if (type === 'timeline') return undefined;
  const isNew = makes(type);
  return { hits: [reply.record], source: isNew ? ('created' as const) : ('search' as const), at, pins: () => isNew };
}

/** A workflow that was taken out of the configuration since has most likely made what it wrote. */
const makes = (type: CrmWorkflowType | undefined): boolean => type !== 'update';

/** Of each connection the one that surely is meant, if there is no other. Nobody is chosen for the agent. */
function singleMatches(records: readonly CrmHit[]): (hit: CrmHit) => boolean {
  const sure = records.filter(isSure);
  const single = (hit: CrmHit): boolean => sure.filter(({ connection }) => connection === hit.connection).length === 1;
  return (hit) => isSure(hit) && single(hit);
}

function activityOf({ run, reply }: CardResult): CardActivity {
  const { runId, workflowId, name, at, by } = run;
  const which = workflowId === undefined ? {} : { workflowId };
  return { runId, ...which, name, at, by, outcome: reply.outcome, text: textOf(reply).slice(0, 1000) };
}

function textOf(reply: CardResult['reply']): string {
  switch (reply.outcome) {
    case 'running':
      return '';
    case 'found':
      return reply.records.length === 1 ? '1 record' : `${reply.records.length} records`;
    case 'written':
      return reply.record.name === '' ? `${reply.record.module} ${reply.record.id}` : reply.record.name;
    case 'unable':
      return reply.message;
    case 'failed':
      return reply.failure.message;
    case 'timeout':
      return 'no answer in time';
  }
}
