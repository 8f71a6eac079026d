import type { QueryClient } from '@tanstack/react-query';
import { ApiError, keepWord } from './client.ts';
import { hasLapsed, setLapsed } from './lapse.ts';
import { type BrowserSession, personKey, whoIsSignedIn } from './who.ts';

/** Under this key the session is kept. */
export const sessionKey = ['session'] as const;

type Change = 'signed-in' | 'signed-out';

/** All tabs of a browser have one cookie. */
const channel = new BroadcastChannel('patchcord-session');

/** Tells the other tabs that somebody, or nobody, is signed in now. */
export const tellOtherTabs = (change: Change): void => channel.postMessage(change);

/** From now on nobody is signed in; everything that was read is forgotten. */
export function forget(client: QueryClient): void {
  keepWord(undefined);
  client.setQueryData(sessionKey, null);
  forgetWhatWasRead(client);
  setLapsed(false);
}

function forgetWhatWasRead(client: QueryClient): void {
  client.removeQueries({ predicate: isOfPages });
  client.getMutationCache().clear();
}

const isOfPages = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean => queryKey[0] !== sessionKey[0];

/** This one is signed in from now on. Pages that are open stay, unless they are somebody else's. */
export function take(client: QueryClient, session: BrowserSession): void {
  const before = client.getQueryData<BrowserSession | null>(sessionKey) ?? undefined;
  const returns = hasLapsed();
  if (before !== undefined && personKey(before) !== personKey(session)) forgetWhatWasRead(client);
  client.setQueryData(sessionKey, session);
  setLapsed(false);
  if (returns) void client.invalidateQueries({ predicate: isOfPages });
}

let checking: Promise<void> | undefined;

/** Asks who is signed in now. Where nobody is any more, the pages wait until somebody signs in again. */
export function checkSession(client: QueryClient): Promise<void> {
  checking ??= check(client).finally(() => {
    checking = undefined;
  });
  return checking;
}

async function check(client: QueryClient): Promise<void> {
  // No answer says nothing about the session.
  const session = await whoIsSignedIn().catch(() => undefined);
  if (session === undefined) return;
  if (session !== null) take(client, session);
  else if (client.getQueryData(sessionKey)) {
    keepWord(undefined);
    setLapsed(true);
  }
}

/** Keeps in step with what other tabs do, and with a session that is over while its pages are open. */
export function followSession(client: QueryClient): void {
  channel.onmessage = ({ data }: MessageEvent<Change>) => {
    if (data === 'signed-out') forget(client);
    else void checkSession(client);
  };
  const onError = (error: Error): void => {
    // Whoever is signing in has no session that could be over.
    if (isOver(error) && client.getQueryData(sessionKey) && !hasLapsed()) void checkSession(client);
  };
  client.getQueryCache().config.onError = (error, query) => {
    if (isOfPages(query)) onError(error);
  };
  client.getMutationCache().config.onError = onError;
}

const isOver = (error: Error): boolean => error instanceof ApiError && error.status === 401;
