import { storyOf } from '@patchcord/call-model';
import { type AnyEvent, callEvents } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { type AmiMessage, recordingEvents } from '../../src/index.ts';
import { ami, changed, createPbx, data, start, talking } from './pbx.ts';

const params = ami('QueueParams', { Queue: 'support' });
const entry = (uid: string, waitS: number, queue = 'support'): AmiMessage =>
  ami('QueueEntry', { Queue: queue, Position: '1', Uniqueid: uid, Wait: String(waitS) });

const ringing = () =>
  createPbx().call('1.0').join('1.0', 'support').ring('1.0', '1.1', '1001', { queue: 'support' }).wait(300);

const caller = {
  CallerIDNum: '+14155550123',
  Exten: '+12025550100',
  Application: 'Queue',
  ApplicationData: 'support,tT,,,60',
};

/** What a second mapper says that knows nothing but the snapshot of a PBX. */
const stranger = (channels: readonly AmiMessage[], queues: readonly AmiMessage[] = []) =>
  createPbx().wait(60_000).resync({ channels, queues });

describe('resync - a gap', () => {
  it('nothing happened: nothing is told', () => {
    const pbx = talking();
    const before = pbx.events.length;
    pbx.resync({
      channels: [pbx.shown('1.0', { BridgeId: 'b1' }), pbx.shown('1.1', { BridgeId: 'b1' })],
      queues: [params],
    });
    expect(pbx.events).toHaveLength(before);
  });

  it('the agent answered meanwhile: when, and how long it rang, is not known', () => {
    const pbx = ringing().wait(3500);
    pbx.resync({
      channels: [pbx.shown('1.1', { BridgeId: 'b1' }), pbx.shown('1.0', { BridgeId: 'b1' })],
      queues: [params],
    });
    expect(data(pbx.events, callEvents.callDequeued)).toMatchObject([{ reason: 'connected', waitMs: null }]);
    expect(data(pbx.events, callEvents.callAnswered)).toMatchObject([
      { agent: { agentId: '1001' }, queue: 'support', ringMs: null },
    ]);
    pbx.wait(500).on('1.0', 'HangupRequest').hangup('1.1').hangup('1.0');
    const [one] = pbx.story().calls[0]?.interactions ?? [];
    expect(one).toMatchObject({ talkMs: 500, endedBy: 'customer' });
    expect(one).not.toHaveProperty('ringMs');
  });

  it('the ids are those that live reading makes', () => {
    const shapes = (events: readonly AnyEvent[]): string[] =>
      events.flatMap(({ id, type }) => (type.includes('.call.') ? [id.replace(/\d+(_2E|\.)\d+/g, 'N')] : []));
    const live = shapes(changed('s1_caller_hangup', (message) => message));
    const gap = shapes(recordingEvents(`${import.meta.dirname}/../../fixtures/s9_ami_reconnect.ami.jsonl`));
    expect(gap).toEqual(live);
  });

  it('the call is over: lost, and nobody knows who ended it', () => {
    const pbx = talking()
      .wait(4000)
      .resync({ channels: [], queues: [params] });
    expect(data(pbx.events, callEvents.callAgentReleased)).toMatchObject([{ endedBy: 'unknown' }]);
    expect(data(pbx.events, callEvents.callEnded)).toEqual([{ endedBy: 'unknown', reason: 'lost' }]);
    expect(pbx.story().calls).toMatchObject([{ outcome: 'answered' }]);
    expect(pbx.mapper.openCalls()).toEqual([]);
  });

  it('a call that nobody had taken and is over has failed, not been abandoned', () => {
    const pbx = ringing()
      .wait(4000)
      .resync({ channels: [], queues: [params] });
    expect(pbx.story().calls).toMatchObject([
      { outcome: 'failed', endReason: 'lost', interactions: [{ missedReason: 'failed' }] },
    ]);
  });

  it('another agent than the one that rang speaks with the caller now', () => {
    const pbx = ringing().wait(9000);
    const agent = {
      Channel: 'PJSIP/1002-00000012',
      Uniqueid: '1.2',
      Linkedid: '1.0',
      CallerIDNum: '1002',
      Application: 'AppQueue',
      BridgeId: 'b1',
    };
    const channels = [
      ami('CoreShowChannel', { ...agent, ChannelState: '6' }),
      pbx.shown('1.0', { ...caller, BridgeId: 'b1' }),
    ];
    pbx.resync({ channels, queues: [params] });
    expect(data(pbx.events, callEvents.callAnswered)).toMatchObject([{ agent: { agentId: '1002' }, queue: 'support' }]);
    expect(data(pbx.events, callEvents.callAgentMissed)).toMatchObject([
      { agent: { agentId: '1001' }, reason: 'failed' },
    ]);
    expect(pbx.mapper.openCalls()).toHaveLength(1);
  });

  it('the caller still waits: that is no second visit', () => {
    const pbx = ringing().wait(4000);
    pbx.resync({
      channels: [pbx.shown('1.0', caller), pbx.shown('1.1', { ChannelState: '5' })],
      queues: [params, entry('1.0', 4)],
    });
    expect(data(pbx.events, callEvents.callQueued)).toHaveLength(1);
    expect(data(pbx.events, callEvents.callDequeued)).toEqual([]);
    expect(data(pbx.events, callEvents.callAgentRinging)).toHaveLength(1);
  });

  it('queues that this user may not list say nothing of who waits', () => {
    const pbx = ringing().wait(4000);
    pbx.resync({ channels: [pbx.shown('1.0', caller), pbx.shown('1.1', { ChannelState: '5' })], queues: undefined });
    pbx.resync({
      channels: [pbx.shown('1.0', caller), pbx.shown('1.1', { ChannelState: '5' })],
      queues: [ami('QueueParams', { Queue: 'other' })],
    });
    expect(data(pbx.events, callEvents.callDequeued)).toEqual([]);
  });

  it('a Linkedid that changed meanwhile joins the calls', () => {
    const pbx = talking().phone('2.0', '1001', '2.0', { ChannelState: '4', Exten: '1002' }).ring('2.0', '2.1', '1002');
    pbx.answer('2.0', '2.1').bridge('b2', '2.1', '2.0').relink('2.1', '1.0').wait(2000);
    pbx.resync({
      channels: [pbx.shown('1.0', { BridgeId: 'b1' }), pbx.shown('2.1', { BridgeId: 'b1' })],
      queues: [params],
    });
    expect(data(pbx.events, callEvents.callMerged)).toEqual([{ intoCallId: 'c-lab-1_2E0' }]);
    expect(pbx.story().calls).toMatchObject([
      {
        interactions: [
          { agent: { agentId: '1001' }, endedBy: 'unknown' },
          { agent: { agentId: '1002' }, result: 'talking' },
        ],
      },
    ]);
  });

  it('a hold that was missed ends with its Unhold', () => {
    const pbx = talking();
    pbx.resync({
      channels: [pbx.shown('1.0', { BridgeId: 'b1' }), pbx.shown('1.1', { BridgeId: 'b1' })],
      queues: [params],
    });
    pbx.on('1.1', 'Unhold').on('1.1', 'Unhold');
    expect(data(pbx.events, callEvents.callResumed)).toHaveLength(1);
  });

  it('members of queues are read for the states of agents', () => {
    const member = ami('QueueMember', {
      Queue: 'support',
      Name: 'Ann',
      Location: 'PJSIP/1001',
      StateInterface: 'PJSIP/1001',
      Status: '2',
      Paused: '0',
    });
    const pbx = createPbx()
      .resync({ queues: [member] })
      .resync({ queues: [member] });
    expect(pbx.events).toHaveLength(1);
    expect(pbx.events[0]).toMatchObject({ subject: '1001', data: { state: 'busy', agent: { name: 'Ann' } } });
  });
});

