import { campaign as campaignSchema, type RecordJob, type Session } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { completeAcw, extendAcw, observe } from '../src/domain/acw.ts';
import { recordDisposition } from '../src/domain/record-disposition.ts';
import { writeRecords } from '../src/domain/records.ts';
import { type AfterCallState, type Effect, emptyState } from '../src/domain/state.ts';
import { answeredCall, callScript } from './call-script.ts';

const now = Date.parse('2026-11-20T23:41:30.000Z');
const rules = { timeoutMs: 30_000, now };
const campaign = campaignSchema.parse({
  id: 'support',
  name: 'Support',
  records: ['main', 'second'],
  dispositions: [
    { id: 'sold', name: 'Sold' },
    { id: 'callback', name: 'Call back' },
  ],
});

const done = (state: AfterCallState): AfterCallState => ({ ...state, pending: [] });
const see = (session: Session, state = emptyState) => observe({ session, state }, rules);
const kinds = ({ pending }: AfterCallState): string[] =>
  pending.map((effect) => (effect.kind === 'event' ? effect.event.type.replace('patchcord.v1.', '') : effect.kind));
const jobsOf = (effects: readonly Effect[]): RecordJob[] =>
  effects.flatMap((effect) => (effect.kind === 'dispatch' ? [effect.job] : []));
const nothing = { memorializations: [], links: { linked: [], unlinked: [] } };
const write = (session: Session, state: AfterCallState) =>
  writeRecords({ session, state: done(state) }, { campaign, ...nothing });
const dispose = (session: Session, state: AfterCallState, optionId: string, interactionId: string) =>
  recordDisposition(
    { session, state },
    { interactionId, agentId: undefined, disposition: { optionId }, campaign, forms: new Map(), now },
  );

test('acw - begins when the interaction is over, with its limit', () => {
  const call = answeredCall();
  const id = call.interactionId('1001');
  const talking = see(call.session());
  expect(kinds(talking)).toEqual(['index']);
  const over = see(call.released('1001'), done(talking));
  expect(kinds(over)).toEqual(['acw-timer', 'agent.acw-started']);
  expect(over.acw[id]).toMatchObject({ status: 'open', until: '2026-11-20T23:42:00.000Z', agent: { agentId: '1001' } });
});

test('acw - the same snapshot again changes nothing, not even the object', () => {
  const call = answeredCall();
  call.released('1001');
  const state = see(call.ended());
  expect(see(call.session(), state)).toBe(state);
});

test('acw - a call that ends while the agent talks begins it too', () => {
  const call = answeredCall();
  expect(see(call.ended()).acw[call.interactionId('1001')]?.status).toBe('open');
});

test('acw - phones that only rang have none', () => {
  const call = callScript();
  for (const agent of ['1001', '1002', '1003']) call.ringing(agent);
  call.answered('1002');
  const state = see(call.ended());
  expect(Object.keys(state.acw)).toEqual([call.interactionId('1002')]);
});

test('acw - a campaign without a limit of time has none', () => {
  const call = answeredCall();
  const state = observe({ session: call.ended(), state: emptyState }, { ...rules, timeoutMs: 0 });
  expect(state.acw[call.interactionId('1001')]).toMatchObject({ status: 'complete', reason: 'no-acw' });
  expect(kinds(state)).toEqual(['index', 'agent.acw-ended', 'after-call']);
});

test('acw - a disposition given during the call leaves nothing to do after it', () => {
  const call = answeredCall();
  const id = call.interactionId('1001');
  const given = dispose(call.session(), emptyState, 'sold', id);
  const state = see(call.released('1001'), 'state' in given ? given.state : emptyState);
  expect(state.acw[id]).toMatchObject({ status: 'complete', reason: 'disposition' });
});

