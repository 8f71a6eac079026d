import { z } from 'zod';
import { automationTestReply, automationTestRequest } from './automation-test.ts';
import { cardRpc } from './card-rpc.ts';
import { routeDestination } from './config/routing-rule.ts';
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
import { dispositionEntry, dispositionValue } from './disposition.ts';
import { failureData } from './failure.ts';
import { rawNumber } from './parties.ts';
import { pbxCommand, pbxCommandReply } from './pbx-command.ts';
import { defineRpc, type RpcDefinition } from './rpc-definition.ts';
import { screenPop } from './screen-pop.ts';
import { readSessionReply, readSessionRequest, writeSessionReply, writeSessionRequest } from './session-rpc.ts';
import { token } from './tokens.ts';
import { deadLetter, delivery } from './work.ts';
import { runWorkflowReply, runWorkflowRequest, workflowRunReply, workflowRunRequest } from './workflow-run.ts';

export type { RpcDefinition } from './rpc-definition.ts';

/** What is known of a caller when a decision is asked for. */
export const routingInput = z.object({
  callId: token.optional(),
  ani: rawNumber.optional(),
  dnis: rawNumber.optional(),
  /** Digits collected by the greeting of an IVR. */
  dtmf: z
    .string()
    .regex(/^[0-9*#A-D]{1,64}$/, 'digits 0-9, *, #, A-D')
    .optional(),
});
export type RoutingInput = z.infer<typeof routingInput>;

export const routingRequest = z.object({
  tenantId: token,
  ruleId: token,
  input: routingInput,
  /** How long the caller can wait (ms), if less than the rule's own budget. */
  budgetMs: z.number().int().min(1).optional(),
});
export type RoutingRequest = z.infer<typeof routingRequest>;

/**
 * What of the CRM's answer was used: `value`, the `field`'s own key, the configured `path`, a JSON `scalar`, plain
 * `text`.
 */
export const answerPart = z.enum(['value', 'field', 'path', 'scalar', 'text']);
export type AnswerPart = z.infer<typeof answerPart>;

export const routingDecision = z.object({
  /** With `voicemail: yes` of the default destination its type is `voicemail`. */
  destination: routeDestination,
  /** What the default destination says of its voicemail; absent: nothing, or it was another destination. */
  voicemail: z.enum(['yes', 'no']).optional(),
  /** `matched`: a row; everything else says why there is none. */
  outcome: z.enum(['matched', 'no-rule', 'not-found', 'timeout', 'error']),
  /** 0-based index of the row that matched. */
  row: z.number().int().nonnegative().optional(),
  /** The value that the CRM gave. */
  value: z.string().optional(),
  read: answerPart.optional(),
  /** The CRM was not asked: its answer to the same question before was used. */
  cached: z.literal(true).optional(),
  /** The CRM was asked when the call was offered: `durationMs` is what was left to wait for. */
  prefetched: z.literal(true).optional(),
  /** For a person: why this destination. */
  reason: z.string(),
  durationMs: z.number().nonnegative(),
});
export type RoutingDecision = z.infer<typeof routingDecision>;

export const lookupRequest = z.object({
  tenantId: token,
  /** The rule whose custom CRM is asked; its address and headers stay in the dispatcher. */
  ruleId: token,
  input: routingInput,
  /** An answer after this many ms is of no use to anybody. */
  budgetMs: z.number().int().min(1),
});
export type LookupRequest = z.infer<typeof lookupRequest>;

export const lookupReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('found'),
    value: z.string(),
    read: answerPart.optional(),
    durationMs: z.number(),
  }),
  z.object({ outcome: z.literal('not-found'), durationMs: z.number() }),
  z.object({ outcome: z.literal('failed'), failure: failureData, durationMs: z.number() }),
]);
export type LookupReply = z.infer<typeof lookupReply>;

export const identifyRequest = z.object({
  tenantId: token,
  /** The node whose service is asked; its address and credentials stay in the dispatcher. */
  identificationId: token,
  /** What the caller entered. */
  digits: z.string().regex(/^[0-9*#A-D]{1,64}$/, 'digits 0-9, *, #, A-D'),
  callId: token.optional(),
  ani: rawNumber.optional(),
  dnis: rawNumber.optional(),
  /** An answer after this many ms is of no use to anybody. */
  budgetMs: z.number().int().min(1),
});
export type IdentifyRequest = z.infer<typeof identifyRequest>;

export const identifyReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    status: z.enum(['ok', 'fail']),
    /** As the service said it: `true`, `false`, `X,Y`; empty where it said none. */
    destination: z.string(),
    durationMs: z.number(),
  }),
  z.object({ outcome: z.literal('failed'), failure: failureData, durationMs: z.number() }),
]);
export type IdentifyReply = z.infer<typeof identifyReply>;

