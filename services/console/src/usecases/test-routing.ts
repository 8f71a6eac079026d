import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import type { Contacts } from '@patchcord/contacts';
import {
  type Campaign,
  type ContactMatch,
  campaignOf,
  Failure,
  type RouteDestination,
  type RoutingDecision,
  type RoutingInput,
  type RoutingRule,
  rpc,
  ruleOfDialled,
  type TenantConfig,
} from '@patchcord/contracts';
import { contactDatabaseOf } from './contact-database.ts';

export interface TestRoutingDeps {
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly contacts: Contacts;
}

/** A caller as he would come now; `rule`: as if a dialplan named it, otherwise the one of the dialled number. */
export interface RoutingTrial {
  readonly tenantId: string;
  readonly rule?: string | undefined;
  readonly ani: string;
  readonly dnis?: string | undefined;
  readonly dtmf?: string | undefined;
}

export interface RoutingVerdict {
  /** Absent: the dialled number is of no rule, so nothing is asked and the dialplan goes on as it is. */
  readonly rule?: Pick<RoutingRule, 'id' | 'name' | 'rows' | 'on' | 'budgetMs'> & {
    readonly default: RouteDestination;
  };
  readonly decision?: RoutingDecision;
  /** The campaign that the call belongs to where the decision sends it. */
  readonly campaign?: Pick<Campaign, 'id' | 'name'>;
  /** Whom the campaign's contact database knows by this number. */
  readonly known?: { readonly database: string; readonly match?: ContactMatch; readonly contacts: number };
}

/** More than the budget: the decider keeps to that itself. */
const graceMs = 2000;

/**
 * What would happen to this caller now. The CRM is really asked, as for a call; nothing is written, since there is no call.
 *
 * @throws Failure permanent `not_found`: there is no such rule
 */
export async function testRouting(deps: TestRoutingDeps, trial: RoutingTrial): Promise<RoutingVerdict> {
  const config = deps.config.tenant(trial.tenantId);
  const rule = ruleOf(config, trial);
  const decision = rule === undefined ? undefined : await decide(deps, rule, trial);
  const campaign = campaignFor(config, trial, decision);
  const known = campaign?.database === undefined ? undefined : await knownIn(deps, trial, campaign.database);
  return {
    ...(rule === undefined ? {} : { rule: shown(rule) }),
    ...(decision === undefined ? {} : { decision }),
    ...(campaign === undefined ? {} : { campaign: { id: campaign.id, name: campaign.name } }),
    ...(known === undefined ? {} : { known }),
  };
}

function ruleOf(config: TenantConfig, { rule, dnis }: RoutingTrial): RoutingRule | undefined {
  if (rule === undefined) return dnis === undefined ? undefined : ruleOfDialled(config['routing-rule'], dnis);
  const named = config['routing-rule'].get(rule);
  if (named === undefined) throw new Failure('permanent', 'not_found', `there is no routing-rule "${rule}"`);
  return named;
}

const decide = (
  { bus }: TestRoutingDeps,
  { id, budgetMs }: RoutingRule,
  { tenantId, ani, dnis, dtmf }: RoutingTrial,
): Promise<RoutingDecision> => {
  const input: RoutingInput = {
    ani,
    ...(dnis === undefined ? {} : { dnis }),
    ...(dtmf === undefined ? {} : { dtmf }),
  };
  return callRpc(bus, rpc.decideRoute, { tenantId, ruleId: id, input }, { timeoutMs: budgetMs + graceMs });
};

function campaignFor(config: TenantConfig, { dnis }: RoutingTrial, decision: RoutingDecision | undefined) {
  const queue = decision?.destination.type === 'queue' ? decision.destination.target : undefined;
  const queues = queue === undefined ? [] : [{ queue, enteredAt: new Date(0).toISOString() }];
  return campaignOf(config, { queues, ...(dnis === undefined ? {} : { dnis }) });
}

async function knownIn({ config, contacts }: TestRoutingDeps, { tenantId, ani }: RoutingTrial, database: string) {
  const found = await contacts.find(contactDatabaseOf(config, tenantId, database), ani);
  return {
    database,
    contacts: found.contacts.length,
    ...(found.match === undefined ? {} : { match: found.match }),
  };
}

const shown = ({ id, name, rows, default: { type, target }, on, budgetMs }: RoutingRule) => ({
  id,
  name,
  rows,
  default: { type, target },
  on,
  budgetMs,
});