test('acw - its end is a reason to look at the records; so is each change after it', () => {
  const call = answeredCall();
  const open = see(call.ended());
  expect(kinds(open)).not.toContain('after-call');
  const completion = { reason: 'agent', now } as const;
  const complete = completeAcw({ session: call.session(), state: done(open) }, call.interactionId('1001'), completion);
  expect(kinds(complete)).toEqual(['agent.acw-ended', 'acw-closed', 'after-call']);
  const later = see(
    call.tell({ type: 'patchcord.v1.call.variables-set', data: { variables: { a: 'b' } } }),
    done(complete),
  );
  expect(kinds(later)).toEqual(['after-call']);
});

test('acw - the first completion wins', () => {
  const call = answeredCall();
  const id = call.interactionId('1001');
  const session = call.released('1001');
  const first = completeAcw({ session, state: see(session) }, id, { reason: 'timeout', now });
  expect(completeAcw({ session, state: first }, id, { reason: 'agent', now })).toBe(first);
  expect(first.acw[id]?.reason).toBe('timeout');
});

test('acw - a timer that rings although there is more time by now ends nothing; that of the new end does', () => {
  const call = answeredCall();
  const id = call.interactionId('1001');
  const session = call.released('1001');
  const open = see(session);
  const until = open.acw[id]?.until ?? '';
  const extended = extendAcw({ session, state: open }, id, { byMs: 30_000, until, now });
  if (extended.outcome !== 'extended') throw new Error(extended.outcome);
  const { state } = extended;
  expect(completeAcw({ session, state }, id, { reason: 'timeout', now, onlyAfter: 0 })).toBe(state);
  const rung = completeAcw({ session, state }, id, { reason: 'timeout', now, onlyAfter: 1 });
  expect(rung.acw[id]).toMatchObject({ status: 'complete', reason: 'timeout' });
  const again = extendAcw({ session, state }, id, { byMs: 8 * 3_600_000, until: extended.until, now });
  expect(again.outcome).toBe('too-long');
});

test('acw - a consult call that became part of another has none, and closes what it had', () => {
  const call = answeredCall();
  const open = see(call.released('1001'));
  const merged = call.tell({ type: 'patchcord.v1.call.merged', data: { intoCallId: 'c-lab-other' } });
  expect(see(merged, open).acw[call.interactionId('1001')]).toMatchObject({ status: 'complete', reason: 'no-acw' });
  expect(see(merged)).toBe(emptyState);
  expect(write(merged, see(merged, open)).written).toEqual({});
});

test('disposition - recorded, changed, unchanged', () => {
  const call = answeredCall();
  const id = call.interactionId('1001');
  const first = dispose(call.session(), emptyState, 'sold', id);
  if (first.outcome !== 'recorded') throw new Error(first.outcome);
  expect(first.disposition).toEqual({ optionId: 'sold', name: 'Sold' });
  const again = dispose(call.session(), first.state, 'sold', id);
  expect(again).toMatchObject({ outcome: 'unchanged', state: first.state });
  const changed = dispose(call.session(), first.state, 'callback', id);
  if (changed.outcome !== 'changed') throw new Error(changed.outcome);
  const events = changed.state.pending.flatMap((effect) => (effect.kind === 'event' ? [effect.event] : []));
  expect(events.map(({ type }) => type)).toEqual([
    'patchcord.v1.disposition.recorded',
    'patchcord.v1.disposition.changed',
  ]);
  expect(events[1]?.data).toMatchObject({ agentId: '1001', previous: { optionId: 'sold' } });
  expect(new Set(events.map((event) => event.id)).size).toBe(2);
});

test('refuses a disposition that the campaign does not have, and one of an interaction that nobody answered', () => {
  const call = callScript();
  call.ringing('1001');
  call.ringing('1002');
  const session = call.answered('1001');
  const unknown = dispose(session, emptyState, 'gone', call.interactionId('1001'));
  expect(unknown).toEqual({ outcome: 'unknown-option', validIds: ['sold', 'callback'], campaignId: 'support' });
  const unanswered = dispose(session, emptyState, 'sold', call.interactionId('1002'));
  expect(unanswered).toEqual({ outcome: 'unknown-interaction' });
});

