import { z } from 'zod';
import { loggedOutcomes } from './config/call-logging.ts';
import { crmHit, crmRecordRef, lackingFields } from './crm-record.ts';
import { failureData } from './failure.ts';
import { direction } from './parties.ts';
import { token } from './tokens.ts';

const instant = z.iso.datetime({ offset: true });
const name = z.string().min(1).max(256);
const milliseconds = z.number().nonnegative();

/** How long all that is asked of a CRM may take (ms); each part of it as long as its connection says at most. */
const budgetMs = z.number().int().min(100).max(120_000).default(30_000);
const stored = { tenantId: token, connectionId: token, budgetMs };

/**
 * `done`; `failed`: `failure` says why, without values of records; `unable`: this kind of CRM cannot do it, `why` says
 * what is done instead.
 */
const asked = {
  outcome: z.enum(['done', 'failed', 'unable']),
  failure: failureData.optional(),
  why: z.string().optional(),
  durationMs: milliseconds,
};

const writtenCall = crmRecordRef.extend({
  url: z.string().optional(),
  /** It was there already. */
  again: z.boolean(),
  /** Texts that were too long for the CRM, and were cut. */
  cut: z.array(z.string()),
  /** Records that it stands at. */
  about: z.array(crmRecordRef),
});
export type CrmWrittenCall = z.infer<typeof writtenCall>;

export const crmTestRequest = z.object({
  tenantId: token,
  /** A connection that is stored. */
  connectionId: token.optional(),
  /** Or a `crm-connection` as it would be stored. */
  connection: z.unknown().optional(),
  /** Somebody with this number is looked for. */
  phone: z.string().min(1).max(64).optional(),
  /** A call is logged that says it is a test; at the one who has the number, if it is one. */
  logCall: z.boolean().default(false),
  budgetMs,
});
export type CrmTestRequest = z.infer<typeof crmTestRequest>;

export const crmTestStep = z.object({
  step: z.enum(['configuration', 'log-in', 'search', 'log-call']),
  /** `unable`: this kind of CRM cannot. `skipped`: a step before it failed, or there was no time left. */
  outcome: z.enum(['done', 'failed', 'unable', 'skipped']),
  durationMs: milliseconds,
  message: z.string(),
  failure: failureData.optional(),
});
export type CrmTestStep = z.infer<typeof crmTestStep>;

export const crmTestReply = z.object({
  /** `passed`: no step failed. */
  outcome: z.enum(['passed', 'failed']),
  steps: z.array(crmTestStep),
  /** Who we are in the CRM. */
  user: z.string().optional(),
  hits: z.array(crmHit).optional(),
  call: writtenCall.optional(),
  durationMs: milliseconds,
});
export type CrmTestReply = z.infer<typeof crmTestReply>;

/** What a kind of CRM, or one connection to it, can and cannot. */
export const crmAbout = z.object({
  kind: z.string(),
  title: z.string(),
  can: z.array(z.string()),
  /** Ability to why not, and what is done instead. */
  cannot: z.record(z.string(), z.string()),
  /** Modules in which callers are looked for, or of which standard workflows make records. */
  standardModules: z.array(
    z.object({
      module: z.string(),
      label: z.string(),
      phoneFields: z.array(z.string()),
      createFields: z.array(z.string()),
      mandatory: z.array(z.string()),
    }),
  ),
  /** Where calls are logged, and how many characters texts may have there. */
  calls: z.object({ module: z.string(), maxLengths: z.record(z.string(), z.number()) }),
});
export type CrmAbout = z.infer<typeof crmAbout>;

export const crmDescribeRequest = z.object({
  ...stored,
  /** Whose fields are asked for. Absent: the modules are. */
  module: name.optional(),
});
export type CrmDescribeRequest = z.infer<typeof crmDescribeRequest>;

const describedModule = z.object({ name: z.string(), label: z.string(), isCustom: z.boolean().optional() });
export type CrmDescribedModule = z.infer<typeof describedModule>;

const describedField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  required: z.boolean(),
  writable: z.boolean(),
  maxLength: z.number().optional(),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
});
export type CrmDescribedField = z.infer<typeof describedField>;