describe('resync - calls that began unseen', () => {
  const known = talking();
  const both = [
    known.shown('1.1', { CallerIDNum: '1001', Application: 'AppQueue', BridgeId: 'b1' }),
    known.shown('1.0', { ...caller, BridgeId: 'b1' }),
  ];

  it('a talking pair is a call, from when its channel was made', () => {
    const pbx = stranger(both, [params]);
    expect(data(pbx.events, callEvents.callOffered)).toMatchObject([
      { direction: 'inbound', ani: '+14155550123', dnis: '+12025550100' },
    ]);
    expect(pbx.events[0]?.time).toBe(new Date(start + 50_000).toISOString());
    expect(data(pbx.events, callEvents.callAnswered)).toMatchObject([
      { agent: { agentId: '1001' }, queue: 'support', ringMs: null },
    ]);
  });

  it('a process that was started again makes the same ids: who published before it loses nothing', () => {
    const before = new Set(talking().events.map(({ id }) => id));
    const calls = stranger(both, [params]).events.filter(({ type }) => type.includes('.call.'));
    expect(calls.map(({ id }) => before.has(id))).toEqual([true, true]);
  });

  it('its end is told, and the story of both processes is one call', () => {
    const pbx = stranger(both, [params]);
    pbx.on('1.0', 'HangupRequest', { Uniqueid: '1.0' }).on('1.1', 'Hangup', { Uniqueid: '1.1', Cause: '16' });
    pbx.on('1.0', 'Hangup', { Uniqueid: '1.0', Cause: '16' });
    expect(storyOf([...talking().events, ...pbx.events]).calls).toMatchObject([
      { outcome: 'answered', endedBy: 'customer', interactions: [{ ringMs: 1000, endedBy: 'customer' }] },
    ]);
  });

  it('what can repeat has another id than what was numbered before', () => {
    const live = talking().on('1.1', 'Hold').on('1.1', 'Unhold');
    const pbx = stranger(both, [params]).on('1.1', 'Hold', { Uniqueid: '1.1' });
    const held = (events: typeof live.events) => events.find(({ type }) => type.endsWith('.held'))?.id;
    expect(held(pbx.events)).toBeDefined();
    expect(held(pbx.events)).not.toBe(held(live.events));
  });

  it('a caller in a queue whose agent rings', () => {
    const waiting = ringing();
    const pbx = stranger(
      [
        waiting.shown('1.1', { CallerIDNum: '1001', Application: 'AppQueue', ChannelState: '5' }),
        waiting.shown('1.0', caller),
      ],
      [params, entry('1.0', 8)],
    );
    expect(data(pbx.events, callEvents.callQueued)).toMatchObject([{ queue: 'support', position: 1 }]);
    expect(pbx.events.find(({ type }) => type.endsWith('.queued'))?.time).toBe(new Date(start + 52_000).toISOString());
    expect(data(pbx.events, callEvents.callAgentRinging)).toMatchObject([
      { agent: { agentId: '1001' }, queue: 'support' },
    ]);
    expect(pbx.story().calls).toMatchObject([{ state: 'queued' }]);
  });

  it('an outbound call', () => {
    const agent = ami('CoreShowChannel', {
      Channel: 'PJSIP/1001-00000001',
      Uniqueid: 'a',
      Linkedid: 'a',
      ChannelState: '6',
      CallerIDNum: '1001',
      Exten: '+14155550199',
      BridgeId: 'b',
    });
    const other = ami('CoreShowChannel', {
      Channel: 'PJSIP/carrier-00000002',
      Uniqueid: 'b',
      Linkedid: 'a',
      ChannelState: '6',
      CallerIDNum: '+14155550199',
      BridgeId: 'b',
    });
    expect(stranger([other, agent]).story().calls).toMatchObject([
      { direction: 'outbound', did: '+14155550199', interactions: [{ agent: { agentId: '1001' }, result: 'talking' }] },
    ]);
  });
});

