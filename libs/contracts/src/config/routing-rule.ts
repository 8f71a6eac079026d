import { z } from 'zod';
import { rawNumber } from '../parties.ts';
import { token } from '../tokens.ts';
import { egressPolicy, entityFields, httpUrl, plainHeaders, tlsSettings } from './common.ts';
import { patternProblem } from './pattern.ts';

/** Where a call may go. `target` is a number, a queue or a recording's name in the PBX's own words. */
export const routeDestination = z.strictObject({
  type: z.enum(['queue', 'ivr', 'extension', 'voicemail', 'play-recording', 'hangup']),
  target: z.string().max(128).default(''),
});
export type RouteDestination = z.infer<typeof routeDestination>;

export const routeOperators = [
  '=',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  'text=',
  'contains',
  'starts-with',
  'ends-with',
  'regex',
  'set',
  'not-set',
] as const;

export const routeRow = z
  .strictObject({
    operator: z.enum(routeOperators),
    value: z.string().max(256).default(''),
    destination: routeDestination,
  })
  .superRefine(({ operator, value }, context) => {
    const message = valueProblem(operator, value);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['value'], message });
  });
export type RouteRow = z.infer<typeof routeRow>;

/** What keeps a row from ever matching, said when it is written and not when a caller waits. */
function valueProblem(operator: (typeof routeOperators)[number], value: string): string | undefined {
  switch (operator) {
    case '<':
    case '>':
    case '<=':
    case '>=':
      return /^[+-]?\d+(\.\d+)?$/.test(value.trim()) ? undefined : `expected a number: "${operator}" compares numbers`;
    case 'contains':
    case 'starts-with':
    case 'ends-with':
      return value.trim() === '' ? 'expected a text to look for' : undefined;
    case 'regex':
      return patternProblem(value);
    default:
      return undefined;
  }
}

/** The hard limit on the time a caller may be kept waiting for a decision (ms). */
export const routingBudgetCapMs = 10_000;

/** Where the rule is used: on numbers that callers dial (`agi://host/route` finds the rule by them), or in an IVR. */
const ruleLocation = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('did'),
    dids: z.array(rawNumber.regex(/\d/, 'expected a telephone number')).min(1, 'expected at least one number').max(500),
  }),
  z.strictObject({ type: z.literal('ivr') }),
]);

/** Asks the caller for digits before the CRM is asked. The route over FastAGI does it; over HTTP the PBX did. */
const greeting = z.strictObject({
  /** What the caller hears, in the PBX's own words: a file, or several joined by `&`. */
  prompt: z.string().min(1, 'expected the name of a recording').max(128),
  /** Collecting ends with so many digits, or with `#`. */
  maxDigits: z.number().int().min(1).max(32).default(16),
  /** How long the caller may take for the first digit after the prompt, and for each one after it (ms). */
  inputTimeoutMs: z.number().int().min(500).max(60_000).default(5000),
  /** How long the prompt may play (ms). */
  promptTimeoutMs: z.number().int().min(1000).max(120_000).default(30_000),
});

const prefetch = z.strictObject({
  enabled: z.boolean().default(false),
  /** For so long the answer waits for its call's dialplan (ms). */
  keepMs: z.number().int().min(1000).max(600_000).default(60_000),
});

/** PBXware's "Is Voicemail": whether the call goes to the voicemail of the destination. `not-set`: as the PBX does. */
const defaultDestination = z
  .strictObject({ ...routeDestination.shape, voicemail: z.enum(['yes', 'no', 'not-set']).default('not-set') })
  .superRefine(({ type, voicemail }, context) => {
    const hasNone = type === 'play-recording' || type === 'hangup';
    if (voicemail !== 'yes' || !hasNone) return;
    const message = `expected "no" or "not-set": the destination "${type}" has no voicemail`;
    context.addIssue({ code: 'custom', path: ['voicemail'], message });
  });

