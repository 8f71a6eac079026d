import type {
  Card,
  CardAction,
  CardChoices,
  CardDuplicate,
  CardOperation,
  ChangeCardReply,
  LinkedRecord,
} from '@patchcord/contracts';
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, ask } from '../../../api/client.ts';

/** Where the cards lie among what was read. */
const cardKeys = {
  all: ['card'],
  one: (cardId: string) => ['card', cardId],
  duplicates: (cardId: string) => ['card', cardId, 'duplicates'],
  choices: (cardId: string) => ['card', cardId, 'choices'],
  ofAgent: (agentId: string) => ['cards', agentId],
} as const;

const pathOf = (cardId: string, rest = ''): string => `/v1/agent/cards/${encodeURIComponent(cardId)}${rest}`;

/** The stream tells of each change; who has none, and whoever missed one, reads again after a while. */
const [soonMs, laterMs] = [3000, 10_000];

const isRunning = ({ activities }: Card): boolean => activities.some(({ outcome }) => outcome === 'running');

/** A card, as it changes. */
export const useCard = (cardId: string) =>
  useQuery({
    queryKey: cardKeys.one(cardId),
    queryFn: ({ signal }) => ask<Card>(pathOf(cardId), { signal }),
    refetchInterval: ({ state: { data, error } }) => {
      // There is none (any more): the stream tells when there is.
      if (error instanceof ApiError && error.status === 404) return false;
      return data !== undefined && isRunning(data) ? soonMs : laterMs;
    },
    structuralSharing: (before, after) => newer(before as Card | undefined, after as Card),
  });

/** Answers may overtake each other: of one card the later version stays. */
const newer = (before: Card | undefined, after: Card): Card =>
  before !== undefined && before.cardId === after.cardId && before.version >= after.version ? before : after;

/** Puts a card that came with an answer where it is shown. */
function keepCard(client: QueryClient, cardId: string, card: Card): void {
  client.setQueryData<Card>(cardKeys.one(cardId), (before) => newer(before, card));
}

/** Cards of an agent, the last changed first. */
export const useCards = (agentId: string | undefined) =>
  useQuery({
    queryKey: cardKeys.ofAgent(agentId ?? ''),
    queryFn: ({ signal }) =>
      ask<{ cards: Card[] }>(`/v1/agent/cards${agentId === undefined ? '' : `?agentId=${agentId}`}`, { signal }),
    select: ({ cards }) => cards,
    refetchInterval: laterMs,
  });

export type Choices = CardChoices & { readonly by: string };

/** What can be started from a card, and who is asking. */
export const useChoices = (cardId: string) =>
  useQuery({
    queryKey: cardKeys.choices(cardId),
    queryFn: ({ signal }) => ask<Choices>(pathOf(cardId, '/choices'), { signal }),
    staleTime: 60_000,
  });

/** Cards that may be of the same customer. */
export const useDuplicates = (cardId: string, version: number) =>
  useQuery({
    queryKey: [...cardKeys.duplicates(cardId), version],
    queryFn: ({ signal }) => ask<{ duplicates: CardDuplicate[] }>(pathOf(cardId, '/duplicates'), { signal }),
    select: ({ duplicates }) => duplicates,
    placeholderData: (before) => before,
    refetchInterval: laterMs,
  });

export type CardChanging = { readonly what: CardOperation; readonly record: LinkedRecord };

/** Pins, unpins, links, unlinks. The same again is no change. */
export function useCardChange(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ what, record: { connection, module, id } }: CardChanging) =>
      ask<ChangeCardReply>(pathOf(cardId, `/${what}`), { method: 'POST', body: { connection, module, id } }),
    onSuccess: ({ card }) => keepCard(client, cardId, card),
    // What was refused may be so because the card is another by now.
    onError: () => client.invalidateQueries({ queryKey: cardKeys.one(cardId), exact: true }),
  });
}

/** Takes another card into this one. Once it is part of it, the same again is no change. */
export function useMerge(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (from: string) => ask<ChangeCardReply>(pathOf(cardId, '/merge'), { method: 'POST', body: { from } }),
    onSuccess: async ({ card }, from) => {
      keepCard(client, cardId, card);
      keepCard(client, from, card);
      await client.invalidateQueries({ queryKey: ['cards'] });
    },
  });
}

type ActionBody<Kind extends CardAction['kind']> = Omit<Extract<CardAction, { kind: Kind }>, 'kind'>;
export type ActionRequest = {
  [Kind in CardAction['kind']]: { readonly kind: Kind; readonly body: ActionBody<Kind>; readonly key: string };
}[CardAction['kind']];

/** Starts a search or a writing; its outcome is an activity of the card. The same key starts it once. */
export function useCardAction(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, body, key }: ActionRequest) =>
      ask<{ runIds: string[] }>(pathOf(cardId, `/actions/${kind}`), {
        method: 'POST',
        body,
        headers: { 'idempotency-key': key },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: cardKeys.one(cardId), exact: true }),
  });
}

/** Names one press of a button. Works without a secure context too, where there is no `randomUUID`. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
