import { automationOutcomeKey } from '../automation-run.ts';
import { sessionKeyProblem } from '../session-data.ts';
import type { Automation } from './automation.ts';
import type { ConfigKind, TenantConfig } from './registry.ts';

/** What an automation names, by the field that names it. */
export function automationReferences(automation: Automation): { kind: ConfigKind; path: string; id: string }[] {
  const { when, campaigns, action } = automation;
  return [
    ...(when === undefined ? [] : [{ kind: 'trigger' as const, path: 'when.trigger', id: when.trigger }]),
    ...campaigns.map((id, i) => ({ kind: 'campaign' as const, path: `campaigns[${i}]`, id })),
    ...actionReferences(action),
  ];
}

function actionReferences(action: Automation['action']): { kind: ConfigKind; path: string; id: string }[] {
  switch (action.type) {
    case 'http':
      return action.authentication === undefined
        ? []
        : [{ kind: 'site-authentication', path: 'action.authentication', id: action.authentication }];
    case 'email':
      return [{ kind: 'mail-server', path: 'action.server', id: action.server }];
    case 'crm-workflow':
      return [{ kind: 'crm-workflow', path: 'action.workflow', id: action.workflow }];
    default:
      return [];
  }
}

/** Why a flow cannot wait for this automation as an HTTP action; undefined: it can, or there is none of that name. */
export function httpActionProblem(config: TenantConfig, id: string): string | undefined {
  const automation = config.automation.get(id);
  if (automation === undefined) return undefined;
  const { type } = automation.action;
  if (type !== 'http') return `an automation whose action is "http", not "${type}"`;
  // Its outcome is a variable that is named after it.
  const problem = sessionKeyProblem(automationOutcomeKey(id));
  return problem === undefined
    ? undefined
    : `an automation whose id makes ${problem}, after "${automationOutcomeKey('')}"`;
}
