import { z } from 'zod';
import { token } from '../tokens.ts';
import { egressPolicy, entityFields, httpUrl, plainHeaders, tlsSettings } from './common.ts';
import { routeDestination } from './routing-rule.ts';

/**
 * Inbound identification: the caller enters digits, a service says who he is or where he goes.
 * `none`: only whether he entered something of the right length; `true-false`: the service says yes or no;
 * `destination`: the service says where the call goes, as `X,Y` (OMniLeads' external type 2).
 */
export const identification = z
  .strictObject({
    ...entityFields,
    kind: z.enum(['none', 'true-false', 'destination']).default('none'),
    /** Path and query may hold placeholders for what is known while the caller waits: `{call.from}`, `{call.id}`. */
    url: httpUrl.optional(),
    /** Header names and values, which may hold the same placeholders. */
    headers: plainHeaders,
    /** Id of a `site-authentication`. */
    authentication: token.optional(),
    /** What the caller hears, in the PBX's own words. */
    prompt: z.string().max(128).default(''),
    /** How many digits an id has; fewer or more are a failed attempt. Not given: any number up to 30. */
    idLength: z.number().int().min(1).max(30).optional(),
    /** How long the caller may take (ms). */
    inputTimeoutMs: z.number().int().min(1000).max(60_000).default(5000),
    /** How often he may try, the first time included. */
    attempts: z.number().int().min(1).max(20).default(1),
    /**
     * `exact` sends what OMniLeads sends: `idContact` alone, as `User-Agent: OMniLeads`; `full` adds `caller`, `called`
     * and `call_id`.
     */
    send: z.enum(['exact', 'full']).default('exact'),
    /** How long the service may take (ms). */
    timeoutMs: z.number().int().min(100).max(10_000).default(3000),
    onSuccess: routeDestination,
    onFailure: routeDestination,
    /** What `X,Y` of the service may lead to: `1,3` to a queue. Types that are not listed are a failure. */
    destinations: z
      .array(
        z.strictObject({
          type: z.number().int().min(1).max(9),
          id: z.string().min(1).max(128),
          goTo: routeDestination,
        }),
      )
      .max(500)
      .default([]),
    tls: tlsSettings,
    egress: egressPolicy,
  })
  .superRefine(({ kind, url }, context) => {
    if (kind !== 'none' && url === undefined)
      context.addIssue({ code: 'custom', path: ['url'], message: `expected the service's URL: "${kind}" asks it` });
    if (kind === 'none' && url !== undefined)
      context.addIssue({ code: 'custom', path: ['url'], message: 'expected no URL: "none" asks nobody' });
  });
export type Identification = z.infer<typeof identification>;
