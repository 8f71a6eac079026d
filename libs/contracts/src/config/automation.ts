import { z } from 'zod';
import { templateText } from '../template.ts';
import { token } from '../tokens.ts';
import { egressPolicy, entityFields, rateLimit, tlsSettings } from './common.ts';
import { workflowInputTemplates } from './crm-workflow.ts';
import { siteMoments } from './external-site.ts';
import { shortTriggerUse } from './trigger.ts';
import { valueTemplate, variablesOf } from './variable-templates.ts';

const callMoments = [...siteMoments, 'ivr-entered', 'dtmf-collected', 'agent-missed'] as const;

/**
 * What a global automation can be set off by. `call.*`: moments of a call; `session.written`: somebody wrote into its
 * session (not an automation: none sets off itself or others by what it writes); `disposition.*`: with and without a call;
 * `agent.acw-*`: after-call work of one agent for his part of a call; `agent.state-changed`: without a call.
 */
export const automationEvents = [
  ...callMoments.map((moment) => `call.${moment}` as const),
  'session.written',
  'disposition.recorded',
  'disposition.changed',
  'agent.acw-started',
  'agent.acw-ended',
  'agent.state-changed',
] as const;
export type AutomationEvent = (typeof automationEvents)[number];

/** Name of an event of one's own: `custom.order-shipped`. */
const customEvent = z.templateLiteral(['custom.', token]);
export type CustomEventName = `custom.${string}`;

const eventName = z.union([z.enum(automationEvents), customEvent], {
  error: `expected one of ${automationEvents.join(', ')}, or custom.<name>`,
});

/** Groups of values that an HTTP action tells: `call` is `{"call": {"id": …, "from": …}}`. */
export const automationBuckets = ['call', 'agent', 'queue', 'recording', 'ivr', 'app', 'var', 'event'] as const;
export type AutomationBucket = (typeof automationBuckets)[number];

const header = z.record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'not a header name'), templateText(2048));

/** What of an answer is written into the session. */
const answerMapping = z
  .strictObject({
    /** Full name of a variable to where its value stands in the JSON answer, dots between the keys: `{"ivr.email": "customer.email"}`. */
    variables: variablesOf(z.string().min(1).max(256), ['ivr.', 'app.']).optional(),
    /** Where in the answer an object of full names and values stands that is written as it is, e.g. `session`. */
    session: z.string().min(1).max(256).optional(),
  })
  .refine(
    ({ variables, session }) => variables !== undefined || session !== undefined,
    'expected "variables" or "session"',
  );
export type AnswerMapping = z.infer<typeof answerMapping>;

/** Asks or tells a web address, as a job with retries. */
const httpAction = z
  .strictObject({
    type: z.literal('http'),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    /** May hold placeholders in path, query and fragment. */
    url: templateText(2048),
    /** How buckets and parameters are written into the body. Of GET and DELETE they are in the query, flat: `call.from=…`. */
    format: z.enum(['json', 'urlencoded']).default('json'),
    buckets: z.array(z.enum(automationBuckets)).default([]),
    /** More values, beside the buckets: name to a text with placeholders. */
    parameters: z.record(z.string().min(1).max(128), valueTemplate).default({}),
    headers: header.default({}),
    /** Id of a `site-authentication`. */
    authentication: token.optional(),
    timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
    answer: answerMapping.optional(),
    tls: tlsSettings,
    egress: egressPolicy,
  })
  .superRefine(({ url }, context) => {
    const [origin] = /^https?:\/\/[^/?#{}\s@]+(?=[/?#]|$)/i.exec(url) ?? [];
    if (origin === undefined || !URL.canParse(origin))
      context.addIssue({
        code: 'custom',
        path: ['url'],
        message: 'expected an http:// or https:// URL whose host has no placeholder and no credentials',
      });
  });

/** Writes into the session. */
const setVariablesAction = z.strictObject({
  type: z.literal('set-variables'),
  /** Full names to texts with placeholders; `null` deletes. */
  variables: variablesOf(valueTemplate, ['app.', 'ivr.']),
});

/** Starts a workflow of a CRM, as a job with retries. */
const crmWorkflowAction = z.strictObject({
  type: z.literal('crm-workflow'),
  /** Id of a `crm-workflow`. */
  workflow: token,
  /** What it is started with. */
  input: workflowInputTemplates.prefault({}),
});

const addresses = z.array(templateText(512)).max(20);

const emailAction = z.strictObject({
  type: z.literal('email'),
  /** Id of a `mail-server`. */
  server: token,
  /** Addresses, or placeholders for them: `{ivr.email}`. One whose value is missing is left out. */
  to: addresses.min(1, 'expected at least one address, e.g. "{ivr.email}"'),
  cc: addresses.default([]),
  bcc: addresses.default([]),
  replyTo: templateText(512).optional(),
  subject: templateText(512).refine((text) => text.trim() !== '', 'expected a subject'),
  text: templateText(65_536).refine((text) => text.trim() !== '', 'expected a text'),
  /** The same in HTML; values are escaped. */
  html: templateText(65_536).optional(),
});

/** Publishes an event of one's own, which other systems read and other automations can be set off by. */
const eventAction = z.strictObject({
  type: z.literal('event'),
  /** `order-shipped` sets off automations on `custom.order-shipped`. */
  name: token,
  values: z.record(token, valueTemplate).default({}),
});

export const automationAction = z.discriminatedUnion('type', [
  httpAction,
  setVariablesAction,
  crmWorkflowAction,
  emailAction,
  eventAction,
]);
export type AutomationAction = z.infer<typeof automationAction>;
export type AutomationActionOf<Type extends AutomationAction['type']> = Extract<
  AutomationAction,
  { readonly type: Type }
>;

/**
 * Something that is done when something happens. Global: on its events. Local: where a flow names it, at a position of a
 * module. It never holds up a call; what leaves us is a job with retries.
 */
export const automation = z.strictObject({
  ...entityFields,
  enabled: z.boolean().default(true),
  /** Events that set it off. None: it runs only where a flow names it. */
  on: z.array(eventName).max(30).default([]),
  /** Only calls of these campaigns. None: all calls. */
  campaigns: z.array(token).max(500).default([]),
  /** It runs only when this trigger fires, also where a flow names it. */
  when: shortTriggerUse.optional(),
  /** The highest is begun first; those after it see what it wrote into the session. Of equal ones by id. */
  priority: z.number().int().min(-1000).max(1000).default(0),
  action: automationAction,
  /** Work that is older is given up instead of tried again (s). Default: by the schedule of retries alone. */
  giveUpAfterSeconds: z.number().int().min(1).max(172_800).optional(),
  rateLimit: rateLimit.optional(),
  /** Pieces of work under way at once, per dispatcher. */
  concurrency: z.number().int().min(1).max(500).default(20),
});
export type Automation = z.infer<typeof automation>;
