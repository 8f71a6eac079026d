/** A browser without pages: it keeps cookies of each host, and goes where it is sent. */
export interface CookieBrowser {
  /** One request, without following where it leads. */
  ask(url: string, init?: { readonly method?: string; readonly body?: string }): Promise<Response>;
  /** Follows redirects until an address that `isThere`, which is not asked. */
  go(url: string, isThere: (url: string) => boolean): Promise<string>;
  cookies(url: string): string;
}

export function createCookieBrowser(): CookieBrowser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string): Map<string, string> => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  const cookies = (url: string): string => [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ');
  const ask: CookieBrowser['ask'] = async (url, { method = 'GET', body } = {}) => {
    const form = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const headers = { cookie: cookies(url), ...form };
    const answer = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      jarOf(url).set(name, value);
    }
    return answer;
  };
  return {
    ask,
    cookies,
    go: async (from, isThere) => {
      let at = from;
      for (let steps = 0; steps < 20 && !isThere(at); steps += 1) {
        const answer = await ask(at);
        const location = answer.headers.get('location');
        if (location === null) return at;
        at = new URL(location, at).href;
      }
      return at;
    },
  };
}
