import { agentEvents, callEvents, type EventDefinition, isCallEvent } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { applyEvent, fold, inOrder, orderKey, sessionsOf } from '../src/index.ts';
import { ann, at, bob, createCall } from './events.ts';

describe('fold - the life of a call', () => {
  it('queue, ring, answer, hold, end', () => {
    const call = createCall().offered(0).queued(10).rings(20, 'l-1').dequeued(1020, 'connected').answered(1025, 'l-1');
    call.held(2000, 'l-1').resumed(2500, 'l-1').released(4025, 'l-1').ended(4030);
    expect(fold(call.events)).toEqual({
      tenantId: 'demo',
      callId: 'c-lab-1',
      version: 9,
      state: 'ended',
      direction: 'inbound',
      ani: '+14155550123',
      dnis: '+12025550100',
      pbxId: 'lab',
      offeredAt: at(0),
      answeredAt: at(1025),
      endedAt: at(4030),
      outcome: 'answered',
      endedBy: 'customer',
      endReason: 'hangup',
      ivrs: [],
      digits: '',
      queues: [{ queue: 'support', enteredAt: at(10), leftAt: at(1020), waitMs: 1010, reason: 'connected' }],
      interactions: [
        {
          interactionId: 'i-1',
          legId: 'l-1',
          agent: ann,
          queue: 'support',
          state: 'ended',
          ringingAt: at(20),
          answeredAt: at(1025),
          endedAt: at(4025),
          ringMs: 1005,
          talkMs: 3000,
          holdMs: 500,
          holds: 1,
          pauses: [{ heldAt: at(2000), resumedAt: at(2500) }],
          endedBy: 'customer',
        },
      ],
      transfers: [],
      conference: [],
      variables: {},
      recordings: [],
    });
  });

  it('the state at every step', () => {
    const call = createCall().offered(0);
    call.add(5, callEvents.callIvrEntered, { ivr: 'menu', legId: 'l-0' });
    call.queued(10).rings(20, 'l-1').dequeued(30, 'connected').answered(35, 'l-1').held(40, 'l-1').resumed(50, 'l-1');
    call.released(60, 'l-1', 'agent').rings(70, 'l-2', bob).ended(80);
    const states = call.events.map((_, index) => fold(call.events.slice(0, index + 1)).state);
    expect(states).toEqual([
      'ringing',
      'ivr',
      'queued',
      'queued',
      'ringing',
      'talking',
      'held',
      'talking',
      'ivr',
      'ringing',
      'ended',
    ]);
  });

  it('applyEvent leaves the session it was given alone', () => {
    const call = createCall().offered(0).queued(10).rings(20, 'l-1').answered(30, 'l-1');
    const before = fold(call.events);
    const copy = structuredClone(before);
    const [next] = createCall().held(40, 'l-1').events;
    if (next !== undefined) applyEvent(before, next);
    expect(before).toEqual(copy);
  });

  it('variables are set, changed and deleted', () => {
    const call = createCall().variables(0, { A: '1', B: '2' }).variables(1, { A: '3', B: null });
    expect(fold(call.events).variables).toEqual({ A: '3' });
  });

  it('the trace is that of the first event that has one', () => {
    const trace = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
    const call = createCall()
      .queued(5)
      .offered(10, {}, { traceparent: trace('b') })
      .offered(20, {}, { traceparent: trace('c') });
    expect(fold(call.events.toReversed()).traceparent).toBe(trace('b'));
  });

  it('a call that is offered again is corrected, also after its end, and keeps its beginning', () => {
    const call = createCall()
      .offered(0, { direction: 'outbound' })
      .ended(900)
      .offered(900, { direction: 'outbound', dnis: '+1999' });
    expect(fold(call.events)).toMatchObject({ dnis: '+1999', offeredAt: at(0), state: 'ended', outcome: 'failed' });
  });

  it('null says that a time is not known', () => {
    const call = createCall().queued(0).rings(10, 'l-1');
    call.add(500, callEvents.callDequeued, { queue: 'support', legId: 'l-0', reason: 'connected', waitMs: null });
    call.add(500, callEvents.callAnswered, { agent: ann, legId: 'l-1', ringMs: null });
    const session = fold(call.events);
    expect(session.queues[0]).not.toHaveProperty('waitMs');
    expect(session.interactions[0]).not.toHaveProperty('ringMs');
  });

  it('a recording told twice is one; a conference is who is in it now', () => {
    const call = createCall();
    const recording = { recordingId: 'r-1', legId: 'l-1', location: '/a.wav', startedAt: at(0) };
    call.add(1, callEvents.callRecordingReady, recording);
    call.add(2, callEvents.callRecordingReady, { ...recording, endedAt: at(2) });
    call.add(3, callEvents.callConferenceChanged, { legIds: ['l-1', 'l-2', 'l-3'] });
    expect(fold(call.events)).toMatchObject({ recordings: [{ endedAt: at(2) }], conference: ['l-1', 'l-2', 'l-3'] });
    expect(fold(call.ended(4).events).conference).toEqual([]);
  });
});

