import { callRecordsOf } from '@patchcord/call-model';
import type {
  CallRecord,
  CrmConnection,
  CrmWorkflow,
  RecordJob,
  RunWorkflowRequest,
  Session,
  TenantConfig,
  WorkflowJob,
} from '@patchcord/contracts';
import { callScope, type Scope, valuesScope } from '@patchcord/expressions';
import { callEntryOf } from './call-entry.ts';
import { defined } from './defined.ts';
import { regionOf } from './facts.ts';
import type { WorkflowStart } from './plan-workflow.ts';
import { tokenOf } from './token-of.ts';
import type { TimelinePlan } from './workflow-plan.ts';

/** What an automation knows of the entry that it has written. */
export type KnownEntry = NonNullable<WorkflowJob['entry']>;

interface Starting {
  readonly config: TenantConfig;
  readonly workflow: CrmWorkflow;
  readonly connection: CrmConnection;
  readonly request: RunWorkflowRequest;
  readonly session: Session | undefined;
  readonly entry: KnownEntry | undefined;
  /** ms since 1970. */
  readonly now: number;
}

export function workflowStart(starting: Starting): WorkflowStart {
  const { config, workflow, connection, request, session } = starting;
  const scope = scopeOf(starting);
  return { config, workflow, connection, input: request.input, session, scope, entry: () => entryOf(starting) };
}

/** Every value of the call, and what the workflow was started with as `input`. */
function scopeOf({ config, request, session, now }: Starting): Scope {
  const values = { input: request.input };
  if (session === undefined) return valuesScope(values);
  const interaction = session.interactions.find((one) => one.interactionId === request.interactionId);
  return callScope(session, { values, now, region: regionOf(config), ...defined({ interaction }) });
}

/** Of this run alone, unless somebody else names it. */
const keyOf = ({ entry, workflow, request }: Starting): string =>
  entry?.key ?? `w-${tokenOf(`${workflow.id} ${request.runId}`)}`;

function entryOf(starting: Starting): TimelinePlan['entry'] {
  const record = recordOf(starting);
  const at = new Date(starting.now).toISOString();
  const key = keyOf(starting);
  if (record === undefined) {
    const { text = '' } = starting.request.input;
    const said = { subject: starting.workflow.name, notes: text, outcome: 'answered' } as const;
    return { key, ...said, direction: 'inbound', startedAt: at, endedAt: at, durationSeconds: 0 };
  }
  const { about: _, fields: __, ...entry } = callEntryOf({ ...record, recordId: key }, [], at);
  const userId = userOf(starting, record);
  return { ...entry, ...(userId === undefined ? {} : { userId }) };
}

/** The part of the interaction that it was started for, or the last one. */
function recordOf({ session, request, entry }: Starting): CallRecord | undefined {
  const records = session === undefined ? [] : callRecordsOf(session);
  const part = request.interactionId;
  const record = records.find(({ interactionId }) => part !== undefined && interactionId === part) ?? records.at(-1);
  if (record === undefined) return undefined;
  return { ...record, ...defined({ disposition: entry?.disposition, campaignId: entry?.campaignId }) };
}

/** The CRM's own id of the agent who spoke. */
function userOf({ config, connection: { agentSystem } }: Starting, { agent }: CallRecord): string | undefined {
  if (agentSystem === undefined || agent === undefined) return undefined;
  return config.agent.get(agent.agentId)?.externalIds[agentSystem];
}

/** The entry as work of its own: for a destination that takes whole records, and for the order of its revisions. */
export function entryJob(starting: Starting, plan: TimelinePlan): RecordJob | undefined {
  const record = recordOf(starting);
  if (record === undefined) return undefined;
  const { connection, request, entry, now } = starting;
  const { key, notes } = plan.entry;
  return {
    kind: 'record',
    workId: `${key}-${entry?.revision ?? 1}`,
    tenantId: request.tenantId,
    ...defined({ callId: request.callId, interactionId: request.interactionId }),
    destination: { kind: 'crm', id: connection.id },
    cause: 'automation',
    occurredAt: new Date(now).toISOString(),
    series: 1,
    record: { ...record, recordId: key, ...(notes === '' ? {} : { summary: notes }) },
    revision: entry?.revision ?? 1,
  };
}
