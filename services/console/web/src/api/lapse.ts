import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

let lapsed = false;
const listeners = new Set<() => void>();

/**
 * Whether the session is over while its pages are open. They stay as they are, behind the question to sign in again:
 * what is asked of the API meanwhile waits, as it does without a network, instead of being refused again and again.
 */
export function setLapsed(now: boolean): void {
  if (lapsed === now) return;
  lapsed = now;
  onlineManager.setOnline(!now);
  for (const tell of listeners) tell();
}

export const hasLapsed = (): boolean => lapsed;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useLapsed = (): boolean => useSyncExternalStore(subscribe, hasLapsed);
