import { z } from 'zod';
import { egressPolicy, entityFields, httpUrl, plainHeaders } from './common.ts';
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

/**
 * A rule in the manner of PBXware's CRM routing: ask a custom CRM for one field, compare it with the rows from the
 * top, take the first that matches.
 */
export const routingRule = z.strictObject({
  ...entityFields,
  /** Asked as `{url}?field_name={fieldName}`; an existing query string is kept. */
  url: httpUrl,
  fieldName: z.string().min(1).max(128),
  /** `POST` sends the same data as a JSON body. */
  method: z.enum(['GET', 'POST']).default('GET'),
  headers: plainHeaders,
  /** `exact` sends only `field_name` and `dtmf`, as PBXware does; `full` adds `caller`, `called` and `call_id`. */
  send: z.enum(['full', 'exact']).default('full'),
  /** Where the value stands in a JSON answer, dots between the keys. Default: `value`, then the field's name. */
  answerPath: z.string().max(256).optional(),
  budgetMs: z.number().int().min(50).max(routingBudgetCapMs).default(3000),
  rows: z.array(routeRow).max(200).default([]),
  /** Where the call goes when nothing else applies. */
  default: routeDestination,
  /** Separate ways for what can go wrong; each is the default destination when it is not given. */
  on: z
    .strictObject({
      timeout: routeDestination.optional(),
      error: routeDestination.optional(),
      notFound: routeDestination.optional(),
      noRule: routeDestination.optional(),
    })
    .prefault({}),
  egress: egressPolicy,
});
export type RoutingRule = z.infer<typeof routingRule>;
