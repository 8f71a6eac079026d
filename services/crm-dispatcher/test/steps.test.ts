import { destinationKey, dispatchJob, queues, recordRetry } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmCall } from '../../../libs/connectors/test/crm/fake-http.ts';
import { newCallId, tenantId } from './call.ts';
import { recordings, recordingUrl, type StepsScene, startStepsScene, type Writing } from './steps-scene.ts';

let scene: StepsScene;
beforeAll(async () => {
  scene = await startStepsScene();
  await scene.fixture.startReplica();
  await scene.fixture.startReplica();
});
afterAll(() => scene.stop());

const contact = () => ({ module: 'Contact', id: scene.salesforce.seed('Contact', { LastName: 'Caller' }) });
const person = () => ({ module: 'persons', id: scene.pipedrive.seed('persons', { name: 'Joe Caller' }) });
const titleOf = ({ id }: { readonly id: string }): unknown => scene.salesforce.valuesOf('Contact', id)?.Title;
const sf = (more: Partial<Writing> = {}): Writing => ({ into: 'sf', callId: newCallId(), ...more });
const pd = (more: Partial<Writing> = {}): Writing => ({ into: 'pd', callId: newCallId(), ...more });
const entriesOf = (crm: 'salesforce' | 'pipedrive', summary: string) =>
  scene[crm].loggedCalls().filter(({ text }) => text.includes(summary));
const isUpdateOf =
  ({ id }: { readonly id: string }) =>
  ({ method, path }: CrmCall): boolean =>
    method === 'PATCH' && path.at(-1) === id;
const isEntry = ({ method, path }: CrmCall): boolean =>
  ['POST', 'PATCH'].includes(method) && (path.includes('Task') || path.includes('callLogs'));
const isNote = ({ method, path }: CrmCall): boolean => method === 'POST' && path.at(-1) === 'notes';
const notesAt = ({ id }: { readonly id: string }) =>
  scene.pipedrive.calls.filter((call) => isNote(call) && call.body.includes(`"person_id":${id}`));
const refusal = { status: 400, body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'not now' }] };

describe('steps - an answer that was lost', () => {
  it('of an entry, by key and by ledger: it is there once', async () => {
    scene.salesforce.failNext('lost-answer', isEntry);
    scene.pipedrive.failNext('lost-answer', isEntry);
    const summary = `lost ${newCallId()}`;
    const roots = [
      await scene.memorialize(sf({ record: { summary }, linked: [contact()] })),
      await scene.memorialize(pd({ record: { summary }, linked: [person()] })),
    ];
    expect(await scene.came(roots[0] ?? '')).toEqual(['timeline written', 'update written']);
    expect(await scene.came(roots[1] ?? '')).toEqual(['timeline written']);
    expect([entriesOf('salesforce', summary).length, entriesOf('pipedrive', summary).length]).toEqual([1, 1]);
  });

  it('of an entry with its recording: no note tells of the recording again', async () => {
    const at = person();
    const writing = pd({ linked: [at], record: { recordings } });
    scene.pipedrive.failNext('lost-answer', isEntry);
    expect(await scene.came(await scene.memorialize(writing))).toEqual(['timeline written']);
    expect(notesAt(at)).toEqual([]);
  });

  it('of the note with a recording: only a person has it written again', async () => {
    const at = person();
    const writing = pd({ linked: [at] });
    await scene.ended(await scene.memorialize(writing));
    scene.pipedrive.failNext('lost-answer', isNote);
    const root = await scene.memorialize({ ...writing, revision: 2, record: { recordings } });
    const letter = await scene.dead(root, 'recording');
    expect(letter.failure.code).toBe('write_unknown');
    expect([notesAt(at).length, scene.isOpen(root)]).toEqual([1, true]);
    await scene.replay(letter);
    expect(await scene.came(root)).toEqual(['recording written', 'timeline unable']);
    expect(notesAt(at).length).toBe(2);
  });
});

describe('steps - a recording that a CRM takes only with a new entry', () => {
  it('comes later as a note, once, whatever else is written', async () => {
    const at = person();
    const writing = pd({ linked: [at] });
    await scene.ended(await scene.memorialize(writing));
    // A refusal by which it is sure that nothing was written.
    scene.pipedrive.failNext({ status: 429, headers: { 'retry-after': '0' }, body: {} }, isNote);
    const second = await scene.memorialize({ ...writing, revision: 2, record: { recordings } });
    expect(await scene.came(second)).toEqual(['recording written', 'timeline unable']);
    const [refused, ...written] = notesAt(at);
    expect([refused?.body.includes(recordingUrl), written.length]).toEqual([true, 1]);
    const disposition = { optionId: 'no', name: 'Not sold' };
    const third = await scene.memorialize({ ...writing, revision: 3, record: { recordings, disposition } });
    expect(await scene.came(third)).toEqual(['recording unchanged', 'timeline unable']);
    expect(notesAt(at).length).toBe(2);
  });

  it('stands in the entry already: a later revision adds no note', async () => {
    const at = person();
    const writing = pd({ linked: [at], record: { recordings } });
    await scene.ended(await scene.memorialize(writing));
    const disposition = { optionId: 'no', name: 'Not sold' };
    const second = await scene.memorialize({ ...writing, revision: 2, record: { recordings, disposition } });
    expect(await scene.came(second)).toEqual(['timeline unable']);
    expect(notesAt(at)).toEqual([]);
  });
});

