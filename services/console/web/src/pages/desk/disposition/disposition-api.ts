import type { AfterCallInteraction, DispositionReply, DispositionValue, FormField } from '@patchcord/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../../api/client.ts';

const interactionsKey = (callId: string) => ['card', callId, 'interactions'] as const;

/** What is filled in and not sent yet: forgotten when it is recorded, or when somebody signs out. */
export const draftKey = (interactionId: string) => ['disposition-draft', interactionId] as const;

/** The parts that agents had in a call, with what became of them. */
export const readInteractions = (callId: string, signal?: AbortSignal) =>
  ask<{ interactions: AfterCallInteraction[] }>(
    `/v1/calls/${encodeURIComponent(callId)}/interactions`,
    signal === undefined ? {} : { signal },
  );

/** The parts that agents had in a call; who acts for one agent is told of his own. The last answered first. */
export const useInteractions = (callId: string) =>
  useQuery({
    queryKey: interactionsKey(callId),
    queryFn: ({ signal }) => readInteractions(callId, signal),
    select: ({ interactions }) => interactions.toSorted((a, b) => (a.answeredAt < b.answeredAt ? 1 : -1)),
    // After-call work ends by itself, and a disposition may be given in another tab.
    refetchInterval: 3000,
  });

/** A disposition that can be chosen, with its form. */
export interface DispositionChoice {
  readonly id: string;
  readonly name: string;
  readonly form?: { readonly id: string; readonly name: string; readonly fields: readonly FormField[] };
}

export const useDispositionChoices = (campaignId: string | undefined) =>
  useQuery({
    queryKey: ['disposition-choices', campaignId],
    queryFn: ({ signal }) =>
      ask<{ dispositions: DispositionChoice[] }>(
        `/v1/campaigns/${encodeURIComponent(campaignId ?? '')}/disposition-options`,
        { signal },
      ),
    enabled: campaignId !== undefined,
    select: ({ dispositions }) => dispositions,
    staleTime: 60_000,
  });

/** Records a disposition, or another one instead. The same again is no change, so what had no answer can be sent again. */
export function useDispose(callId: string, interactionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (disposition: Omit<DispositionValue, 'name'>) =>
      ask<DispositionReply>(`/v1/interactions/${encodeURIComponent(interactionId)}/disposition`, {
        method: 'POST',
        body: { disposition },
      }),
    onSuccess: () => {
      client.removeQueries({ queryKey: draftKey(interactionId) });
      return client.invalidateQueries({ queryKey: interactionsKey(callId) });
    },
  });
}
