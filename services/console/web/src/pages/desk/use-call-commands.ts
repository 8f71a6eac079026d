import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, ask } from '../../api/client.ts';
import { deskPath } from './use-agent-state.ts';

/** Where a call is handed on to. */
export type TransferTo =
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'agent'; readonly agentId: string }
  | { readonly kind: 'queue'; readonly queue: string };

export type CallCommand =
  | { readonly command: 'hangup' | 'hold' | 'resume'; readonly callId: string }
  | { readonly command: 'transfer'; readonly callId: string; readonly to: TransferTo };

export type SessionCommand =
  | { readonly command: 'login' | 'logout' | 'unpause' }
  | { readonly command: 'pause'; readonly reason?: string };

export interface Dial {
  readonly to: string;
  readonly campaignId?: string;
  readonly contactId?: string;
}

type Command<Asked> = UseMutationResult<unknown, Error, Asked>;

/** Tells the agent's phone what to do with a call. What becomes of it comes by the stream. */
export function useCallCommand(agentId: string): Command<CallCommand> {
  const noted = useNotes(agentId);
  return useMutation({
    mutationFn: ({ command, callId, ...more }: CallCommand) =>
      ask(`/v1/calls/${encodeURIComponent(callId)}/${command}`, { method: 'POST', body: { agentId, ...more } }),
    onError: (error, { command }) => noted(command, error),
  });
}

/** His part in the queues: log in and out, pause and go on. */
export function useSessionCommand(agentId: string): Command<SessionCommand> {
  const noted = useNotes(agentId);
  return useMutation({
    mutationFn: ({ command, ...more }: SessionCommand) =>
      ask(`${deskPath(agentId)}/${command}`, { method: 'POST', body: more }),
    onError: (error, { command }) => noted(command, error),
  });
}

/** Calls somebody: the agent's own phone rings first. The same call that is tried again makes no second one. */
export function useDial(agentId: string): Command<Dial> {
  const noted = useNotes(agentId);
  const [request, setRequest] = useState({ of: '', id: '' });
  return useMutation({
    mutationFn: async (dial: Dial) => {
      const of = JSON.stringify(dial);
      const id = request.of === of ? request.id : newRequestId();
      setRequest({ of, id });
      await ask('/v1/calls', { method: 'POST', body: { agentId, ...dial, requestId: id } });
    },
    onSuccess: () => setRequest({ of: '', id: '' }),
    onError: (error) => {
      // What was refused for good is another call when it is tried again.
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) setRequest({ of: '', id: '' });
      noted('dial', error);
    },
  });
}

/** Names one call that is asked for. Also where the page is not served securely: there `crypto.randomUUID` is missing. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `desk-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** After-call work: more time for it, or its end. */
export function useAcw(agentId: string) {
  const path = (interactionId: string, what: string): string =>
    `${deskPath(agentId)}/acw/${encodeURIComponent(interactionId)}/${what}`;
  const end = useMutation({
    mutationFn: (interactionId: string) => ask(path(interactionId, 'end'), { method: 'POST' }),
  });
  const extend = useMutation({
    mutationFn: ({ interactionId, until, byMs }: { interactionId: string; until: string; byMs: number }) =>
      ask(path(interactionId, 'extend'), { method: 'POST', body: { until, byMs } }),
  });
  return { end, extend };
}

type Impossible = Readonly<Record<string, string>>;

const impossibleKey = (agentId: string) => ['desk-impossible', agentId] as const;

/** What his phone or PBX turned out not to be able to do, with the reason in its own words, until the page is left. */
export function useImpossible(agentId: string): Impossible {
  return useQueryClient().getQueryData<Impossible>(impossibleKey(agentId)) ?? {};
}

/** Remembers what cannot be done, and looks again whether the PBX is there when it was not. */
function useNotes(agentId: string): (command: string, error: Error) => void {
  const client = useQueryClient();
  return (command, error) => {
    if (!(error instanceof ApiError)) return;
    // A phone that cannot hold never will; a call that cannot be handed on now may be later.
    const never = error.code === 'not_supported' && (command === 'hold' || command === 'resume');
    if (never || error.code === 'pbx_permission')
      client.setQueryData<Impossible>(impossibleKey(agentId), (before = {}) => ({
        ...before,
        [command]: error.message,
      }));
    if (error.code === 'pbx_away' || error.code === 'pbx_unclear')
      void client.invalidateQueries({ queryKey: ['desk', agentId] });
  };
}
