import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { ApiError, ask, keepWord } from './client.ts';
import { forget, sessionKey, tellOtherTabs } from './session-changes.ts';

/** Who is signed in, and what he may do. */
export interface BrowserSession {
  readonly tenantId: string;
  readonly scopes: readonly string[];
  readonly userId?: string;
  readonly name?: string;
  readonly role?: 'agent' | 'supervisor' | 'admin';
  readonly agentId?: string;
  readonly csrf?: string;
}

async function readSession(): Promise<BrowserSession | null> {
  const given = tokenFromFragment();
  if (given !== undefined) return begin(given);
  try {
    return kept(await ask<BrowserSession>('/v1/session'));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

function kept(session: BrowserSession): BrowserSession {
  keepWord(session.csrf);
  return session;
}

/** A token becomes a cookie that no script can read. */
async function begin(token: string): Promise<BrowserSession> {
  const { csrf } = await ask<{ csrf: string }>('/v1/session', { method: 'POST', body: { token } });
  keepWord(csrf);
  tellOtherTabs();
  return kept(await ask<BrowserSession>('/v1/session'));
}

/** `#token=…` in the address, as the start of the demo prints it. It is taken out of the address at once. */
function tokenFromFragment(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** Who is signed in; `null`: nobody. */
export const useSession = () =>
  useQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: Number.POSITIVE_INFINITY });

/** The session within the pages that only those see who are signed in. */
export function useSignedIn(): BrowserSession {
  const { data } = useSession();
  if (data === undefined || data === null) throw new Error('nobody is signed in');
  return data;
}

export interface Credentials {
  readonly tenant?: string;
  readonly username: string;
  readonly password: string;
}

/** Signs in, with username and password or with an API token. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (given: Credentials | { readonly token: string }) => {
      if ('token' in given) return begin(given.token);
      const granted = await ask<{ access_token: string }>('/v1/login', { method: 'POST', body: given });
      return begin(granted.access_token);
    },
    onSuccess: (session) => client.setQueryData(sessionKey, session),
  });
}

/** Signs out, in all tabs, and forgets everything that was read, and where. */
export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => ask<void>('/v1/session', { method: 'DELETE' }),
    onSuccess: () => {
      tellOtherTabs();
      void navigate('/', { replace: true });
      forget(client);
    },
  });
}

export const may = ({ scopes }: BrowserSession, scope: string): boolean =>
  scopes.includes('admin') || scopes.includes(scope);
