import type { DigitalContact, DigitalSegment } from '@patchcord/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../../api/client.ts';

/** A conversation of an agent, and his part of it. */
export interface OwnContact {
  readonly contact: DigitalContact;
  readonly segment: DigitalSegment;
}

/** Of which an agent has a part that is not over. Who acts for no agent (undefined) sees those of everybody. */
export const useDigitalContacts = (agentId: string | undefined) =>
  useQuery({
    queryKey: ['digital', agentId ?? ''],
    queryFn: ({ signal }) =>
      ask<{ contacts: DigitalContact[] }>(
        `/v1/digital-interactions${agentId === undefined ? '' : `?agentId=${encodeURIComponent(agentId)}`}`,
        { signal },
      ),
    select: ({ contacts }): OwnContact[] => contacts.flatMap((contact) => ownOf(contact, agentId)),
    refetchInterval: 3000,
  });

function ownOf(contact: DigitalContact, agentId: string | undefined): OwnContact[] {
  const segment = contact.segments.findLast(
    ({ agent, endedAt }) => endedAt === undefined && (agentId === undefined || agent.agentId === agentId),
  );
  return segment === undefined ? [] : [{ contact, segment }];
}

export type DigitalDoing =
  | { readonly kind: 'release' | 'dismiss' | 'close' }
  | { readonly kind: 'transfer'; readonly to: { readonly agentId: string } | { readonly queue: string } };

/** What is done is told, and heard of a moment later. Told twice, it is done once. */
export function useDigitalAction({ contact: { contactId }, segment: { segmentId } }: OwnContact) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (doing: DigitalDoing) =>
      ask<{ outcome: 'told' | 'unchanged' }>(
        `/v1/digital-interactions/${contactId}/segments/${segmentId}/${doing.kind}`,
        { method: 'POST', ...(doing.kind === 'transfer' ? { body: { to: doing.to } } : {}) },
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['digital'] }),
  });
}

/** Whom a conversation can be handed on to. */
export const useTransferTargets = (enabled: boolean) =>
  useQuery({
    queryKey: ['transfer-targets'],
    queryFn: ({ signal }) =>
      ask<{ agents: { agentId: string; name: string }[]; queues: string[] }>('/v1/transfer-targets', { signal }),
    enabled,
    staleTime: 60_000,
  });