export const crmDescribeReply = z.object({
  ...asked,
  about: crmAbout,
  modules: z.array(describedModule).optional(),
  fields: z.array(describedField).optional(),
  /** There are more than are told here: of modules, of fields, or of choices of a field. */
  more: z.boolean().optional(),
});
export type CrmDescribeReply = z.infer<typeof crmDescribeReply>;

export const crmSearchRequest = z.object({
  ...stored,
  phone: z.string().min(1).max(64).optional(),
  /** Instead of a number: whoever has this mail address. Nobody where the CRM cannot find people by it. */
  email: z.string().min(1).max(254).optional(),
  /** Where somebody with the number or the address is looked for; default: wherever the CRM keeps such. */
  modules: z.array(name).min(1).max(20).optional(),
  /** Instead of both: records of a module that meet all conditions. */
  filter: z
    .object({
      module: name,
      equals: z.record(z.string().max(128), z.union([z.string().max(1024), z.number(), z.boolean()])).optional(),
      /** Of the CRM's own query language. */
      expression: z.string().min(1).max(4096).optional(),
    })
    .optional(),
  /** Asked for beside the name, in the CRM's words. */
  fields: z.array(name).max(100).default([]),
  limit: z.number().int().min(1).max(100).default(20),
});
export type CrmSearchRequest = z.infer<typeof crmSearchRequest>;

export const crmSearchReply = z.object({
  ...asked,
  hits: z.array(crmHit),
  /** There are more than these. */
  more: z.boolean().optional(),
  /** Modules that have not all fields that were asked for, and which of them they have not. */
  lacking: lackingFields.optional(),
});
export type CrmSearchReply = z.infer<typeof crmSearchReply>;

/** A conversation that is to be logged. */
export const crmCall = z.strictObject({
  /** The CRM holds it once under this key, however often it is written. Default: a new one. */
  key: token.optional(),
  subject: z.string().min(1).max(255).optional(),
  direction: direction.default('inbound'),
  outcome: z.enum(loggedOutcomes).default('answered'),
  /** Default: now, less the duration. */
  startedAt: instant.optional(),
  durationSeconds: z.number().int().min(0).max(1_000_000).default(0),
  from: z.string().max(128).optional(),
  to: z.string().max(128).optional(),
  disposition: z.string().max(256).optional(),
  notes: z.string().max(32_768).default(''),
  recordingUrl: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
    .max(2048)
    .optional(),
  /** Whose it is: an agent of ours, whose id in the CRM is known by the connection's `agentSystem`. */
  agentId: token.optional(),
  /** Records that it is about. Default: whoever alone has the number at the other end. */
  about: z.array(crmRecordRef).max(20).optional(),
});
export type CrmCall = z.infer<typeof crmCall>;

/** Absent `call`: a sample, which says that it is a test. */
export const crmLogCallRequest = z.object({ ...stored, call: crmCall.optional() });
export type CrmLogCallRequest = z.infer<typeof crmLogCallRequest>;

export const crmLogCallReply = z.object({ ...asked, call: writtenCall.optional() });
export type CrmLogCallReply = z.infer<typeof crmLogCallReply>;

/** Where a page begins: what the page before said. */
const cursor = z.string().min(1).max(4096);

export const crmListRequest = z.object({
  ...stored,
  module: name,
  fields: z.array(name).max(100),
  cursor: cursor.optional(),
  /** Those that were changed then or later, as far as the CRM can tell. */
  modifiedSince: instant.optional(),
  limit: z.number().int().min(1).max(200).default(100),
});
export type CrmListRequest = z.infer<typeof crmListRequest>;

export const crmListReply = z.object({
  ...asked,
  records: z.array(z.object({ id: z.string(), name: z.string(), fields: z.record(z.string(), z.unknown()) })),
  /** Absent: this was the last page. */
  next: cursor.optional(),
  /** In all pages, where the CRM tells it with the first. */
  total: z.number().int().optional(),
});
export type CrmListReply = z.infer<typeof crmListReply>;

export const crmUsersRequest = z.object({ ...stored, cursor: cursor.optional() });
export type CrmUsersRequest = z.infer<typeof crmUsersRequest>;

const crmUser = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().optional(),
  username: z.string().optional(),
  active: z.boolean(),
});
export type CrmUserTold = z.infer<typeof crmUser>;

export const crmUsersReply = z.object({ ...asked, users: z.array(crmUser), next: cursor.optional() });
export type CrmUsersReply = z.infer<typeof crmUsersReply>;
