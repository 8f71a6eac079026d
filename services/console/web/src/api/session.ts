import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { useNavigate } from 'react-router';
import { homePath, isFramed } from '../embed/frame/place.ts';
import { ask, keepWord } from './client.ts';
import { forget, sessionKey, take, tellOtherTabs } from './session-changes.ts';
import { type BrowserSession, whoIsSignedIn } from './who.ts';

export type { BrowserSession } from './who.ts';

async function readSession(): Promise<BrowserSession | null> {
  const given = tokenFromFragment();
  if (given !== undefined) return begin(given);
  const session = await whoIsSignedIn();
  // Who came here from an identity provider may have signed in for pages that wait in another tab.
  if (session !== null) tellOtherTabs('signed-in');
  return session;
}

/** A token becomes a cookie that no script can read. */
async function begin(token: string): Promise<BrowserSession> {
  const { csrf } = await ask<{ csrf: string }>('/v1/session', { method: 'POST', body: { token } });
  keepWord(csrf);
  const session = await whoIsSignedIn();
  if (session === null) throw new Error('the browser keeps no cookie');
  tellOtherTabs('signed-in');
  return session;
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

/** Around the pages that only those see who are signed in: it is taken away with them, and never before. */
export const SignedIn = createContext<BrowserSession | undefined>(undefined);

/** The session within these pages. */
export function useSignedIn(): BrowserSession {
  const session = useContext(SignedIn);
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
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
    // What waits for a session does not hold up the way to one.
    networkMode: 'always',
    mutationFn: async (given: Credentials | { readonly token: string }) => {
      if ('token' in given) return begin(given.token);
      const granted = await ask<{ access_token: string }>('/v1/login', { method: 'POST', body: given });
      return begin(granted.access_token);
    },
    onSuccess: (session) => take(client, session),
  });
}

/** Signs out, in all tabs, and forgets everything that was read, and where. */
export function useSignOut(to = homePath) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => ask<{ url: string } | undefined>('/v1/session', { method: 'DELETE' }),
    onSuccess: (elsewhere) => {
      tellOtherTabs('signed-out');
      // The session at the identity provider ends too, and nobody lets that page be shown in a frame.
      if (elsewhere !== undefined && isFramed) window.open(elsewhere.url, '_blank', 'noopener');
      else if (elsewhere !== undefined) location.assign(elsewhere.url);
      void navigate(to, { replace: true });
      forget(client);
    },
  });
}

export const may = ({ scopes }: BrowserSession, scope: string): boolean =>
  scopes.includes('admin') || scopes.includes(scope);
