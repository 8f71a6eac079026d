import {
  type AutomationAction,
  type DispatchJob,
  type EventJob,
  maxCustomEventDepth,
  type RequestJob,
  sessionKeyProblem,
  sessionValueProblem,
  type VariablesJob,
} from '@patchcord/contracts';
import { renderBounded, renderHttpAction, renderValue, renderWorkflowInput } from '@patchcord/expressions';
import { outcomeChange } from './answer.ts';
import { renderMail } from './automation-mail.ts';
import { type AutomationRun, campaignOfHappening, destinationOf } from './automation-runs.ts';
import { defined } from './defined.ts';
import { outcomeJob } from './outcome-job.ts';
import { tokenOf } from './token-of.ts';

/** What a run comes to. */
export interface PlannedJob {
  /** Absent when there is nothing that it could do. */
  readonly job?: DispatchJob;
  /** What is missing, by names and without values. */
  readonly notes: readonly string[];
}

type Action<Type extends AutomationAction['type']> = Extract<AutomationAction, { readonly type: Type }>;

/** The work of an automation: what is sent is settled now, whatever changes until it is sent. */
export function automationJob(run: AutomationRun): PlannedJob {
  const { action } = run.automation;
  switch (action.type) {
    case 'http':
      return httpJob(run, action);
    case 'set-variables':
      return variablesJob(run, action);
    case 'crm-workflow':
      return workflowJob(run, action);
    case 'email': {
      const { mail, unsendable, notes } = renderMail(action, run.scope);
      return { job: { ...common(run), kind: 'mail', mail, ...defined({ unsendable }) }, notes };
    }
    case 'event':
      return eventJob(run, action);
  }
}

function common({ automation, happening, workId, waitedFor, notAfter }: AutomationRun) {
  const { tenantId, callId, identity, at } = happening;
  return {
    workId,
    tenantId,
    ...defined({ callId, interactionId: identity.interactionId, notAfter }),
    destination: destinationOf(automation),
    cause: 'automation',
    occurredAt: at,
    series: 1,
    automation: { id: automation.id, ...defined({ run: waitedFor }) },
  } as const;
}

function httpJob(run: AutomationRun, action: Action<'http'>): { job: RequestJob; notes: readonly string[] } {
  const rendered = renderHttpAction(action, run.scope);
  if (!rendered.ok) return { job: unsendableRequest(run, action, rendered), notes: [] };
  const { url } = rendered.value;
  if (!URL.canParse(url)) {
    const problem = { parameter: 'url', message: 'with these values its URL is none' };
    return { job: unsendableRequest(run, action, problem), notes: rendered.notes };
  }
  return { job: { ...common(run), kind: 'request', ...rendered.value }, notes: rendered.notes };
}

function unsendableRequest(
  run: AutomationRun,
  { method, url }: Action<'http'>,
  { parameter, message }: { readonly parameter: string; readonly message: string },
): RequestJob {
  // What stands in place of a placeholder would not be a URL; in the host there is none.
  const origin = /^https?:\/\/[^/?#]+/i.exec(url)?.[0] ?? '';
  const where = URL.canParse(origin) ? new URL(origin).href : 'http://invalid.invalid/';
  return { ...common(run), kind: 'request', method, url: where, headers: {}, unsendable: { parameter, message } };
}

function variablesJob(run: AutomationRun, { variables }: Action<'set-variables'>): PlannedJob {
  const { callId } = run.happening;
  if (callId === undefined) return { notes: ['there is no call whose variables could be set'] };
  const changes = Object.fromEntries(
    Object.entries(variables).map(([name, template]) => [name, renderValue(template, run.scope)]),
  );
  const problem = changesProblem(changes);
  const facts = { ...common(run), callId, kind: 'variables' } as const;
  if (problem === undefined) return { job: { ...facts, changes }, notes: [] };
  return { job: { ...facts, changes: {}, unsendable: problem }, notes: [] };
}

function changesProblem(changes: Readonly<Record<string, unknown>>): VariablesJob['unsendable'] {
  for (const [name, value] of Object.entries(changes)) {
    const problem = sessionKeyProblem(name) ?? sessionValueProblem(value);
    if (problem !== undefined) return { parameter: name, message: `the variable "${name}": expected ${problem}` };
  }
  return undefined;
}

/** A timeline's entry is one of its own: what is written after the call is another one. */
function workflowJob(run: AutomationRun, { workflow, input: templates }: Action<'crm-workflow'>): PlannedJob {
  const { happening, session, config } = run;
  const rendered = renderWorkflowInput(templates, run.scope);
  const campaignId = campaignOfHappening(config, happening)?.id;
  const { disposition, identity } = happening;
  const entry = { key: recordIdOf(run), revision: identity.revision ?? 1, ...defined({ campaignId, disposition }) };
  const job = { ...common(run), kind: 'workflow', workflowId: workflow, entry, ...defined({ session }) } as const;
  if (rendered.ok) return { job: { ...job, input: rendered.value }, notes: [] };
  return { job: { ...job, input: {}, unsendable: { parameter: 'input', message: rendered.message } }, notes: [] };
}

const maxTokenLength = 128;

function recordIdOf({ happening, automation }: AutomationRun): string {
  const readable = ['a', happening.identity.callId, automation.id, happening.entry.replaceAll('.', '-')].join('-');
  return readable.length <= maxTokenLength ? readable : `a-${tokenOf(readable)}`;
}

function eventJob(run: AutomationRun, { name, values }: Action<'event'>): { job?: EventJob; notes: readonly string[] } {
  const { happening, session, scope } = run;
  const depth = happening.depth + 1;
  if (depth > maxCustomEventDepth)
    return { notes: [`it is not told: ${maxCustomEventDepth} events have set each other off already`] };
  const notes: string[] = [];
  const told = renderBounded(values, scope, notes);
  const event = { name, values: told, depth, ...defined({ callId: happening.callId, session }) };
  return { job: { ...common(run), kind: 'event', event }, notes };
}

/** What a flow is told when its automation does nothing; undefined where no flow waits. */
export function skippedJob(run: AutomationRun): VariablesJob | undefined {
  const facts = common(run);
  const { id, run: waitedFor } = facts.automation;
  if (waitedFor === undefined) return undefined;
  return outcomeJob(facts, 'skipped', outcomeChange(id, { run: waitedFor, outcome: 'skipped' }));
}