describe('fold - outcomes', () => {
  const ring = () => createCall().offered(0).queued(10).rings(20, 'l-1').rings(20, 'l-2', bob);

  it.each([
    ['an agent spoke', createCall().offered(0).answered(10, 'l-1').released(20, 'l-1').ended(20), 'answered'],
    ['he hung up in the queue', ring().abandoned(500).dequeued(500, 'abandoned').ended(510), 'abandoned'],
    ['the event is missing, but he hung up', ring().ended(510), 'abandoned'],
    [
      'the limit of the queue',
      ring().dequeued(500, 'timeout').missed(501, 'l-1').missed(501, 'l-2', bob).ended(510, { endedBy: 'system' }),
      'missed',
    ],
    ['he hung up after the limit of the queue', ring().dequeued(500, 'timeout').ended(900), 'missed'],
    ['nobody took it', ring().missed(501, 'l-1').missed(501, 'l-2', bob).ended(510, { endedBy: 'system' }), 'missed'],
    [
      'who was called is busy',
      createCall().offered(0, { direction: 'outbound' }).ended(9, { reason: 'busy' }),
      'failed',
    ],
    ['the PBX crashed before an answer', ring().ended(510, { endedBy: 'system', reason: 'pbx-crash' }), 'failed'],
    [
      'the PBX crashed after an answer',
      ring().answered(30, 'l-1').ended(510, { endedBy: 'system', reason: 'pbx-crash' }),
      'answered',
    ],
    ['it was part of another', createCall().offered(0).answered(10, 'l-1').merged(20, 'c-lab-0'), 'merged'],
  ] as const)('%s', (_, call, outcome) => {
    expect(fold(call.events)).toMatchObject({ outcome, state: 'ended' });
  });

  it('there is none while the call lasts, although the caller has asked to leave', () => {
    expect(fold(ring().abandoned(500).events)).not.toHaveProperty('outcome');
  });
});

