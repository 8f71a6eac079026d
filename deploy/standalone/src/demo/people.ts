import { randomBytes } from 'node:crypto';
import type { Api } from './pbx.ts';

/** Who can be signed in by a link. */
export type DemoPerson = 'ana' | 'ada';

export interface DemoPeople {
  /** An access token of this person, made anew each time. */
  tokenOf(person: DemoPerson): Promise<string>;
}

/** Gives the people of the demo passwords that nobody knows: they come in by the links that are printed. */
export async function createDemoPeople({ consoleUrl, token }: Pick<Api, 'consoleUrl' | 'token'>): Promise<DemoPeople> {
  const password = randomBytes(24).toString('base64url');
  const send = async (method: string, path: string, body: unknown): Promise<string> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${consoleUrl}${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return text;
  };
  for (const person of ['ana', 'ada']) await send('PUT', `/v1/users/${person}/password`, { password });
  return {
    tokenOf: async (person) => {
      const granted = await send('POST', '/v1/login', { tenant: 'demo', username: person, password });
      return (JSON.parse(granted) as { access_token: string }).access_token;
    },
  };
}