/** PBXware's "integration": user and password belong to the connection. */
const integration = z.strictObject({
  /** Id of a `crm-connection`. */
  connection: token,
  /** Where callers are looked for, in the CRM's words, e.g. `Contacts`. Not given: wherever it keeps numbers. */
  module: z.string().min(1).max(128).optional(),
  /** The field that digits of the caller are compared with. Without digits, his number is looked for. */
  dtmfField: z.string().min(1).max(128).optional(),
});

/**
 * A rule in the manner of PBXware's CRM routing: ask a custom CRM for one field, compare it with the rows from the
 * top, take the first that matches.
 */
export const routingRule = z
  .strictObject({
    ...entityFields,
    /** Absent: wherever a dialplan names the rule. */
    location: ruleLocation.optional(),
    greeting: greeting.optional(),
    /**
     * Asked as `{url}?field_name={fieldName}`; an existing query string is kept. https, unless `egress.allowHttp`. Path,
     * query and header values may hold placeholders for what is known when a call is routed: `{call.from}`, `{call.id}`.
     */
    url: httpUrl.optional(),
    /** Instead of a web address of one's own: a CRM that is connected. */
    crm: integration.optional(),
    /** The field of the customer's record whose value the rows are about. */
    fieldName: z.string().min(1).max(128),
    /** `POST` sends the same data as a JSON body. */
    method: z.enum(['GET', 'POST']).default('GET'),
    headers: plainHeaders,
    /** Id of a `site-authentication`. */
    authentication: token.optional(),
    /** `exact` sends only `field_name` and `dtmf`, as PBXware does; `full` adds `caller`, `called`, `call_id`, `did`. */
    send: z.enum(['full', 'exact']).default('full'),
    /**
     * Where the value stands in a JSON answer, dots between the keys. Looked at after `value` and after the key named
     * like the field.
     */
    answerPath: z.string().max(256).optional(),
    /** The longest that a caller waits for the decision (ms). */
    budgetMs: z.number().int().min(50).max(routingBudgetCapMs).default(3000),
    /** For so long the CRM's answer to the very same question is used again (s). 0: every question is asked. */
    cacheSeconds: z.number().int().min(0).max(86_400).default(0),
    /** The CRM is asked when a call to one of the rule's numbers is offered, before its dialplan asks. */
    prefetch: prefetch.prefault({}),
    rows: z.array(routeRow).max(200).default([]),
    /** Where the call goes when nothing else applies. */
    default: defaultDestination,
    /** Separate ways for what can go wrong; each is the default destination when it is not given. */
    on: z
      .strictObject({
        timeout: routeDestination.optional(),
        error: routeDestination.optional(),
        notFound: routeDestination.optional(),
        noRule: routeDestination.optional(),
      })
      .prefault({}),
    tls: tlsSettings,
    egress: egressPolicy,
  })
  .superRefine(({ url, crm, authentication, greeting: asked }, context) => {
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if ((url === undefined) === (crm === undefined))
      refuse(['url'], 'expected either "url", a CRM of one\'s own, or "crm", one that is connected');
    if (crm !== undefined && authentication !== undefined)
      refuse(['authentication'], 'expected none: the connection of the CRM has its own');
    if (crm?.dtmfField !== undefined && crm.module === undefined)
      refuse(['crm', 'module'], 'expected the module whose field the digits are compared with');
    if (crm !== undefined && asked !== undefined && crm.dtmfField === undefined)
      refuse(['crm', 'dtmfField'], 'expected the field that the digits of the greeting are compared with');
  })
  .superRefine(({ location, greeting: asked }, context) => {
    if (asked === undefined || location?.type === 'ivr') return;
    const message = 'expected no greeting: only in an IVR are callers asked for digits, with location.type "ivr"';
    context.addIssue({ code: 'custom', path: ['greeting'], message });
  })
  .superRefine(({ location, prefetch: { enabled } }, context) => {
    if (!enabled || location?.type === 'did') return;
    const message = 'expected false, or location.type "did": by the dialled number alone the CRM is asked beforehand';
    context.addIssue({ code: 'custom', path: ['prefetch', 'enabled'], message });
  });
export type RoutingRule = z.infer<typeof routingRule>;