describe('fold - odd events', () => {
  it('the end of a call that was never offered', () => {
    expect(fold(createCall().ended(10).events)).toMatchObject({
      state: 'ended',
      endedAt: at(10),
      outcome: 'abandoned',
    });
  });

  it('the end closes what is open', () => {
    const call = createCall()
      .offered(0)
      .queued(1)
      .rings(2, 'l-1')
      .answered(3, 'l-1')
      .held(10, 'l-1')
      .rings(20, 'l-2', bob)
      .ended(30);
    const session = fold(call.events);
    expect(session.interactions).toMatchObject([
      { state: 'ended', talkMs: 27, holdMs: 20, endedBy: 'customer' },
      { state: 'missed', missedReason: 'caller-gone', ringMs: 10 },
    ]);
    expect(session.interactions[0]).not.toHaveProperty('heldAt');
    expect(session.queues).toMatchObject([{ reason: 'left', leftAt: at(30) }]);
  });

  it('only the first end counts', () => {
    expect(fold(createCall().offered(0).ended(10).ended(20, { endedBy: 'agent' }).events)).toMatchObject({
      endedAt: at(10),
      endedBy: 'customer',
    });
  });

  it('a leg nobody heard of is answered, missed, released', () => {
    const call = createCall().answered(10, 'l-1').missed(20, 'l-2', bob).released(30, 'l-3', 'agent', bob);
    expect(fold(call.events).interactions.map(({ legId, state }) => [legId, state])).toEqual([
      ['l-1', 'talking'],
      ['l-2', 'missed'],
      ['l-3', 'ended'],
    ]);
  });

  it('a hold of a leg nobody heard of is passed over', () => {
    expect(fold(createCall().held(10, 'l-9').resumed(20, 'l-9').events).interactions).toEqual([]);
  });

  it('missed after answered is not true; answered after missed is', () => {
    const session = fold(
      createCall().answered(10, 'l-1').missed(20, 'l-1').missed(30, 'l-2', bob).answered(40, 'l-2', bob).events,
    );
    expect(session.interactions.map(({ state }) => state)).toEqual(['talking', 'talking']);
    expect(session.interactions[1]).not.toHaveProperty('missedReason');
  });

  it('leaving a queue that was not entered tells when that was', () => {
    const call = createCall();
    call.add(1000, callEvents.callDequeued, { queue: 'a', legId: 'l-0', reason: 'left', waitMs: 400 });
    expect(fold(call.events).queues).toEqual([
      { queue: 'a', enteredAt: at(600), leftAt: at(1000), waitMs: 400, reason: 'left' },
    ]);
  });

  it('being told again that he waits is not another visit; coming back is', () => {
    const call = createCall().queued(0).queued(10).dequeued(20, 'left').queued(30);
    expect(fold(call.events).queues).toHaveLength(2);
  });

  it('refuses nothing to fold, and events of two calls', () => {
    expect(() => fold([])).toThrow(TypeError);
    expect(() => fold([...createCall('c-1').offered(0).events, ...createCall('c-2').offered(0).events])).toThrow(
      /two calls/,
    );
  });
});

describe('fold - many calls', () => {
  it('sessionsOf sorts a mixed lot and passes over what is not of calls', () => {
    const later = createCall('c-2').offered(100).ended(200);
    const earlier = createCall('c-1').offered(50);
    const other = createCall('1001');
    const definition: EventDefinition<string, unknown> = {
      ...agentEvents.agentStateChanged,
      data: agentEvents.agentStateChanged.data,
    };
    other.add(1, definition, { agent: ann, state: 'ready' });
    const sessions = sessionsOf([...later.events, ...other.events, ...earlier.events, ...later.events]);
    expect(sessions.map(({ callId, version }) => [callId, version])).toEqual([
      ['c-1', 1],
      ['c-2', 2],
    ]);
    expect(other.events.filter(isCallEvent)).toEqual([]);
  });

  it('order is time, then sequence as a number, then id; each id once', () => {
    const event = (ms: number, sequence: string, id: string) => ({ time: at(ms), sequence, id, source: 's' });
    const sorted = [event(1, '2', 'a'), event(1, '10', 'a1'), event(1, '10', 'b'), event(20, '1', 'c')];
    expect(inOrder([...sorted.toReversed(), ...sorted])).toEqual(sorted);
    expect(sorted.map(orderKey).toSorted()).toEqual(sorted.map(orderKey));
  });

  it('the same instant in another offset is the same instant', () => {
    const early = { time: '2026-11-20T13:00:00.000+02:00', sequence: '1', id: 'a', source: 's' };
    expect(orderKey(early) < orderKey({ time: at(0), sequence: '0', id: 'b', source: 's' })).toBe(true);
  });
});
