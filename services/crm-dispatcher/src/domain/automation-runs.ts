import {
  type Automation,
  type Campaign,
  type CrmDestination,
  campaignOf,
  type Session,
  type TenantConfig,
  workIdOf,
} from '@patchcord/contracts';
import { callScope, evaluateUse, type Scope, valuesScope } from '@patchcord/expressions';
import { defined } from './defined.ts';
import { regionOf } from './facts.ts';
import type { Happening } from './happenings.ts';
import { tokenOf } from './token-of.ts';

/** An automation that something sets off. */
export interface AutomationRun {
  readonly config: TenantConfig;
  readonly automation: Automation;
  readonly happening: Happening;
  /** The call as those before it leave it; absent where there is none. */
  readonly session: Session | undefined;
  readonly scope: Scope;
  /** What a flow waits for. */
  readonly waitedFor: string | undefined;
  readonly workId: string;
  /** From then on it is given up (RFC 3339). */
  readonly notAfter: string | undefined;
}

/**
 * What texts and triggers get their values from: the call at that moment, and what is known of what happened.
 *
 * @param made values by full name that go before all others, of a test
 */
export function scopeOf(
  config: TenantConfig,
  happening: Happening,
  session: Session | undefined,
  made: Readonly<Record<string, unknown>> = {},
): Scope {
  const { at, event, interaction, agentId } = happening;
  const named = { ...happening.values, name: event, at };
  const values = {
    ...Object.fromEntries(Object.entries(named).map(([name, value]) => [`event.${name}`, value])),
    ...agentValues(config, agentId),
    ...made,
  };
  if (session === undefined) return valuesScope(values);
  return callScope(session, { values, now: Date.parse(at), region: regionOf(config), ...defined({ interaction }) });
}

function agentValues(config: TenantConfig, agentId: string | undefined): Record<string, unknown> {
  if (agentId === undefined) return {};
  return { 'agent.id': agentId, ...defined({ 'agent.name': config.agent.get(agentId)?.name }) };
}

/** Why an automation does nothing; undefined: it is to run. */
export function whyNot(automation: Automation, run: Pick<AutomationRun, 'config' | 'happening' | 'scope'>) {
  const { enabled, campaigns, when } = automation;
  if (!enabled) return 'it is switched off';
  const campaign = campaigns.length === 0 ? undefined : campaignOfHappening(run.config, run.happening);
  if (campaigns.length > 0 && (campaign === undefined || !campaigns.includes(campaign.id)))
    return 'the call is of another campaign';
  if (when === undefined || evaluateUse(when, run.config.trigger, run.scope).fires) return undefined;
  return 'its trigger did not fire';
}

/** Whose call, or contact, it is about. */
export function campaignOfHappening(
  config: TenantConfig,
  { campaignId, session }: Pick<Happening, 'campaignId' | 'session'>,
): Campaign | undefined {
  if (campaignId !== undefined) return config.campaign.get(campaignId);
  return session === undefined ? undefined : campaignOf(config, session);
}

/** Where the work of an automation goes. */
export function destinationOf({ id, action }: Automation): CrmDestination {
  switch (action.type) {
    case 'email':
      return { kind: 'mail', id: action.server };
    default:
      return { kind: 'automation', id };
  }
}

/** The longest part of an id that people can still read. */
const maxOccurrence = 128;

/** Several automations may share one mail server or CRM connection: then their own ids tell their work apart. */
export function automationWorkId(automation: Automation, { event, identity }: Happening): string {
  const destination = destinationOf(automation);
  const { callId, interactionId, revision } = identity;
  const own = destination.kind === 'automation' ? undefined : automation.id;
  // A passage has a name that no event has.
  const what = event === 'flow.passed' ? undefined : event.replace('.', '-');
  const occurrence = [own, what, identity.occurrence].filter((part) => part !== undefined).join('.');
  return workIdOf({
    callId,
    destination,
    cause: 'automation',
    interactionId,
    revision,
    occurrence: occurrence.length > maxOccurrence ? tokenOf(occurrence) : occurrence,
  });
}