test('records - none before the after-call work is complete, then one for each connection', () => {
  const call = answeredCall();
  const id = call.interactionId('1001');
  const session = call.ended();
  const open = see(session);
  expect(write(session, open)).toEqual(done(open));
  const complete = completeAcw({ session, state: open }, id, { reason: 'timeout', now: now + 5000 });
  const jobs = jobsOf(write(session, complete).pending);
  expect(jobs.map(({ workId }) => workId)).toEqual([
    `w.${call.callId}.crm-main.after-call.${id}`,
    `w.${call.callId}.crm-second.after-call.${id}`,
  ]);
  expect(jobs[0]?.record).toMatchObject({ recordId: id, outcome: 'answered', campaignId: 'support', acwMs: 5000 });
});

test('records - written once, and again as the next revision when something became known', () => {
  const call = answeredCall();
  const id = call.interactionId('1001');
  let session = call.ended();
  const complete = completeAcw({ session, state: see(session) }, id, { reason: 'timeout', now });
  const written = write(session, complete);
  expect(jobsOf(write(session, written).pending)).toEqual([]);
  session = call.tell({
    type: 'patchcord.v1.call.recording-ready',
    data: { recordingId: 'r-1', legId: 'l-1', location: 'a.wav', startedAt: '2026-11-20T23:41:21.000Z' },
  });
  const jobs = jobsOf(write(session, written).pending);
  expect(jobs.map(({ workId, revision }) => [workId, revision])).toEqual([
    [`w.${call.callId}.crm-main.after-call.${id}.r2`, 2],
    [`w.${call.callId}.crm-second.after-call.${id}.r2`, 2],
  ]);
  expect(jobs[0]?.record).toMatchObject({ recordId: id, recordings: [{ recordingId: 'r-1' }] });
});

test("records - an agent's record is due when his part and his work are over, though the call goes on", () => {
  const call = answeredCall();
  call.released('1001');
  call.ringing('1002');
  const session = call.answered('1002');
  const state = completeAcw({ session, state: see(session) }, call.interactionId('1001'), { reason: 'agent', now });
  expect(jobsOf(write(session, state).pending).map(({ record }) => record.agent?.agentId)).toEqual(['1001', '1001']);
});

test('records - a call that no agent took has one, however many phones rang, once it has ended', () => {
  const call = callScript();
  call.offered();
  call.queued('support');
  for (const agent of ['1001', '1002', '1003']) call.ringing(agent);
  expect(write(call.session(), emptyState)).toEqual(emptyState);
  const session = call.ended();
  const jobs = jobsOf(write(session, see(session)).pending);
  expect(jobs.map(({ workId }) => workId)).toEqual([
    `w.${call.callId}.crm-main.after-call`,
    `w.${call.callId}.crm-second.after-call`,
  ]);
});

test('records - without a campaign or a connection there is nowhere to write', () => {
  const session = callScript().ended();
  const state = see(session);
  expect(writeRecords({ session, state }, { campaign: undefined, ...nothing })).toBe(state);
  expect(writeRecords({ session, state }, { campaign: { ...campaign, records: [] }, ...nothing })).toBe(state);
});

test('review - an end without an answer, which a killed process may still hold, is looked at later than others', () => {
  const review = (session: Session) => see(session).pending.find((effect) => effect.kind === 'after-call');
  const ended = answeredCall().ended();
  expect(review({ ...ended, interactions: [] })).toMatchObject({ unanswered: true });
  const { pending } = observe({ session: ended, state: emptyState }, { timeoutMs: 0, now });
  const reviews = pending.filter((effect) => effect.kind === 'after-call');
  expect(reviews.length).toBeGreaterThan(0);
  for (const effect of reviews) expect(effect).not.toHaveProperty('unanswered');
});
