export {
  type AcwExtended,
  acwEnd,
  acwExtended,
  acwExtension,
  acwReasons,
  extendAcwBody,
  type OpenAcw,
  openAcw,
} from './acw-rpc.ts';
export * from './automation-run.ts';
export * from './automation-test.ts';
export * from './call-record.ts';
export * from './call-text.ts';
export * from './card.ts';
export type {
  ActOnCardRequest,
  CardAction,
  CardChoices,
  CardResultRequest,
  ChangeCardReply,
  ChangeCardRequest,
  NoteOnCardReply,
  NoteOnCardRequest,
} from './card-rpc.ts';
export { cardAction, cardChoices } from './card-rpc.ts';
export * from './config/agent.ts';
export type { AgentPresence, CrmPresence, PresentedState } from './config/agent-presence.ts';
export * from './config/api-token.ts';
export { type AskingTexts, askedInputs, isAskingName } from './config/asking-texts.ts';
export * from './config/automation.ts';
export { automationReferences } from './config/automation-references.ts';
export { type CallLogging, callLogging, loggedOutcomes } from './config/call-logging.ts';
export * from './config/campaign.ts';
export * from './config/campaign-of.ts';
export * from './config/common.ts';
export * from './config/contact-database.ts';
export * from './config/crm-connection.ts';
export { type CrmQuota, quotaPeriods } from './config/crm-limits.ts';
export { type CrmOperation, crmOperations } from './config/crm-request-rules.ts';
export { type DescribedAnswer, type DescribedCrm, type DescribedRequest, describedCrm } from './config/crm-requests.ts';
export * from './config/crm-workflow.ts';
export * from './config/data-mapping.ts';
export * from './config/external-site.ts';
export { type SiteProblem, siteProblems, urlTemplateProblem } from './config/external-site-rules.ts';
export * from './config/flow.ts';
export * from './config/flow-graph.ts';
export * from './config/flow-modules.ts';
export * from './config/form.ts';
export { frameOrigin } from './config/frame-origin.ts';
export * from './config/identification.ts';
export * from './config/identity-provider.ts';
export * from './config/list-template.ts';
export * from './config/mail-server.ts';
export * from './config/memorialization.ts';
export { type DataItem, dataItems, openItems } from './config/memorialization-items.ts';
export * from './config/pattern.ts';
export * from './config/references.ts';
export * from './config/registry.ts';
export * from './config/routing-rule.ts';
export { dialledDigits, ruleOfDialled } from './config/routing-rule-rules.ts';
export * from './config/site-authentication.ts';
export * from './config/site-parameter.ts';
export * from './config/tenant.ts';
export * from './config/trigger.ts';
export { type PlacedTriggerUse, triggerUses } from './config/trigger-uses.ts';
export * from './config/user.ts';
export type { ValueTemplate } from './config/variable-templates.ts';
export * from './contact.ts';
export * from './contact-import.ts';
export { type CrmHealth, crmHealth, crmHealthReply, crmHealthRequest } from './crm-health.ts';
export * from './crm-record.ts';
export * from './crm-rpc.ts';
export * from './define-event.ts';
export * from './desk.ts';
export * from './digital.ts';
export { type ActOnDigitalRequest, type DigitalAction, digitalAction } from './digital-rpc.ts';
export * from './disposition.ts';
export * from './envelope.ts';
export * from './events/registry.ts';
export * from './failure.ts';
export * from './issue-rule.ts';
export * from './json-text.ts';
export * from './mail-address.ts';
export * from './memorialization-preview.ts';
export * from './memorialization-step.ts';
export * from './names.ts';
export * from './parties.ts';
export * from './pbx-command.ts';
export * from './retry.ts';
export * from './rpc.ts';
export * from './screen-pop.ts';
export * from './session.ts';
export * from './session-data.ts';
export * from './session-rpc.ts';
export * from './template.ts';
export * from './tokens.ts';
export * from './work.ts';
export * from './workflow-run.ts';