export const dispositionRequest = z.object({
  tenantId: token,
  interactionId: token,
  /** Default: the agent of the interaction. */
  agentId: token.optional(),
  disposition: dispositionValue.omit({ name: true }),
  /** Only if this agent took part in it. */
  onlyOf: token.optional(),
});
export type DispositionRequest = z.infer<typeof dispositionRequest>;

export const dispositionReply = z.object({
  outcome: z.enum(['recorded', 'changed', 'unchanged']),
  disposition: dispositionValue,
});
export type DispositionReply = z.infer<typeof dispositionReply>;

/** A disposition of a contact outside a live call, e.g. by a CRM. One per contact and campaign. */
export const contactDispositionRequest = z.object({
  tenantId: token,
  campaignId: token,
  contactId: token,
  agentId: token.optional(),
  /** A call it belongs to, if there was one. */
  callId: token.optional(),
  disposition: dispositionValue.omit({ name: true }),
  /** Whoever asks cannot fill in forms: none is demanded, and on a change one that is there stays. */
  withoutForm: z.boolean().optional(),
});
export type ContactDispositionRequest = z.infer<typeof contactDispositionRequest>;

/** A secret as it may be shown: everything but its value. */
export const secretInfo = z.object({
  id: token,
  version: z.number().int().positive(),
  updatedAt: z.iso.datetime(),
  /** Id of the key that sealed it. */
  keyId: z.string(),
  actor: z.string().optional(),
});
export type SecretInfo = z.infer<typeof secretInfo>;

