import { randomUUID } from 'node:crypto';
import type { CrmCall, Reply } from '../fake-http.ts';

export const secrets = {
  username: 'cti',
  password: 'pass-4711',
  clientId: 'client-1',
  clientSecret: 'client-pass-4711',
};

export interface LogIns {
  /** Undefined: it is none of the log-in's addresses. */
  answer(call: CrmCall, url: string): Reply | undefined;
  isOpen(token: string): boolean;
  endAll(): void;
}

/** How one gets in. Codes and access tokens serve once. `dataCentre`: a path that has the user, where `loginInfo` is asked first. */
export function createLogIns({ terms = true }: { readonly terms?: boolean } = {}): LogIns {
  const issued = { codes: new Set<string>(), access: new Set<string>(), sessions: new Set<string>() };
  const made = (of: Set<string>): string => {
    const one = randomUUID();
    of.add(one);
    return one;
  };
  return {
    answer: (call, url) => {
      const { path, query, method } = call;
      switch (path.join('/')) {
        case 'rest-services/loginInfo':
          return query.get('username') === secrets.username
            ? { status: 307, headers: { location: `${url}/rest-services/dc/loginInfo?username=cti` } }
            : {
                status: 400,
                body: { errorMessage: 'invalid username', errorMessageKey: 'errors.user', errorCode: 400 },
              };
        case 'rest-services/dc/loginInfo':
          return { body: { oauthUrl: `${url}/oauth`, restUrl: `${url}/rest-services/` } };
        case 'oauth/authorize':
          return isUser(query) && terms
            ? {
                status: 302,
                headers: { location: `https://client.example.test/?code=${made(issued.codes)}&client_id=x` },
              }
            : { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' };
        case 'oauth/token':
          return isClient(method, query) && issued.codes.delete(query.get('code') ?? '')
            ? {
                body: {
                  access_token: made(issued.access),
                  token_type: 'Bearer',
                  expires_in: 600,
                  refresh_token: 'once',
                },
              }
            : { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid, expired, or revoked' } };
        case 'rest-services/login':
          return issued.access.delete(query.get('access_token') ?? '') && query.get('version') === '*'
            ? { body: { BhRestToken: made(issued.sessions), restUrl: `${url}/rest-services/e999/` } }
            : { status: 401, body: { errorMessage: 'Invalid or expired OAuth access token.', errorCode: 401 } };
        default:
          return undefined;
      }
    },
    isOpen: (token) => issued.sessions.has(token),
    endAll: () => issued.sessions.clear(),
  };
}

const isUser = (query: URLSearchParams): boolean =>
  query.get('username') === secrets.username &&
  query.get('password') === secrets.password &&
  query.get('client_id') === secrets.clientId &&
  query.get('response_type') === 'code' &&
  query.get('action') === 'Login';

const isClient = (method: string, query: URLSearchParams): boolean =>
  method === 'POST' &&
  query.get('grant_type') === 'authorization_code' &&
  query.get('client_id') === secrets.clientId &&
  query.get('client_secret') === secrets.clientSecret;
