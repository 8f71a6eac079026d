import { z } from 'zod';
import { automationTestReply, automationTestRequest } from './automation-test.ts';
import { crmHealthReply, crmHealthRequest } from './crm-health.ts';
import {
  crmDescribeReply,
  crmDescribeRequest,
  crmListReply,
  crmListRequest,
  crmLogCallReply,
  crmLogCallRequest,
  crmSearchReply,
  crmSearchRequest,
  crmTestReply,
  crmTestRequest,
  crmUsersReply,
  crmUsersRequest,
} from './crm-rpc.ts';
import { destinationsReply, destinationsRequest, workQueuesReply } from './destination-report.ts';
import { memorializationPreviewReply, memorializationPreviewRequest } from './memorialization-preview.ts';
import { defineRpc, rpcPage } from './rpc-definition.ts';
import { frameCheck, frameCheckRequest, screenPop } from './screen-pop.ts';
import { secretRpc } from './secret-rpc.ts';
import { siteTestReply, siteTestRequest } from './site-test-rpc.ts';
import { token } from './tokens.ts';
import { crmDestination, deadLetter, delivery, workCause } from './work.ts';
import { runWorkflowReply, runWorkflowRequest, workflowRunReply, workflowRunRequest } from './workflow-run.ts';

export const deliveriesRequest = z.object({
  ...rpcPage,
  callId: token.optional(),
  destination: z.string().optional(),
  /** Of one kind of destination: sites, CRMs, … */
  kind: crmDestination.shape.kind.optional(),
  cause: workCause.optional(),
  state: delivery.shape.state.optional(),
  /** Planned at this time or after it, and before that one. */
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  /** Stands in the address, the name of the destination, the ids, or the last answer; capital letters do not matter. */
  text: z.string().min(1).max(200).optional(),
  /** Where the page before ended: its `next`. */
  after: z
    .string()
    .regex(/^\d{1,16}\.[\w.-]{1,512}$/, 'expected what the page before gave as `next`')
    .optional(),
});

/** `next`: there may be more, behind this. */
export const deliveriesReply = z.object({ deliveries: z.array(delivery), next: z.string().optional() });

/** `sequence`: where the letter lies, for who knows it; it need not be looked for then. */
const letterRequest = z.object({ tenantId: token, deadLetter, sequence: z.number().int().positive().optional() });

/** Verbs of what is sent to CRMs and sites, and of what they are asked. */
export const dispatcherRpc = {
  ...secretRpc,
  /** Runs a CRM workflow, or tells what became of a run. */
  runWorkflow: defineRpc('crm-dispatcher', 'run-workflow', runWorkflowRequest, runWorkflowReply),
  workflowRun: defineRpc('crm-dispatcher', 'workflow-run', workflowRunRequest, workflowRunReply),
  listDeliveries: defineRpc('crm-dispatcher', 'list-deliveries', deliveriesRequest, deliveriesReply),
  /** How the tenant's destinations do, over all replicas. */
  destinations: defineRpc('crm-dispatcher', 'destinations', destinationsRequest, destinationsReply),
  /** The queues of all services that hold work of the tenant. */
  workQueues: defineRpc('crm-dispatcher', 'work-queues', z.object({ tenantId: token }), workQueuesReply),
  testSite: defineRpc('crm-dispatcher', 'test-site', siteTestRequest, siteTestReply),
  /** @throws InvalidInput permanent `config_invalid` that names each field which is not as expected */
  testAutomation: defineRpc('crm-dispatcher', 'test-automation', automationTestRequest, automationTestReply),
  /** How the tenant's CRM configurations are, over all replicas. */
  crmHealth: defineRpc('crm-dispatcher', 'crm-health', crmHealthRequest, crmHealthReply),
  /**
   * Logs in to the CRM of a connection, looks for somebody, logs a call.
   * @throws Failure permanent `not_found` | InvalidInput permanent `config_invalid` that names each field of a draft
   */
  crmTest: defineRpc('crm-dispatcher', 'crm-test', crmTestRequest, crmTestReply),
  /** @throws Failure permanent `not_found`: there is no such connection. So do the two after it. */
  crmDescribe: defineRpc('crm-dispatcher', 'crm-describe', crmDescribeRequest, crmDescribeReply),
  crmSearch: defineRpc('crm-dispatcher', 'crm-search', crmSearchRequest, crmSearchReply),
  crmLogCall: defineRpc('crm-dispatcher', 'crm-log-call', crmLogCallRequest, crmLogCallReply),
  /** One page of the records of a module, or of the users, of the CRM of a connection. */
  crmList: defineRpc('crm-dispatcher', 'crm-list', crmListRequest, crmListReply),
  crmUsers: defineRpc('crm-dispatcher', 'crm-users', crmUsersRequest, crmUsersReply),
  /**
   * What a memorialization would write for a made-up conversation. Nothing is written; the CRM is asked how long its fields are.
   * @throws InvalidInput permanent `config_invalid` that names each field which is not as expected
   */
  previewMemorialization: defineRpc(
    'crm-dispatcher',
    'preview-memorialization',
    memorializationPreviewRequest,
    memorializationPreviewReply,
  ),
  /** What an agent's browser reads when it connects again. */
  screenPops: defineRpc(
    'crm-dispatcher',
    'screen-pops',
    z.object({ tenantId: token, agentId: token }),
    z.object({ pops: z.array(screenPop) }),
  ),
  /** @throws Failure permanent `not_found` */
  checkFrame: defineRpc('crm-dispatcher', 'check-frame', frameCheckRequest, frameCheck),
  /** Starts a new series of attempts for a dead piece of work. */
  replayJob: defineRpc(
    'crm-dispatcher',
    'replay-job',
    letterRequest,
    z.object({ outcome: z.enum(['replayed', 'gone']) }),
  ),
  /** Closes a dead piece of work for good: its delivery is marked as discarded. */
  discardJob: defineRpc(
    'crm-dispatcher',
    'discard-job',
    letterRequest.extend({ note: z.string().max(1024) }),
    z.object({ outcome: z.enum(['discarded']) }),
  ),
} as const;