/** What a site would be sent, and what came back if it was sent. Values of credentials are masked. */
export const siteTestReply = z.object({
  outcome: z.enum(['rendered', 'sent', 'not-sent']),
  request: z
    .object({
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().optional(),
    })
    .optional(),
  /** What the agent's browser would be told, of a site that the browser opens. */
  pop: screenPop.shape.action.optional(),
  answer: z
    .object({
      status: z.number().int(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
      durationMs: z.number(),
    })
    .optional(),
  failure: failureData.optional(),
  /** Parameters that had no value, and what was done about them. */
  notes: z.array(z.string()),
});
export type SiteTestReply = z.infer<typeof siteTestReply>;

export const siteTestRequest = z.object({
  tenantId: token,
  /** An `external-site` as it would be stored. */
  site: z.unknown(),
  /** Whose parameter table, name and type are used. */
  campaignId: token.optional(),
  /** Values that stand in for those of a call: family and key, e.g. `{"call": {"ani": "+14155550123"}}`. */
  sample: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Whether the request is really sent. */
  send: z.boolean().default(false),
});
export type SiteTestRequest = z.infer<typeof siteTestRequest>;

const page = { tenantId: token, limit: z.number().int().min(1).max(500).default(100) };

export const deliveriesRequest = z.object({
  ...page,
  callId: token.optional(),
  destination: z.string().optional(),
  state: delivery.shape.state.optional(),
});

/** Verbs that only the processes connected to this PBX serve. */
export const pbxRpc = (
  pbxId: string,
): RpcDefinition<z.infer<typeof pbxCommandRequest>, z.infer<typeof pbxCommandReply>> =>
  defineRpc('call-ingest', `pbx-${pbxId}`, pbxCommandRequest, pbxCommandReply);

const pbxCommandRequest = z.object({ tenantId: token, pbxId: token, command: pbxCommand });

const contactDispositionReply = z.object({ entry: dispositionEntry });

export const rpc = {
  ...cardRpc,
  decideRoute: defineRpc('routing-decider', 'decide', routingRequest, routingDecision),
  lookup: defineRpc('crm-dispatcher', 'lookup', lookupRequest, lookupReply),
  /** Asks the service of an `identification` who a caller is, or where he goes. */
  identify: defineRpc('crm-dispatcher', 'identify', identifyRequest, identifyReply),
  /** Runs a CRM workflow, or tells what became of a run. */
  runWorkflow: defineRpc('crm-dispatcher', 'run-workflow', runWorkflowRequest, runWorkflowReply),
  workflowRun: defineRpc('crm-dispatcher', 'workflow-run', workflowRunRequest, workflowRunReply),
  recordDisposition: defineRpc('disposition', 'record', dispositionRequest, dispositionReply),
  listDeliveries: defineRpc(
    'crm-dispatcher',
    'list-deliveries',
    deliveriesRequest,
    z.object({ deliveries: z.array(delivery) }),
  ),
  /** @throws Failure permanent `unknown_disposition` | `form_invalid` | `already_disposed` (with the entry's id) */
  createDisposition: defineRpc('disposition', 'create', contactDispositionRequest, contactDispositionReply),
  /** Changes a disposition by its id, of an interaction or of a contact. */
  changeDisposition: defineRpc(
    'disposition',
    'change',
    z.object({
      tenantId: token,
      dispositionId: token,
      agentId: token.optional(),
      disposition: dispositionValue.omit({ name: true }),
      withoutForm: contactDispositionRequest.shape.withoutForm,
      /** Only if it is this agent's. */
      onlyOf: token.optional(),
    }),
    contactDispositionReply,
  ),
  /** Newest first. */
  listDispositions: defineRpc(
    'disposition',
    'list',
    z.object({
      ...page,
      dispositionId: token.optional(),
      campaignId: token.optional(),
      contactId: token.optional(),
      agentId: token.optional(),
    }),
    z.object({ dispositions: z.array(dispositionEntry) }),
  ),
  /** The tenant's PBXs, as one process of call-ingest is set up. */
  listPbxs: defineRpc(
    'call-ingest',
    'list-pbxs',
    z.object({ tenantId: token }),
    z.object({ pbxs: z.array(z.object({ pbxId: token, connected: z.boolean() })) }),
  ),
  /**
   * Links by which recordings can be heard for a while, by the names of their files as CRMs were told them. Of a name
   * that is not known there is no link.
   */
  linkRecordings: defineRpc(
    'session-store',
    'link-recordings',
    z.object({
      tenantId: token,
      fileNames: z.array(z.string().min(1).max(1024)).min(1).max(500),
      /** Only those in which this agent is to be heard. */
      onlyOf: token.optional(),
      ttlSeconds: z.number().int().min(10).max(604_800).default(300),
    }),
    z.object({
      links: z.array(z.object({ fileName: z.string(), recordingId: token, url: z.url(), expiresAt: z.iso.datetime() })),
    }),
  ),
  /** A call's live session, as it is this moment. */
  readSession: defineRpc('session-store', 'read', readSessionRequest, readSessionReply),
  /**
   * Writes into a call's session: merged, seen by every reader at once.
   * @throws InvalidInput permanent `invalid_request` with an issue for each name that was refused: nothing was written
   */
  writeSession: defineRpc('session-store', 'write', writeSessionRequest, writeSessionReply),
  /** Seals a secret. Its value is in no answer, log or trace. */
  putSecret: defineRpc(
    'crm-dispatcher',
    'put-secret',
    z.object({ tenantId: token, id: token, value: z.string().min(1).max(65_536), actor: z.string().optional() }),
    secretInfo,
  ),
  listSecrets: defineRpc(
    'crm-dispatcher',
    'list-secrets',
    z.object({ tenantId: token }),
    z.object({ secrets: z.array(secretInfo) }),
  ),
  removeSecret: defineRpc(
    'crm-dispatcher',
    'remove-secret',
    z.object({ tenantId: token, id: token }),
    z.object({ outcome: z.enum(['removed', 'unknown']) }),
  ),
  /** Begins the consent of an `oauth2-authorization-code`: where the person's browser goes. */
  beginConsent: defineRpc(
    'crm-dispatcher',
    'begin-consent',
    z.object({ tenantId: token, authenticationId: token, redirectUri: z.url() }),
    z.object({ url: z.url() }),
  ),
  /** Ends it with what the authorization server sent back. */
  endConsent: defineRpc(
    'crm-dispatcher',
    'end-consent',
    z.object({ callbackUrl: z.url() }),
    z.object({ tenantId: token, authenticationId: token }),
  ),
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
  /** What an agent's browser reads when it connects again. */
  screenPops: defineRpc(
    'crm-dispatcher',
    'screen-pops',
    z.object({ tenantId: token, agentId: token }),
    z.object({ pops: z.array(screenPop) }),
  ),
  /** Starts a new series of attempts for a dead piece of work. */
  replayJob: defineRpc(
    'crm-dispatcher',
    'replay-job',
    z.object({ tenantId: token, deadLetter }),
    z.object({ outcome: z.enum(['replayed', 'gone']) }),
  ),
  /** Closes a dead piece of work for good: its delivery is marked as discarded. */
  discardJob: defineRpc(
    'crm-dispatcher',
    'discard-job',
    z.object({ tenantId: token, deadLetter, note: z.string().max(1024) }),
    z.object({ outcome: z.enum(['discarded']) }),
  ),
} as const;
