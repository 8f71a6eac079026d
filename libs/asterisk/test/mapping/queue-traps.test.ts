import { renderStory, storyOf } from '@patchcord/call-model';
import { callEvents } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { type AmiMessage, field } from '../../src/index.ts';
import { changed, createPbx, data, recorded, talking, without } from './pbx.ts';

const tell = (events: Parameters<typeof storyOf>[0]): string => renderStory(storyOf(events));
const asRecorded = (name: string): string => tell(changed(name, (message) => message));

describe('queue calls - orders that are not guaranteed', () => {
  it('Newstate(Ringing) before AgentCalled and DialBegin still tells the queue', () => {
    const pbx = createPbx().call('1.0').join('1.0', 'support').phone('1.1', '1001', '1.0');
    pbx.on('1.1', 'Newstate', { ChannelState: '5' });
    expect(pbx.types()).not.toContain('call.agent-ringing');
    pbx.dial('1.0', '1.1', 'AgentCalled', { Queue: 'support', Interface: 'PJSIP/1001', MemberName: 'Ann' });
    pbx.dial('1.0', '1.1', 'DialBegin');
    expect(data(pbx.events, callEvents.callAgentRinging)).toEqual([
      { agent: { agentId: '1001', name: 'Ann', interface: 'PJSIP/1001' }, legId: 'l-lab-1_2E1', queue: 'support' },
    ]);
  });

  it('DialState says RINGING as Newstate does; the phone rings once', () => {
    const pbx = createPbx()
      .call('1.0')
      .ring('1.0', '1.1', '1001')
      .dial('1.0', '1.1', 'DialState', { DialStatus: 'RINGING' });
    expect(data(pbx.events, callEvents.callAgentRinging)).toHaveLength(1);
  });

  it.each([
    ['caller first', '1.0', '1.1'],
    ['agent first', '1.1', '1.0'],
  ])('Hangup of the two legs in either order: %s', (_, first, second) => {
    const pbx = talking().on('1.0', 'HangupRequest').hangup(first).hangup(second);
    expect(data(pbx.events, callEvents.callAgentReleased)).toMatchObject([{ endedBy: 'customer' }]);
    expect(data(pbx.events, callEvents.callEnded)).toMatchObject([{ endedBy: 'customer', reason: 'hangup' }]);
    expect(pbx.mapper.openCalls()).toEqual([]);
  });
});

describe('queue calls - AgentComplete lies or is missing', () => {
  it.each(['s8_race', 's5_att_refer', 's5_redirect', 's9_local_opt'])(
    '%s - AgentComplete without any field changes nothing',
    (name) => {
      const stripped = (message: AmiMessage): AmiMessage =>
        field(message, 'Event') === 'AgentComplete'
          ? { headers: message.headers.filter(([key]) => ['Event', 'Queue', 'Interface'].includes(key)) }
          : message;
      expect(tell(changed(name, stripped))).toBe(asRecorded(name));
      expect(tell(changed(name, without('AgentComplete', 'AgentConnect')))).toBe(asRecorded(name));
    },
  );

  it('AgentComplete alone does not end the call', () => {
    const pbx = talking().dial('1.0', '1.1', 'AgentComplete', {
      Queue: 'support',
      Interface: 'PJSIP/1001',
      Reason: 'caller',
    });
    expect(pbx.types()).not.toContain('call.agent-released');
    expect(pbx.mapper.openCalls()).toHaveLength(1);
  });

  it('Reason=caller of AgentComplete at a restart is not true: the PBX ended it', () => {
    const pbx = talking()
      .on('1.0', 'SoftHangupRequest', { Cause: '16' })
      .on('1.1', 'SoftHangupRequest', { Cause: '16' });
    pbx.dial('1.0', '1.1', 'AgentComplete', { Queue: 'support', Interface: 'PJSIP/1001', Reason: 'caller' });
    pbx.hangup('1.1').hangup('1.0');
    expect(data(pbx.events, callEvents.callEnded)).toMatchObject([{ endedBy: 'system' }]);
    expect(data(pbx.events, callEvents.callAgentReleased)).toMatchObject([{ endedBy: 'system' }]);
  });

  it('the caller outlives AgentComplete (option c, a survey) and hangs up later: he ended the call', () => {
    const pbx = talking().on('1.1', 'HangupRequest').leave('b1', '1.1', '1.0').hangup('1.1');
    pbx.on('1.0', 'Newexten', { Application: 'Playback', Context: 'in' }).wait(3000);
    expect(pbx.types()).not.toContain('call.ended');
    expect(pbx.types()).not.toContain('call.transferred');
    pbx.on('1.0', 'HangupRequest').hangup('1.0');
    expect(data(pbx.events, callEvents.callAgentReleased)).toMatchObject([{ endedBy: 'agent' }]);
    expect(data(pbx.events, callEvents.callEnded)).toMatchObject([{ endedBy: 'customer' }]);
  });
});

