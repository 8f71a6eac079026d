import type { Card, CardNote, NoteOnCardReply } from '@patchcord/contracts';
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { ApiError, ask } from '../../../api/client.ts';

/**
 * What is being typed and not kept yet. It lies with what was read, not in a component: it outlives a card that is closed
 * while the console is away, and is forgotten when somebody signs out.
 */
export interface NoteDraft {
  readonly text: string;
  /** The revision that was read before it was typed. */
  readonly base: number;
  readonly state: 'kept' | 'typed' | 'saving' | 'failed' | 'refused' | 'conflict';
  readonly at?: string;
  readonly error?: unknown;
  /** Of a conflict: what stands there by now. */
  readonly theirs?: CardNote;
}

const keyOf = (cardId: string) => ['note', cardId] as const;
const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** After the last key; and before what failed is tried again. */
const [quietMs, againMs] = [700, 3000];

const draftOf = (client: QueryClient, cardId: string): NoteDraft | undefined => client.getQueryData(keyOf(cardId));

function put(client: QueryClient, cardId: string, draft: NoteDraft): void {
  client.setQueryData(keyOf(cardId), draft);
}

function later(client: QueryClient, cardId: string, ms: number): void {
  clearTimeout(timers.get(cardId));
  timers.set(
    cardId,
    setTimeout(() => void save(client, cardId), ms),
  );
}

function typed(client: QueryClient, cardId: string, { text, base }: Pick<NoteDraft, 'text' | 'base'>): void {
  const before = draftOf(client, cardId);
  const isSaving = before?.state === 'saving';
  put(client, cardId, { text, base: before?.base ?? base, state: isSaving ? 'saving' : 'typed' });
  // What is under way goes on with the rest when it is done.
  if (!isSaving) later(client, cardId, quietMs);
}

const putNote = (cardId: string, { text, base }: NoteDraft, keepalive = false): Promise<NoteOnCardReply> =>
  ask(`/v1/agent/cards/${encodeURIComponent(cardId)}/note`, {
    method: 'PUT',
    body: { text },
    headers: { 'if-match': `"${base}"` },
    keepalive,
  });

async function save(client: QueryClient, cardId: string): Promise<void> {
  clearTimeout(timers.get(cardId));
  const draft = draftOf(client, cardId);
  if (draft === undefined || (draft.state !== 'typed' && draft.state !== 'failed')) return;
  put(client, cardId, { ...draft, state: 'saving' });
  try {
    const { note } = await putNote(cardId, draft);
    const now = draftOf(client, cardId);
    if (now === undefined) return;
    const isAll = now.text === note.text;
    put(client, cardId, { text: now.text, base: note.revision, at: note.at, state: isAll ? 'kept' : 'typed' });
    if (!isAll) await save(client, cardId);
  } catch (error) {
    await afterRefusal(client, cardId, error);
  }
}

async function afterRefusal(client: QueryClient, cardId: string, error: unknown): Promise<void> {
  const draft = draftOf(client, cardId);
  if (draft === undefined) return;
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 412) return compare(client, cardId);
  const isForNow = status === 0 || status === 429 || status >= 500;
  put(client, cardId, { ...draft, state: isForNow ? 'failed' : 'refused', error });
  if (isForNow) later(client, cardId, againMs);
}

/** It was changed elsewhere: by this person in another tab, or because two cards became one. */
async function compare(client: QueryClient, cardId: string): Promise<void> {
  try {
    const [card, { by }] = await Promise.all([
      ask<Card>(`/v1/agent/cards/${encodeURIComponent(cardId)}`),
      ask<{ by: string }>(`/v1/agent/cards/${encodeURIComponent(cardId)}/choices`),
    ]);
    const theirs = card.notes.find((note) => note.by === by);
    const draft = draftOf(client, cardId);
    if (draft === undefined) return;
    if (theirs === undefined || theirs.text === draft.text)
      put(client, cardId, { text: draft.text, base: theirs?.revision ?? 0, state: 'kept' });
    else put(client, cardId, { ...draft, state: 'conflict', theirs });
  } catch (error) {
    const draft = draftOf(client, cardId);
    if (draft === undefined) return;
    put(client, cardId, { ...draft, state: 'failed', error });
    later(client, cardId, againMs);
  }
}

/** The last moment of a page: nobody waits for the answer. */
function saveAtOnce(client: QueryClient, cardId: string): void {
  const draft = draftOf(client, cardId);
  // One that is under way may be cut off with the page; the same text twice is kept once.
  if (draft === undefined || !['typed', 'saving', 'failed'].includes(draft.state)) return;
  void putNote(cardId, draft, true).catch(() => undefined);
}

/** What somebody notes on a card, kept while he types. */
export function useNote(cardId: string, mine: CardNote | undefined) {
  const client = useQueryClient();
  const { data: draft } = useQuery<NoteDraft>({
    queryKey: keyOf(cardId),
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
    queryFn: () => Promise.reject(new Error('it is only written')),
  });
  const revision = mine?.revision ?? 0;
  const isBehind = draft?.state === 'kept' && revision > draft.base;
  useEffect(() => {
    // Typed in another tab: nothing is lost when it is taken over.
    if (isBehind && mine !== undefined)
      put(client, cardId, { text: mine.text, base: mine.revision, at: mine.at, state: 'kept' });
  }, [client, cardId, isBehind, mine]);
  useEffect(() => {
    const leave = (): void => saveAtOnce(client, cardId);
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      void save(client, cardId);
    };
  }, [client, cardId]);
  const current: NoteDraft =
    draft === undefined || isBehind
      ? { text: mine?.text ?? '', base: revision, state: 'kept', ...(mine === undefined ? {} : { at: mine.at }) }
      : draft;
  const [text, setText] = useShownText(() => draftOf(client, cardId)?.text ?? current.text, current);
  return {
    draft: current,
    text,
    type: (next: string) => {
      setText(next);
      typed(client, cardId, { text: next, base: revision });
    },
    save: () => void save(client, cardId),
    /** Ends a conflict: with this text, over what stands there. */
    settle: (next: string) => {
      setText(next);
      put(client, cardId, { text: next, base: current.theirs?.revision ?? revision, state: 'typed' });
      void save(client, cardId);
    },
  };
}

/** What is read of the store comes a moment after it was put there: a field that showed that would lose letters. */
function useShownText(read: () => string, draft: NoteDraft): [string, (text: string) => void] {
  const [text, setText] = useState(draft.text);
  const readNow = useEffectEvent(read);
  useEffect(() => setText(readNow()), [draft.text, draft.state, draft.base]);
  return [text, setText];
}