describe('steps - one that is dead', () => {
  it('stops none of the others; replayed it alone is done, and the end is told', async () => {
    const at = contact();
    const summary = `dead ${newCallId()}`;
    scene.salesforce.failNext(refusal, isUpdateOf(at));
    const root = await scene.memorialize(sf({ linked: [at], record: { summary } }));
    const letter = await scene.dead(root, 'update');
    await eventually(() => entriesOf('salesforce', summary).length === 1);
    expect([scene.isOpen(root), titleOf(at)]).toEqual([true, undefined]);
    const before = scene.salesforce.calls.length;
    await scene.replay(letter);
    expect(await scene.came(root)).toEqual(['timeline written', 'update written']);
    expect(titleOf(at)).toBe('Sold');
    const asked = scene.salesforce.calls.slice(before);
    expect(asked.filter((call) => isEntry(call))).toEqual([]);
    expect(asked.filter(isUpdateOf(at))).toHaveLength(1);
  });

  it('discarded: the end is told with it', async () => {
    const at = contact();
    scene.salesforce.failNext(refusal, isUpdateOf(at));
    const root = await scene.memorialize(sf({ linked: [at] }));
    await scene.discard(await scene.dead(root, 'update'));
    expect(await scene.came(root)).toEqual(['timeline written', 'update discarded']);
    expect(titleOf(at)).toBeUndefined();
  });

  it('a later revision does what it did not do, and then the dead one writes nothing any more', async () => {
    const at = contact();
    const writing = sf({ linked: [at] });
    scene.salesforce.failNext(refusal, isUpdateOf(at));
    const first = await scene.memorialize(writing);
    const letter = await scene.dead(first, 'update');
    const disposition = { optionId: 'sold', name: 'Sold', comments: 'again' };
    const second = await scene.memorialize({ ...writing, revision: 2, record: { disposition } });
    expect(await scene.came(second)).toEqual(['timeline written', 'update written']);
    expect(titleOf(at)).toBe('Sold');
    const before = scene.salesforce.calls.length;
    await scene.replay(letter);
    expect(await scene.came(first)).toEqual(['timeline written', 'update superseded']);
    expect(scene.salesforce.calls.slice(before)).toEqual([]);
  });

  it('an earlier revision that comes after a later one does nothing', async () => {
    const at = contact();
    const writing = sf({ linked: [at] });
    const later = { disposition: { optionId: 'no', name: 'Not sold' } };
    await scene.ended(await scene.memorialize({ ...writing, revision: 2, record: later }));
    expect(await scene.came(await scene.memorialize(writing))).toEqual(['plan superseded']);
    expect(titleOf(at)).toBe('Not sold');
  });
});

describe('steps - a field that the CRM refused', () => {
  it('was tried by no later revision with the same value, although the CRM would take it by then', async () => {
    const at = contact();
    const writing = sf({ into: 'two', linked: [at] });
    const isWithTitle = (call: CrmCall): boolean => isUpdateOf(at)(call) && call.body.includes('Title');
    // Both together, and the one alone.
    scene.salesforce.failNext(refusal, isWithTitle);
    scene.salesforce.failNext(refusal, isWithTitle);
    const resultOf = async (revision: number, comments: string) => {
      const disposition = { optionId: 'sold', name: 'Sold', comments };
      const root = await scene.memorialize({ ...writing, revision, record: { disposition } });
      return (await scene.ended(root)).find(({ step }) => step === 'update');
    };
    const first = await resultOf(1, 'first');
    expect(first?.fields).toEqual([
      { field: 'Title', outcome: 'refused', message: expect.any(String) },
      { field: 'FirstName', outcome: 'written' },
    ]);
    const second = await resultOf(2, 'second');
    expect(second?.fields).toEqual([
      { field: 'Title', outcome: 'written' },
      { field: 'FirstName', outcome: 'unchanged' },
    ]);
    expect(titleOf(at)).toBe('Sold');
    // What stands there is not written again.
    expect((await resultOf(3, 'third'))?.outcome).toBe('unchanged');
    expect(scene.salesforce.calls.filter(isWithTitle)).toHaveLength(3);
  });
});

describe('steps', () => {
  it('a call that is not logged is in no timeline, and the log says why; linked records are written', async () => {
    const at = contact();
    const summary = `missed ${newCallId()}`;
    const writing = sf({ linked: [at], record: { outcome: 'missed', summary } });
    const root = await scene.memorialize(writing);
    const results = await scene.ended(root);
    const timeline = results.find(({ step }) => step === 'timeline');
    expect(timeline).toMatchObject({ outcome: 'unable', message: 'calls that were missed are not logged here' });
    expect(titleOf(at)).toBe('Sold');
    expect(entriesOf('salesforce', summary)).toEqual([]);
    const row = await scene.fixture.until(timeline?.workId ?? '', 'discarded');
    expect(row.attempts).toMatchObject([{ failure: { code: 'not_logged' } }]);
  });

  it('that are done keep nothing of what was said', async () => {
    const comments = 'his pin is 4711';
    const disposition = { optionId: 'sold', name: 'Sold', comments };
    const record = { disposition, transcript: 'Ada: Hello.', summary: `short ${comments}`, variables: { PIN: '4711' } };
    const results = await scene.ended(await scene.memorialize(sf({ linked: [contact()], record })));
    const name = queues.crmDispatch(tenantId, destinationKey({ kind: 'crm', id: 'sf' }));
    const queue = scene.jobs.queue(name, dispatchJob, { schedule: recordRetry });
    const kept = await Promise.all(results.map(({ workId }) => queue.get(workId)));
    expect(kept.map((job) => job?.state)).toEqual(results.map(() => 'succeeded'));
    expect(kept.length).toBe(3);
    expect(JSON.stringify(kept)).not.toMatch(/4711|Hello/);
  });
});
