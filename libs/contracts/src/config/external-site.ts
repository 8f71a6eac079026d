import { z } from 'zod';
import { token } from '../tokens.ts';
import { egressPolicy, entityFields, plainHeaders, rateLimit, tlsSettings } from './common.ts';
import { checkExternalSite, urlTemplateProblem } from './external-site-rules.ts';
import { siteParameter } from './site-parameter.ts';

/**
 * Who sets the request off. `agent`: by a button; `automatic`: the agent's browser by itself; `server`: we;
 * `disposition`: a saved disposition whose option has `crm` set, the browser if the site has a target and else we.
 */
export const siteTriggers = ['agent', 'automatic', 'server', 'disposition'] as const;
export type SiteTrigger = (typeof siteTriggers)[number];

export const siteMethods = ['GET', 'POST', 'PUT', 'PATCH'] as const;
export type SiteMethod = (typeof siteMethods)[number];

/** `multipart/form-data`, `application/x-www-form-urlencoded`, `text/plain` as `name=value` lines, `application/json`. */
export const siteFormats = ['multipart', 'urlencoded', 'text', 'json'] as const;
export type SiteFormat = (typeof siteFormats)[number];

/** Where the browser shows the answer. */
export const siteTargets = ['embedded', 'new-tab', 'none'] as const;
export type SiteTarget = (typeof siteTargets)[number];

/** Moments of a call at which a site with the trigger `agent`, `automatic` or `server` can be told. */
export const siteMoments = [
  'offered',
  'queued',
  'agent-ringing',
  'answered',
  'held',
  'resumed',
  'transferred',
  'abandoned',
  'recording-ready',
  'ended',
] as const;
export const siteMoment = z.enum(siteMoments);
export type SiteMoment = z.infer<typeof siteMoment>;

/** Wire forms of OMniLeads that somebody's CRM may have learnt to live with. All off: the correct form. */
export const siteCompatibility = z
  .strictObject({
    /** JSON numbers and booleans as strings, in a flat object. */
    allStrings: z.boolean().default(false),
    /** A value that is null is the text `None`. */
    nullAsNone: z.boolean().default(false),
    /** Each multipart parameter is a file part whose file name is the parameter's name. */
    multipartAsFiles: z.boolean().default(false),
    /** `text` sends an urlencoded body, and a header whose name is literally `content_type`. */
    textAsUrlencoded: z.boolean().default(false),
    /** `datetime` as `YYYY-MM-DD HH:MM:SS` in the tenant's time zone, without the zone. */
    legacyDatetime: z.boolean().default(false),
    /** On the server's path `{1}` stays in the URL as `%7B1%7D`, and its parameter is dropped. */
    keepPlaceholders: z.boolean().default(false),
  })
  .prefault({});
export type SiteCompatibility = z.infer<typeof siteCompatibility>;

/** A web address that is told about calls, or that agents see during calls. */
export const externalSite = z
  .strictObject({
    ...entityFields,
    /**
     * May hold placeholders in path, query and fragment: those of the parameter table (`{1}`, `{idClient}`), and the
     * call's own expressions: `https://crm.example/{1}?caller={call.from}&lang={ivr.lang|en}`.
     */
    url: z
      .string()
      .max(2048)
      .superRefine((url, context) => {
        const message = urlTemplateProblem(url);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      }),
    /** Not offered to choose from any more, but kept where it is used. */
    hidden: z.boolean().default(false),
    trigger: z.enum(siteTriggers).default('server'),
    /** At which moments of a call it is told. Not for the trigger `disposition`. */
    fireOn: z.array(siteMoment).min(1).default(['answered']),
    method: z.enum(siteMethods).default('GET'),
    /** How parameters are written into the body. GET has none. */
    format: z.enum(siteFormats).optional(),
    target: z.enum(siteTargets).default('none'),
    /** Id of a `site-authentication`. */
    authentication: token.optional(),
    /** Values may hold placeholders. */
    headers: plainHeaders,
    /** Used where the campaign gives none of its own. */
    parameters: z.array(siteParameter).max(100).default([]),
    timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
    rateLimit: rateLimit.optional(),
    /** Requests under way at once, per dispatcher. */
    concurrency: z.number().int().min(1).max(500).default(50),
    tls: tlsSettings,
    egress: egressPolicy,
    compatibility: siteCompatibility,
  })
  .superRefine(checkExternalSite);
export type ExternalSite = z.infer<typeof externalSite>;