describe('queue calls - nobody answers', () => {
  it('DialEnd comes twice for one leg (NOANSWER, CANCEL): missed once', () => {
    const events = changed('s9_rona', (message) => message);
    expect(data(events, callEvents.callAgentMissed)).toEqual([
      expect.objectContaining({ legId: 'l-lab-1795217078_2E201', reason: 'no-answer', ringMs: 3001 }),
    ]);
  });

  it('RingTime of AgentRingNoAnswer is in ms, of AgentConnect in s: both are measured instead', () => {
    const pbx = createPbx()
      .call('1.0')
      .join('1.0', 'support')
      .ring('1.0', '1.1', '1001', { queue: 'support' })
      .wait(3123);
    pbx.dial('1.0', '1.1', 'AgentRingNoAnswer', { RingTime: '3000', Queue: 'support' }).wait(5).hangup('1.1', '0');
    expect(data(pbx.events, callEvents.callAgentMissed)).toMatchObject([{ reason: 'no-answer', ringMs: 3123 }]);
  });

  it.each([
    { what: '486 after ringing is a phone that declined', cause: '17', sip: '486', rang: true, reason: 'declined' },
    { what: '486 without ringing is a phone that is busy', cause: '17', sip: '486', rang: false, reason: 'busy' },
    { what: '603 is a phone that declined', cause: '21', sip: '603', rang: true, reason: 'declined' },
    { what: 'cause 26 is answered elsewhere', cause: '26', sip: undefined, rang: true, reason: 'answered-elsewhere' },
    { what: 'cause 0 after ringing is no answer', cause: '0', sip: undefined, rang: true, reason: 'no-answer' },
    {
      what: 'cause 0 without ringing is a phone that is not there',
      cause: '0',
      sip: undefined,
      rang: false,
      reason: 'unreachable',
    },
    {
      what: 'cause 20 is a phone that is not registered',
      cause: '20',
      sip: undefined,
      rang: false,
      reason: 'unreachable',
    },
    { what: 'cause 34 is a PBX without channels', cause: '34', sip: undefined, rang: false, reason: 'failed' },
  ])('DialEnd says NOANSWER, the truth is the cause of Hangup: $what', ({ cause, sip, rang, reason }) => {
    const pbx = createPbx()
      .call('1.0')
      .join('1.0', 'support')
      .phone('1.1', '1001', '1.0')
      .dial('1.0', '1.1', 'DialBegin');
    if (rang) pbx.on('1.1', 'Newstate', { ChannelState: '5' });
    pbx.wait(100).dial('1.0', '1.1', 'DialEnd', { DialStatus: 'NOANSWER' });
    pbx.hangup('1.1', cause, sip === undefined ? {} : { TechCause: sip });
    expect(data(pbx.events, callEvents.callAgentMissed)).toMatchObject([{ reason }]);
    expect(pbx.types()).not.toContain('call.ended');
  });

  it('a phone that is gone is called but never rings', () => {
    const events = changed('s9_agent_unreachable', (message) => message);
    expect(data(events, callEvents.callAgentRinging).map(({ agent }) => agent.agentId)).toEqual(['1002']);
    expect(data(events, callEvents.callAgentMissed)).toMatchObject([
      { agent: { agentId: '1001' }, reason: 'unreachable' },
    ]);
    expect(data(events, callEvents.callAgentMissed)[0]).not.toHaveProperty('ringMs');
  });

  it('QueueCallerAbandon does not mean that the caller hung up: the limit of the queue', () => {
    const events = changed('s3_queue_timeout', (message) => message);
    expect(data(events, callEvents.callDequeued)).toMatchObject([{ reason: 'timeout', waitMs: 5003 }]);
    expect(data(events, callEvents.callAbandoned)).toEqual([]);
    expect(storyOf(events).calls).toMatchObject([{ outcome: 'missed', endedBy: 'system' }]);
  });

  it('who hangs up in the announcement after the limit was given up before: missed, not abandoned', () => {
    const pbx = createPbx().call('1.0').join('1.0', 'support').wait(5000).on('1.0', 'QueueCallerAbandon');
    pbx.on('1.0', 'QueueCallerLeave').wait(900).on('1.0', 'HangupRequest').hangup('1.0', '0');
    expect(pbx.story().calls).toMatchObject([{ outcome: 'missed', endedBy: 'customer' }]);
  });

  it('who joins a second queue after the limit of the first and hangs up there has abandoned', () => {
    const pbx = createPbx().call('1.0').join('1.0', 'a').wait(5000).on('1.0', 'QueueCallerAbandon');
    pbx.on('1.0', 'QueueCallerLeave').join('1.0', 'b').wait(700).on('1.0', 'HangupRequest');
    pbx.on('1.0', 'QueueCallerAbandon').on('1.0', 'QueueCallerLeave').hangup('1.0', '0');
    expect(data(pbx.events, callEvents.callAbandoned)).toEqual([{ during: 'queue', queue: 'b', waitMs: 700 }]);
    expect(pbx.story().calls[0]?.queues).toEqual([
      { queue: 'a', waitMs: 5000, reason: 'timeout' },
      { queue: 'b', waitMs: 700, reason: 'abandoned' },
    ]);
  });

  it('a caller who leaves the queue by a key is neither', () => {
    const pbx = createPbx().call('1.0').join('1.0', 'support').wait(500).on('1.0', 'QueueCallerLeave');
    expect(data(pbx.events, callEvents.callDequeued)).toMatchObject([{ reason: 'left', waitMs: 500 }]);
  });

  it('a call that rang many phones is missed once', () => {
    const pbx = createPbx().call('1.0').join('1.0', 'support');
    for (const number of ['1001', '1002', '1003']) pbx.ring('1.0', `1.${number}`, number, { queue: 'support' });
    pbx.wait(3000).on('1.0', 'QueueCallerAbandon').on('1.0', 'QueueCallerLeave');
    for (const number of ['1001', '1002', '1003']) pbx.hangup(`1.${number}`, '0');
    pbx.on('1.0', 'SoftHangupRequest').hangup('1.0');
    expect(data(pbx.events, callEvents.callAgentMissed)).toHaveLength(3);
    expect(pbx.story().calls).toMatchObject([{ outcome: 'missed' }]);
  });

  it('HangupRequest tells when the caller left; Hangup may come 8 s later (a FastAGI server that is mute)', () => {
    const events = changed('s4_agi_mute', (message) => message);
    const [abandoned] = events.filter(({ type }) => type === 'patchcord.v1.call.abandoned');
    const [ended] = events.filter(({ type }) => type === 'patchcord.v1.call.ended');
    expect(Date.parse(ended?.time ?? '') - Date.parse(abandoned?.time ?? '')).toBe(8009);
  });
});

