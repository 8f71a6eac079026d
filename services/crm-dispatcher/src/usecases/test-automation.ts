import { randomUUID } from 'node:crypto';
import { type ConfigStore, InvalidInput } from '@patchcord/bus';
import {
  type Automation,
  type AutomationTestReply,
  type AutomationTestRequest,
  type AutomationWork,
  automationReferences,
  automation as automationSchema,
  type DispatchJob,
  destinationKey,
  type EventIssue,
  emptySession,
  eventIssues,
  Failure,
  queues,
  type TenantConfig,
} from '@patchcord/contracts';
import { mergeHeaders, type SiteAuthenticator } from '@patchcord/egress';
import type { Send } from '../adapters/sender.ts';
import { answerChanges } from '../domain/answer.ts';
import { automationJob } from '../domain/automation-jobs.ts';
import { type AutomationRun, destinationOf, scopeOf, whyNot } from '../domain/automation-runs.ts';
import { defined } from '../domain/defined.ts';
import { type Destination, findDestination } from '../domain/destinations.ts';
import type { Happening } from '../domain/happenings.ts';
import { masked } from '../domain/masked-request.ts';
import type { SendOutcome } from '../domain/send-outcome.ts';

export interface TestAutomationOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly send: Send;
  readonly authenticator: Pick<SiteAuthenticator, 'adds'>;
  readonly now: () => number;
}

/** @throws InvalidInput that names each field which is not as expected */
export type TestAutomation = (request: AutomationTestRequest) => Promise<AutomationTestReply>;

/** Shows what an automation would do, and does it if asked to. It is no work: there is no second attempt and no log. */
export function createTestAutomation(options: TestAutomationOptions): TestAutomation {
  return async (request) => {
    const config = options.config.tenant(request.tenantId);
    const run = runOf(config, checked(config, request.automation), request, options.now());
    const why = whyNot(run.automation, run);
    if (why !== undefined) return { outcome: 'skipped', why, notes: [] };
    const { job, notes } = automationJob(run);
    if (job === undefined) return { outcome: 'skipped', why: notes.join('; '), notes: [] };
    if ('unsendable' in job && job.unsendable !== undefined) {
      const failure = { class: 'permanent', code: 'parameter_missing', message: job.unsendable.message } as const;
      return { outcome: 'not-sent', failure, notes: [...notes] };
    }
    const marked = request.send ? markedAsTest(job) : job;
    const shown: AutomationTestReply = { outcome: 'rendered', work: workOf(marked, run, options), notes: [...notes] };
    return request.send ? { ...shown, ...(await done(options, marked, run, notes)) } : shown;
  };
}

function checked(config: TenantConfig, given: unknown): Automation {
  const parsed = automationSchema.safeParse(given);
  if (!parsed.success)
    throw refused(eventIssues(parsed.error).map(({ path, message }) => ({ path: under(path), message })));
  const missing = automationReferences(parsed.data).filter(({ kind, id }) => !config[kind].has(id));
  if (missing.length === 0) return parsed.data;
  throw refused(
    missing.map(({ kind, path, id }) => ({ path: under(path), message: `expected an existing ${kind}, not "${id}"` })),
  );
}

const under = (path: string): string => (path === '' ? 'automation' : `automation.${path}`);

const refused = (issues: readonly EventIssue[]): InvalidInput =>
  new InvalidInput('config_invalid', 'the automation is not as expected', issues);

function runOf(
  config: TenantConfig,
  automation: Automation,
  { tenantId, event, session: given, values }: AutomationTestRequest,
  now: number,
): AutomationRun {
  const session = given?.tenantId === tenantId ? given : emptySession({ tenantId, callId: 'c-sample' });
  const { callId } = session;
  const happening: Happening = {
    tenantId,
    event: (event ?? automation.on[0] ?? 'flow.passed') as Happening['event'],
    at: new Date(now).toISOString(),
    callId,
    session,
    identity: { callId },
    entry: `test.${now}`,
    values: {},
    depth: 0,
  };
  const workId = `test-${randomUUID()}`;
  const scope = scopeOf(config, happening, session, values);
  return { config, automation, happening, session, scope, workId, waitedFor: undefined, notAfter: undefined };
}

/** Of a workflow that belongs to no call, session and card are not told. */
function markedAsTest(job: DispatchJob): DispatchJob {
  if (job.kind === 'workflow') {
    const { callId: _, interactionId: __, entry: ___, ...rest } = job;
    return rest;
  }
  return job.kind === 'request' ? { ...job, headers: mergeHeaders(job.headers, { 'x-patchcord-test': '1' }) } : job;
}

function workOf(
  job: DispatchJob,
  { config, automation }: AutomationRun,
  options: TestAutomationOptions,
): AutomationWork {
  switch (job.kind) {
    case 'request':
      return { kind: 'request', request: masked(job, addedNames(options, config, automation)) };
    case 'variables':
      return { kind: 'variables', changes: job.changes };
    case 'mail':
      return { kind: 'mail', mail: job.mail };
    case 'workflow':
      return { kind: 'workflow', workflow: job.workflowId, input: job.input };
    case 'record':
    case 'presence':
      throw new Failure('defect', 'unexpected', `no automation writes a ${job.kind}`);
    case 'event':
      return { kind: 'event', name: job.event.name, values: job.event.values };
  }
}

function addedNames({ authenticator }: TestAutomationOptions, config: TenantConfig, { action }: Automation) {
  const id = action.type === 'http' ? action.authentication : undefined;
  const authentication = id === undefined ? undefined : config['site-authentication'].get(id);
  return authentication === undefined ? { headers: [], query: [] } : authenticator.adds(authentication);
}

/** A reply is one message on the bus. */
const maxBody = 64 * 1024;

async function done(
  { send }: TestAutomationOptions,
  job: DispatchJob,
  { config, automation }: AutomationRun,
  notes: readonly string[],
): Promise<Partial<AutomationTestReply> & Pick<AutomationTestReply, 'outcome'>> {
  const to = placeOf(job, automation, config);
  const outcome = to === undefined ? 'superseded' : await send(job, to, { jobId: job.workId, attempt: 1, series: 1 });
  if (outcome === 'superseded') return { outcome: 'not-sent' };
  const { status, body = '', durationMs } = outcome;
  const failure = outcome.ok ? undefined : outcome.failure.toData();
  const answer = status === undefined ? undefined : { status, body: body.slice(0, maxBody) };
  const told = answerOf(automation, outcome);
  return {
    outcome: outcome.ok || status !== undefined ? 'sent' : 'not-sent',
    durationMs: Math.round(durationMs),
    notes: [...notes, ...told.notes],
    ...defined({ answer, failure, changes: told.changes }),
  };
}

/** The automation need not be stored. */
function placeOf(job: DispatchJob, automation: Automation, config: TenantConfig): Destination | undefined {
  const { tenantId } = job;
  const destination = destinationOf(automation);
  if (destination.kind !== 'automation') return findDestination(tenantId, destination, config);
  const key = destinationKey(destination);
  return { tenantId, key, queue: queues.crmDispatch(tenantId, key), kind: 'automation', entity: automation };
}

function answerOf(
  { action }: Automation,
  outcome: SendOutcome,
): { readonly changes?: AutomationTestReply['changes']; readonly notes: readonly string[] } {
  if (!outcome.ok || action.type !== 'http' || action.answer === undefined) return { notes: [] };
  const { changes, notes } = answerChanges(action.answer, outcome.body);
  return { changes: { ...changes }, notes };
}
