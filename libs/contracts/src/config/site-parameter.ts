import { z } from 'zod';

/**
 * Where the value of a parameter comes from. `dialplan`: a channel variable whose name begins with `Omlcrm`; `variable`:
 * any variable of the session.
 */
export const parameterFamilies = [
  'campaign',
  'contact',
  'call',
  'fixed',
  'dialplan',
  'disposition',
  'variable',
] as const;
export const parameterFamily = z.enum(parameterFamilies);
export type ParameterFamily = z.infer<typeof parameterFamily>;

/** A parameter's name that fills `{1}` or `{idClient}` of the URL or of a header, instead of being sent under a name. */
export const placeholderName = /^\{[A-Za-z0-9_-]{1,64}\}$/;

/**
 * What is sent when the call has no value for a parameter. `fail`: the request is not sent, and its work is dead with
 * the parameter's name. Not given: empty in a path, left out everywhere else.
 */
export const missingPolicies = ['empty', 'omit', 'default', 'fail'] as const;

/** One row of the three-column table: family, key, and the name that the CRM expects. */
export const siteParameter = z
  .strictObject({
    family: parameterFamily,
    /**
     * Which value of the family. For `fixed` the value itself, which may hold expressions of the call (`{call.from}`); a
     * single one keeps its type in JSON. Other braces stay as they are.
     */
    key: z.string().max(256),
    /** Dots nest in JSON: `client.id`. */
    name: z
      .string()
      .max(128)
      .regex(
        /^(\{[A-Za-z0-9_-]{1,64}\}|[A-Za-z0-9_.:[\]-]+)$/,
        'expected letters, digits, "-", "_", "." or ":", or a placeholder such as {1} or {idClient}',
      ),
    missing: z.enum(missingPolicies).optional(),
    /** What is sent instead of a missing value, with `missing: default`; may hold expressions of the call. */
    default: z.string().max(256).optional(),
  })
  .superRefine(({ family, key, missing, default: instead }, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (family !== 'fixed' && key === '') refuse('key', 'expected a key: only a fixed value may be empty');
    if (family === 'dialplan' && !/^omlcrm/i.test(key))
      refuse('key', 'expected the name of a dialplan variable, which begins with "Omlcrm"');
    if (missing === 'default' && instead === undefined) refuse('default', 'expected a text: missing is "default"');
    if (missing !== 'default' && instead !== undefined)
      refuse('missing', 'expected "default", because a default is given');
  });
export type SiteParameter = z.infer<typeof siteParameter>;
