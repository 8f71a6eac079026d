import { callRpc } from '@patchcord/bus';
import { type Card, type NoteOnCardRequest, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notesOf, withNote } from '../src/domain/card-notes.ts';
import { answeredCall, type CallScript } from './call-script.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
const timeoutMs = 5000;

beforeAll(async () => {
  fixture = await startFixture();
  await Promise.all([fixture.startReplica(), fixture.startReplica()]);
}, 60_000);
afterAll(() => fixture?.stop());

async function cardOfCall(): Promise<CallScript> {
  const call = answeredCall();
  await fixture.publish(call.session());
  await eventually(() => read(call).catch(() => undefined));
  return call;
}

const read = async ({ callId }: CallScript): Promise<Card> =>
  (await callRpc(fixture.bus, rpc.readCard, { tenantId, cardId: callId }, { timeoutMs })).card;

const note = ({ callId }: CallScript, text: string, more: Partial<NoteOnCardRequest> = {}) =>
  callRpc(fixture.bus, rpc.noteOnCard, { tenantId, cardId: callId, by: 'agent:1001', text, ...more }, { timeoutMs });

describe('what an agent writes down on a card', () => {
  it('is kept, and shown to whoever sees the card; the same again is no change', async () => {
    const call = await cardOfCall();
    const before = await read(call);
    expect(await note(call, 'wants a refund', { ifRevision: 0 })).toMatchObject({
      outcome: 'changed',
      note: { revision: 1, text: 'wants a refund' },
    });
    // The answer was lost: the same save comes again, with the revision that was read before it.
    expect(await note(call, 'wants a refund', { ifRevision: 0 })).toMatchObject({ outcome: 'unchanged' });
    const { notes, version } = await read(call);
    expect(notes).toMatchObject([{ by: 'agent:1001', text: 'wants a refund', revision: 1 }]);
    expect(version).toBe(before.version + 1);
  });

  it('is not written over by a tab that has not read it', async () => {
    const call = await cardOfCall();
    await note(call, 'one', { ifRevision: 0 });
    await expect(note(call, 'other', { ifRevision: 0 })).rejects.toMatchObject({ code: 'revision_conflict' });
    expect(await note(call, 'other', { ifRevision: 1 })).toMatchObject({ note: { revision: 2 } });
    const both = await Promise.allSettled(['a', 'b'].map((text) => note(call, text, { ifRevision: 2 })));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('is one for each person, and none of his who is not on the card', async () => {
    const call = await cardOfCall();
    await note(call, 'mine');
    await note(call, 'hers', { by: 'user:sam' });
    expect((await read(call)).notes.map(({ text }) => text)).toEqual(['mine', 'hers']);
    await expect(note(call, 'x', { onlyOf: '1099' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes with the card into another', async () => {
    const [one, other] = [await cardOfCall(), await cardOfCall()];
    await note(one, 'first');
    await note(other, 'second');
    const change = { what: 'merge', from: other.callId } as const;
    await callRpc(
      fixture.bus,
      rpc.changeCard,
      { tenantId, cardId: one.callId, by: 'agent:1001', change },
      { timeoutMs },
    );
    expect((await read(other)).notes).toMatchObject([{ text: 'first\nsecond', revision: 2 }]);
    // A tab that typed into either of them has to read first.
    await expect(note(one, 'third', { ifRevision: 1 })).rejects.toMatchObject({ code: 'revision_conflict' });
  });
});

describe('notes', () => {
  const at = '2026-11-21T10:00:00.000Z';

  it('of two cards that are too long together are cut where a card takes no more', () => {
    const long = { by: 'agent:1', text: 'x'.repeat(8000), revision: 4, at };
    const [joined] = notesOf([long, long]);
    expect([joined?.text.length, joined?.revision]).toEqual([8192, 5]);
  });

  it('can be emptied, and that is a change', () => {
    expect(withNote([{ by: 'agent:1', text: 'x', revision: 1, at }], { by: 'agent:1', text: '', at })).toMatchObject([
      { text: '', revision: 2 },
    ]);
    expect(withNote([], { by: 'agent:1', text: '', at })).toEqual([]);
  });
});
