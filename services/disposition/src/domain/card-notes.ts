import { type CardNote, maxNoteLength } from '@patchcord/contracts';

/** One note of each person, in the order of age: who wrote on both of two cards has one of both texts. */
export function notesOf(all: readonly CardNote[]): CardNote[] {
  const byPerson = Map.groupBy(all, ({ by }) => by);
  return [...byPerson.values()].map(joined).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The revision is one that nobody has read: what is being typed over either of them is not written over both. */
const joined = (notes: readonly CardNote[]): CardNote =>
  notes.reduce((one, other) => ({
    by: one.by,
    text: [one.text, other.text]
      .filter((text) => text !== '')
      .join('\n')
      .slice(0, maxNoteLength),
    revision: Math.max(one.revision, other.revision) + 1,
    at: [one.at, other.at].toSorted()[1] ?? one.at,
  }));

/** The notes with what somebody wrote now. The same text changes nothing. */
export function withNote(notes: readonly CardNote[], { by, text, at }: Omit<CardNote, 'revision'>): CardNote[] {
  const known = notes.find((note) => note.by === by);
  if ((known?.text ?? '') === text) return [...notes];
  const note: CardNote = { by, text, revision: (known?.revision ?? 0) + 1, at };
  return known === undefined ? [...notes, note] : notes.map((one) => (one.by === by ? note : one));
}
