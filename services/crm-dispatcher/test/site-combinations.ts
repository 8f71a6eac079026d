import {
  type ExternalSite,
  externalSite,
  type SiteAuthentication,
  type SiteFormat,
  type SiteMethod,
  type SiteTarget,
  type SiteTrigger,
  siteAuthentication,
  siteFormats,
  siteMethods,
  siteTargets,
  siteTriggers,
} from '@patchcord/contracts';

/** One row of the table: what can be chosen of an external site. */
export interface Combination {
  readonly trigger: SiteTrigger;
  readonly method: SiteMethod;
  readonly format: SiteFormat | undefined;
  readonly target: SiteTarget;
  readonly authentication: string | undefined;
}

const token = { tokenUrl: 'https://crm.example/token' };
const client = { ...token, clientId: 'patchcord', clientSecret: 'client-secret' };
const kinds = [
  { kind: 'basic', username: 'ann', password: 'password' },
  { kind: 'api-key', field: 'X-Key', key: 'key' },
  { kind: 'bearer', token: 'token' },
  { kind: 'login-token', ...token, username: 'ann', password: 'password' },
  { kind: 'oauth2-client-credentials', ...client },
  { kind: 'oauth2-refresh-token', ...client, refreshToken: 'refresh' },
  { kind: 'oauth2-authorization-code', ...client, authorizationUrl: 'https://crm.example/allow' },
  { kind: 'hmac', secrets: ['signing'] },
  { kind: 'mutual-tls', certificate: 'certificate', privateKey: 'key' },
] as const;

/** One authentication of each kind; its id is the kind. */
export const authentications: SiteAuthentication[] = kinds.map((kind) =>
  siteAuthentication.parse({ id: kind.kind, name: kind.kind, ...kind }),
);

/** All of them: 4 triggers, 4 methods, 5 formats, 3 targets, 10 authentications. */
export const combinations: Combination[] = siteTriggers.flatMap((trigger) =>
  siteMethods.flatMap((method) =>
    [undefined, ...siteFormats].flatMap((format) =>
      siteTargets.flatMap((target) =>
        [undefined, ...authentications.map(({ id }) => id)].map((authentication) => ({
          trigger,
          method,
          format,
          target,
          authentication,
        })),
      ),
    ),
  ),
);

export const nameOf = ({ trigger, method, format, target, authentication }: Combination): string =>
  [trigger, method, format ?? 'no-format', target, authentication ?? 'open'].join(' ');

/** What the rules of the original say, each in its own words: which field is wrong. */
export function refusedFields({ trigger, method, format, target }: Combination): string[] {
  const wrong = new Set<string>();
  if (method === 'GET' ? format !== undefined : format === undefined) wrong.add('format');
  if (trigger === 'server' && target !== 'none') wrong.add('target');
  if (format === 'json' && target !== 'none') wrong.add('target');
  const mayBeWithout = trigger === 'server' || format === 'json' || (trigger === 'disposition' && method !== 'GET');
  if (target === 'none' && !mayBeWithout) wrong.add('target');
  if (target !== 'none' && format !== 'json' && (method === 'PUT' || method === 'PATCH')) wrong.add('method');
  return [...wrong].sort();
}

/** The site of a combination, or the fields and messages by which it is refused. */
export function siteOf(
  combination: Combination,
  more: object = {},
): { readonly site: ExternalSite } | { readonly refused: { path: string; message: string }[] } {
  const url = 'https://crm.example/calls?known=1';
  const parsed = externalSite.safeParse({ id: 'crm', name: 'CRM', url, ...combination, ...more });
  if (parsed.success) return { site: parsed.data };
  return { refused: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) };
}