describe('resync - the PBX is another process', () => {
  it('crash (nothing said): open calls ended when the connection was lost', () => {
    const pbx = talking();
    const lostAtMs = start + 2100;
    pbx.wait(5000).resync({ restarted: true, lostAtMs });
    expect(data(pbx.events, callEvents.callEnded)).toEqual([{ endedBy: 'system', reason: 'pbx-crash' }]);
    expect(pbx.events.at(-1)?.time).toBe(new Date(lostAtMs).toISOString());
    expect(data(pbx.events, callEvents.callAgentReleased)).toMatchObject([{ endedBy: 'system' }]);
  });

  it('a call that nobody had taken when the PBX crashed has failed', () => {
    expect(ringing().resync({ restarted: true }).story().calls).toMatchObject([
      { outcome: 'failed', endReason: 'pbx-crash' },
    ]);
  });

  it('Shutdown was announced: a restart, no crash; the next one may be a crash again', () => {
    const pbx = talking();
    pbx.send(ami('Shutdown', { Shutdown: 'Cleanly', Restart: 'True' }));
    pbx.resync({ restarted: true }).call('7.0').resync({ restarted: true });
    expect(data(pbx.events, callEvents.callEnded).map(({ reason }) => reason)).toEqual(['pbx-restart', 'pbx-crash']);
  });

  it('recordings of calls that crashed are told', () => {
    const pbx = talking()
      .on('1.0', 'VarSet', { Variable: 'MIXMONITOR_FILENAME', Value: '/rec/a.wav' })
      .resync({ restarted: true });
    expect(data(pbx.events, callEvents.callRecordingReady)).toMatchObject([{ location: '/rec/a.wav' }]);
  });

  it('calls of the new process are found at once', () => {
    const pbx = talking();
    const fresh = ami('CoreShowChannel', {
      Channel: 'PJSIP/carrier-00000000',
      Uniqueid: '9.0',
      Linkedid: '9.0',
      ChannelState: '6',
      ...caller,
    });
    pbx.wait(3000).resync({ restarted: true, channels: [fresh] });
    expect(pbx.mapper.openCalls()).toEqual(['c-lab-9_2E0']);
  });
});
