import {
  type Campaign,
  type CrmHit,
  type CrmWorkflow,
  type MappedModule,
  mappedModulesOf,
  type TenantConfig,
} from '@patchcord/contracts';
import { agentsOf, type CardState, withRun } from './card.ts';
import { isSure } from './card-records.ts';
import { type CardRun, runIdOf } from './card-run.ts';

export type CardConfig = Pick<TenantConfig, 'crm-workflow' | 'crm-connection' | 'data-mapping' | 'memorialization'>;

export const searchByNumber = 'Search by number';
export const searchByEmail = 'Search by mail address';

/** Connections that a campaign has to do with, each once: those that its conversations are written to. */
export function connectionsOf(campaign: Campaign | undefined, config: CardConfig): string[] {
  const written = (campaign?.memorialize ?? []).map((id) => config.memorialization.get(id)?.connection);
  const all = [...written, ...(campaign?.records ?? [])].filter((id) => id !== undefined);
  return [...new Set(all)].filter((id) => config['crm-connection'].get(id)?.enabled === true);
}

/**
 * The searches that a card starts by itself, once each, when the conversation is offered to an agent: by the campaign's
 * workflow, or else by the number in its connections. Offered to agents of another campaign, it starts that one's.
 */
export function withFirstSearches(state: CardState, campaign: Campaign | undefined, config: CardConfig): CardState {
  if (agentsOf(state).length === 0) return state;
  const at = state.updatedAt;
  const started = firstRuns(state, campaign, config, at).reduce(
    (next, { name, run }) => withRun(next, name, run),
    state,
  );
  if (state.persons.length === 0) return started;
  const runId = runIdOf(state.cardId, 'past', ...state.persons);
  const run: CardRun = { kind: 'past', runId, name: 'Past interactions', at, by: 'card', persons: state.persons };
  return withRun(started, `past:${state.persons.join(',')}`, run);
}

interface Named {
  readonly name: string;
  readonly run: CardRun;
}

function firstRuns(state: CardState, campaign: Campaign | undefined, config: CardConfig, at: string): Named[] {
  const workflow = searchWorkflow(state, campaign, config);
  const { cardId, number, email } = state;
  if (workflow !== undefined) {
    const { id, name } = workflow;
    // A flow may have run it before anybody's phone rang.
    if (state.activities.some(({ workflowId }) => workflowId === id)) return [];
    const input = number === undefined ? {} : { phoneNumber: number };
    const runId = runIdOf(cardId, 'workflow', id);
    return [{ name: `workflow:${id}`, run: { kind: 'workflow', runId, name, at, by: 'card', workflowId: id, input } }];
  }
  const connections = connectionsOf(campaign, config);
  if (number === undefined) {
    const common = { kind: 'email', name: searchByEmail, at, by: 'card', address: email ?? '' } as const;
    return (email === undefined ? [] : connections).map((connection) => ({
      name: `email:${connection}`,
      run: { ...common, runId: runIdOf(cardId, 'email', connection), connection },
    }));
  }
  return connections.map((connection) => ({
    name: `phone:${connection}`,
    run: {
      kind: 'phone',
      runId: runIdOf(cardId, 'phone', connection),
      name: searchByNumber,
      at,
      by: 'card',
      connection,
      number,
    },
  }));
}

/** The campaign's search, if it can be run with what is known. */
export function searchWorkflow(
  { number }: Pick<CardState, 'number'>,
  campaign: Campaign | undefined,
  config: CardConfig,
): CrmWorkflow | undefined {
  const workflow = config['crm-workflow'].get(campaign?.workflows?.search ?? '');
  if (workflow?.enabled !== true) return undefined;
  switch (workflow.type) {
    case 'search-by-phone':
      return number !== undefined || workflow.number !== undefined ? workflow : undefined;
    case 'search':
      return workflow.module === undefined ? undefined : workflow;
    case 'dynamic-search':
      return workflow;
    default:
      return undefined;
  }
}

/** Searches for others of an account that one card starts by itself. A company may be on it, and its mother, and hers. */
const mostAccountSearches = 8;
const accountPrefix = 'account:';

/** Looks for who else belongs to the household or account of those that were found. */
export function withAccountSearches(
  state: CardState,
  hits: readonly CrmHit[],
  { config, at }: { readonly config: CardConfig; readonly at: string },
): CardState {
  return hits.filter(isSure).reduce((next, hit) => {
    const modules = mappedModulesOf(config['data-mapping'], hit.connection);
    const account = accountOf(hit, modules);
    if (account === undefined) return next;
    return modules.reduce((one, module) => withAccountSearch(one, { hit, module, account, at }), next);
  }, state);
}

interface AccountSearch {
  readonly hit: CrmHit;
  readonly module: MappedModule;
  readonly account: string | number;
  readonly at: string;
}

function withAccountSearch(state: CardState, { hit, module: mapped, account, at }: AccountSearch): CardState {
  const { module, label = module, account: field } = mapped;
  const started = state.asked.filter((name) => name.startsWith(accountPrefix)).length;
  if (field === undefined || started >= mostAccountSearches) return state;
  const { connection } = hit;
  const runId = runIdOf(state.cardId, 'account', connection, module, String(account));
  const run: CardRun = {
    kind: 'filter',
    runId,
    name: `Same account: ${label}`,
    at,
    by: 'card',
    connection,
    module,
    equals: { [field]: account },
    source: 'same-account',
  };
  return withRun(state, `${accountPrefix}${runId}`, run);
}

/** Some CRMs give a reference as its id, others as an object that holds it. */
function accountOf({ module, fields }: CrmHit, modules: readonly MappedModule[]): string | number | undefined {
  const field = modules.find((one) => one.module === module)?.account;
  const value = field === undefined || !Object.hasOwn(fields, field) ? undefined : fields[field];
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  if (typeof id === 'number') return id;
  return typeof id === 'string' && id.trim() !== '' && id.length <= 1024 ? id : undefined;
}
