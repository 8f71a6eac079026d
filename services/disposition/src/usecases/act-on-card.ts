import { InvalidInput } from '@patchcord/bus';
import { type ActOnCardRequest, type Campaign, type CardAction, Failure } from '@patchcord/contracts';
import { type CardState, changed, withAskedRun } from '../domain/card.ts';
import { type CardConfig, connectionsOf, searchByEmail, searchByNumber, searchWorkflow } from '../domain/card-plan.ts';
import type { CardSchedule } from '../domain/card-ports.ts';
import { type CardRun, runIdOf } from '../domain/card-run.ts';
import type { CardChange } from './change-card-state.ts';
import { demandSeen } from './use-card.ts';

export interface ActOnCardOptions {
  readonly cards: Pick<CardChange, 'change'>;
  readonly schedule: Pick<CardSchedule, 'recover'>;
  readonly campaign: (tenantId: string, campaignId: string | undefined) => Campaign | undefined;
  readonly configOf: (tenantId: string) => CardConfig;
  readonly now: () => number;
}

export type ActOnCard = (request: ActOnCardRequest) => Promise<string[]>;

/**
 * Starts what an agent asks for: a further search, an entry in the timeline, a record. It is done beside; the card tells
 * what comes of it. The same request again starts nothing.
 *
 * @throws Failure permanent `not_found` | `no_connection` | `no_workflow` | `no_number`
 */
export function createActOnCard({ cards, schedule, campaign, configOf, now }: ActOnCardOptions): ActOnCard {
  return async ({ action, by, requestId, ...address }) => {
    const { tenantId, cardId } = address;
    await schedule.recover({ tenantId, cardId });
    return cards.change(address, (known) => {
      const before = demandSeen(known, address);
      const at = new Date(now()).toISOString();
      const start: Start = (what, rest) => ({
        ...rest,
        runId: runIdOf(before.cardId, 'request', requestId, what),
        at,
        by: by.kind,
        byId: by.id,
      });
      const asked: Asked = {
        state: before,
        campaign: campaign(tenantId, before.campaignId),
        config: configOf(tenantId),
        start,
      };
      const runs = runsOf(action, asked);
      const state = changed(before, runs.reduce(withAskedRun, before), now());
      return { state, result: runs.map(({ runId }) => runId) };
    });
  };
}

type Common = 'runId' | 'at' | 'by' | 'byId';
type Rest = CardRun extends infer Run ? (Run extends CardRun ? Omit<Run, Common> : never) : never;
type Start = (what: string, rest: Rest) => CardRun;

interface Asked {
  readonly state: CardState;
  readonly campaign: Campaign | undefined;
  readonly config: CardConfig;
  readonly start: Start;
}

function runsOf(action: CardAction, asked: Asked): CardRun[] {
  switch (action.kind) {
    case 'search':
      return searchRuns(action, asked);
    case 'timeline':
      return [workflowRun(asked, asked.campaign?.workflows?.timeline, ['timeline'], { text: action.text })];
    case 'memorialize': {
      const { kind: _, ...input } = action;
      return [workflowRun(asked, asked.campaign?.workflows?.memorialize, ['timeline', 'update'], input)];
    }
    case 'create': {
      const input = action.values === undefined ? {} : { values: action.values };
      return [workflowRun(asked, action.workflow, ['create', 'create-custom'], input)];
    }
  }
}

function searchRuns(action: Extract<CardAction, { kind: 'search' }>, asked: Asked): CardRun[] {
  const { state, campaign, config, start } = asked;
  const { phoneNumber, search } = action;
  if (action.workflow !== undefined) return [askedSearch(action, asked)];
  if (search !== undefined) {
    const connection = onlyConnection(action.connection, asked);
    const { entity: module, filter: expression } = search;
    const name = `Search in ${module}`;
    return [start(connection, { kind: 'filter', name, connection, module, expression, source: 'search' })];
  }
  const workflow = phoneNumber === undefined ? searchWorkflow(state, campaign, config) : undefined;
  if (workflow !== undefined && action.connection === undefined) {
    const input = state.number === undefined ? {} : { phoneNumber: state.number };
    return [start(workflow.id, { kind: 'workflow', name: workflow.name, workflowId: workflow.id, input })];
  }
  const number = phoneNumber ?? state.number;
  const address = state.email;
  if (number === undefined && address !== undefined)
    return connections(action.connection, asked).map((connection) =>
      start(connection, { kind: 'email', name: searchByEmail, connection, address }),
    );
  if (number === undefined) throw noNumber();
  return connections(action.connection, asked).map((connection) =>
    start(connection, { kind: 'phone', name: searchByNumber, connection, number }),
  );
}

const searchTypes = ['search-by-phone', 'search', 'dynamic-search'] as const;

function askedSearch(
  { workflow, phoneNumber, search }: Extract<CardAction, { kind: 'search' }>,
  asked: Asked,
): CardRun {
  const number = phoneNumber ?? asked.state.number;
  return workflowRun(asked, workflow, searchTypes, {
    ...(number === undefined ? {} : { phoneNumber: number }),
    ...(search === undefined ? {} : { search }),
  });
}

function connections(named: string | undefined, { campaign, config }: Asked): string[] {
  const all = named === undefined ? connectionsOf(campaign, config) : [named];
  const known = all.filter((id) => config['crm-connection'].has(id));
  if (known.length > 0) return known;
  const remedy =
    named === undefined ? 'expected the id of a CRM connection' : `expected the id of a CRM connection, not "${named}"`;
  throw new InvalidInput('no_connection', 'there is no CRM that could be searched', [
    { path: 'connection', message: remedy },
  ]);
}

function onlyConnection(named: string | undefined, asked: Asked): string {
  const [first, ...others] = connections(named, asked);
  if (first !== undefined && others.length === 0) return first;
  throw new InvalidInput('no_connection', 'there are several CRMs that could be searched', [
    { path: 'connection', message: 'expected the id of the CRM connection whose query language this is' },
  ]);
}

type Input = Extract<CardRun, { kind: 'workflow' }>['input'];

function workflowRun(
  { config, start }: Asked,
  id: string | undefined,
  types: readonly string[],
  input: Input,
): CardRun {
  const workflow = id === undefined ? undefined : config['crm-workflow'].get(id);
  if (workflow === undefined || !workflow.enabled || !types.includes(workflow.type)) throw noWorkflow(id, types);
  return start(workflow.id, { kind: 'workflow', name: workflow.name, workflowId: workflow.id, input });
}

function noWorkflow(id: string | undefined, types: readonly string[]): Failure {
  const kinds = types.map((type) => `"${type}"`).join(' or ');
  return id === undefined
    ? new Failure('permanent', 'no_workflow', `the campaign of the card names no workflow of the type ${kinds}`)
    : new InvalidInput('no_workflow', `"${id}" cannot be started here`, [
        { path: 'workflow', message: `expected the id of an enabled workflow of the type ${kinds}` },
      ]);
}

const noNumber = (): Failure =>
  new InvalidInput('no_number', 'the number of the customer is not known', [
    { path: 'phoneNumber', message: 'expected a number to search for' },
  ]);
