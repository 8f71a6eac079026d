import type { SiteTestReply } from '@patchcord/contracts';

interface Shown {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

const mask = '***';
const credentialNames = /authorization|cookie|token|secret|password|api-?key|signature/i;

/** A request as people may see it: what an authentication adds is there by its name only. */
export function masked(
  { method, url, headers, body }: Shown,
  added: { readonly headers: readonly string[]; readonly query: readonly string[] },
): NonNullable<SiteTestReply['request']> {
  const own = Object.entries(headers).map(
    ([name, value]) => [name, credentialNames.test(name) ? mask : value] as const,
  );
  const credentials = added.headers.map((name) => [name, mask] as const);
  return {
    method,
    url: withMaskedQuery(url, added.query),
    headers: Object.fromEntries([...own, ...credentials]),
    ...(body === undefined ? {} : { body }),
  };
}

function withMaskedQuery(url: string, names: readonly string[]): string {
  if (names.length === 0) return url;
  const [bare = '', hash] = url.split('#', 2);
  const query = names.map((name) => `${encodeURIComponent(name)}=${mask}`).join('&');
  return `${bare}${bare.includes('?') ? '&' : '?'}${query}${hash === undefined ? '' : `#${hash}`}`;
}
