import type { QueryClient } from '@tanstack/react-query';
import { ApiError, keepWord } from './client.ts';

/** Under this key the session is kept. */
export const sessionKey = ['session'] as const;

/** All tabs of a browser have one cookie. */
const channel = new BroadcastChannel('patchcord-session');

/** Tells the other tabs that somebody else, or nobody, is signed in now. */
export const tellOtherTabs = (): void => channel.postMessage('changed');

/** From now on nobody is signed in; everything that was read is forgotten. */
export function forget(client: QueryClient): void {
  keepWord(undefined);
  client.setQueryData(sessionKey, null);
  forgetWhatWasRead(client);
}

function forgetWhatWasRead(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
  client.getMutationCache().clear();
}

/** Keeps in step with what other tabs do, and with a session that is over while its pages are open. */
export function followSession(client: QueryClient): void {
  channel.onmessage = () => {
    forgetWhatWasRead(client);
    void client.resetQueries({ queryKey: sessionKey });
  };
  client.getQueryCache().config.onError = (error, { queryKey }) => {
    if (queryKey[0] !== sessionKey[0] && isOver(error)) forget(client);
  };
  client.getMutationCache().config.onError = (error) => {
    // Whoever is signing in has no session that could be over.
    if (isOver(error) && client.getQueryData(sessionKey)) forget(client);
  };
}

const isOver = (error: Error): boolean => error instanceof ApiError && error.status === 401;