describe('queue calls - what means nothing', () => {
  it('Newstate Up of the caller is the PBX that answered, not an agent', () => {
    const pbx = createPbx().call('1.0').on('1.0', 'Newstate', { ChannelState: '6' });
    expect(pbx.types()).toEqual(['call.offered']);
  });

  it('TestEvent, CEL and unknown events are ignored', () => {
    const names = ['TestEvent', 'CEL', 'RTCPSent', 'UserEvent', 'MixMonitorMute', 'Reload', 'NoSuchEventOfAnyVersion'];
    const pbx = talking();
    const before = pbx.events.length;
    for (const name of names) pbx.on('1.0', name, { State: ['a', 'b'] });
    expect(pbx.events).toHaveLength(before);
    expect(tell(changed('s1_caller_hangup', without(...names)))).toBe(asRecorded('s1_caller_hangup'));
  });

  it('an event of a channel that was never seen is ignored', () => {
    const pbx = createPbx();
    for (const name of [
      'Newstate',
      'Hold',
      'Hangup',
      'BridgeEnter',
      'QueueCallerJoin',
      'QueueCallerLeave',
      'VarSet',
      'DTMFEnd',
    ]) {
      pbx.on('9.9', name, { Uniqueid: '9.9', Linkedid: '9.9', BridgeUniqueid: 'b', Queue: 'q' });
    }
    expect(pbx.events).toEqual([]);
  });

  it('reading every message twice gives the same story and no id twice', () => {
    const twice = recorded('s9_rona');
    const once = changed('s9_rona', (message) => message);
    const pbx = createPbx();
    for (const { message, at } of twice) {
      pbx.events.push(
        ...pbx.mapper.apply(message, at),
        ...(field(message, 'Event') === 'Newchannel' ? pbx.mapper.apply(message, at) : []),
      );
    }
    expect(pbx.events.map(({ id }) => id)).toEqual(once.map(({ id }) => id));
  });

  it('two readers of the same PBX make the same ids', () => {
    const ids = (shiftMs: number): string[] => {
      const pbx = createPbx();
      const events = recorded('s5_att_refer').flatMap(({ message, at }) => pbx.mapper.apply(message, at + shiftMs));
      return events.filter(({ type }) => type.includes('.call.')).map(({ id }) => id);
    };
    expect(ids(7)).toEqual(ids(0));
  });

  it('a clock that jumps back does not reorder events', () => {
    const pbx = createPbx().call('1.0').wait(-60_000).join('1.0', 'support');
    expect(new Set(pbx.events.map(({ time }) => time)).size).toBe(1);
  });

  it('Timestamp (timestampevents=yes) is the time of the PBX', () => {
    const pbx = createPbx().call('1.0', { Timestamp: '1795218081.003860' });
    expect(pbx.events[0]?.time).toBe('2026-11-20T23:41:21.003Z');
  });
});
