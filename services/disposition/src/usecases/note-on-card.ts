import { Failure, type NoteOnCardReply, type NoteOnCardRequest } from '@patchcord/contracts';
import { changed } from '../domain/card.ts';
import { withNote } from '../domain/card-notes.ts';
import type { CardChange } from './change-card-state.ts';
import { demandSeen } from './use-card.ts';

interface NoteOnCardOptions {
  readonly cards: Pick<CardChange, 'change'>;
  readonly now: () => number;
}

export type NoteOnCard = (request: NoteOnCardRequest) => Promise<NoteOnCardReply>;

/**
 * Keeps what somebody writes down while he talks. The same text again is no change, in whatever revision it is: a save
 * of which the answer was lost can be repeated.
 *
 * @throws Failure permanent `not_found` | `revision_conflict`
 */
export function createNoteOnCard({ cards, now }: NoteOnCardOptions): NoteOnCard {
  return async ({ by, text, ifRevision, ...address }) =>
    cards.change<NoteOnCardReply>(address, (known) => {
      const before = demandSeen(known, address);
      const at = new Date(now()).toISOString();
      const mine = before.notes.find((note) => note.by === by) ?? { by, text: '', revision: 0, at };
      if (mine.text === text) return { state: before, result: { outcome: 'unchanged', note: mine } };
      if (ifRevision !== undefined && ifRevision !== mine.revision) {
        const message = `the note is in revision ${mine.revision} by now: it was changed elsewhere`;
        throw new Failure('permanent', 'revision_conflict', message);
      }
      const state = changed(before, { ...before, notes: withNote(before.notes, { by, text, at }) }, now());
      const note = { by, text, revision: mine.revision + 1, at };
      return { state, result: { outcome: 'changed', note } };
    });
}
