import { storyOf } from '@patchcord/call-model';
import { callEvents } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { ami, changed, createPbx, data, without } from './pbx.ts';

const originated = () =>
  createPbx()
    .phone('cti-1', '1001', 'cti-1')
    .on('cti-1', 'VarSet', { Variable: '__CAMPAIGN', Value: 'c2c' })
    .dial(undefined, 'cti-1', 'DialBegin')
    .on('cti-1', 'Newstate', { ChannelState: '5' })
    .wait(800)
    .on('cti-1', 'Newstate', { ChannelState: '6' })
    .on('cti-1', 'Newexten', { Application: 'Dial', Context: 'outbound', Exten: '+14155550199' });

const customer = (pbx: ReturnType<typeof createPbx>) =>
  pbx
    .channel({
      uid: '2.0',
      name: 'PJSIP/carrier-00000020',
      linkedid: 'cti-1',
      headers: { CallerIDNum: '<unknown>', Exten: 's' },
    })
    .dial('cti-1', '2.0', 'DialBegin', { Exten: '+14155550199', DestCallerIDNum: '+14155550199' })
    .on('2.0', 'Newstate', { ChannelState: '5' });

describe('outbound - click-to-call', () => {
  it('DialBegin and DialState have no Channel, only Dest*', () => {
    const events = changed('s6_c2c_ok', (message) => message);
    expect(data(events, callEvents.callAgentRinging)).toMatchObject([
      { agent: { agentId: '1001' }, legId: 'l-lab-cti-c2c-1' },
    ]);
  });

  it('a Uniqueid may be anything: it is chosen by Originate', () => {
    expect(changed('s6_c2c_ok', (message) => message)[0]?.subject).toBe('c-lab-cti-c2c-1');
  });

  it('OriginateResponse Success means that the agent answered, not the customer', () => {
    const pbx = originated().on('cti-1', 'OriginateResponse', {
      Response: 'Success',
      Reason: '4',
      Exten: '+14155550199',
    });
    customer(pbx);
    expect(data(pbx.events, callEvents.callAnswered)).toEqual([]);
    pbx.answer('cti-1', '2.0').bridge('b1', '2.0', 'cti-1');
    expect(data(pbx.events, callEvents.callAnswered)).toMatchObject([{ agent: { agentId: '1001' }, ringMs: 800 }]);
  });

  it('the customer is busy: DialEnd and TechCause tell, and the agent who tried', () => {
    const pbx = customer(originated()).wait(300).on('2.0', 'HangupRequest', { Cause: '17' });
    pbx.dial('cti-1', '2.0', 'DialEnd', { DialStatus: 'BUSY' }).hangup('2.0', '17', { TechCause: '486' });
    pbx.on('cti-1', 'SoftHangupRequest').hangup('cti-1');
    const [call] = pbx.story().calls;
    expect(call).toMatchObject({ outcome: 'failed', endReason: 'busy', did: '+14155550199', direction: 'outbound' });
    expect(call?.interactions).toMatchObject([{ agent: { agentId: '1001' }, result: 'tried' }]);
    expect(data(pbx.events, callEvents.callEnded)[0]?.cause).toEqual({ q850: 17, text: 'text', sip: 486 });
  });

  it('the second trunk after one that failed leads to the customer', () => {
    const pbx = customer(originated())
      .dial('cti-1', '2.0', 'DialEnd', { DialStatus: 'CONGESTION' })
      .hangup('2.0', '34');
    pbx.channel({ uid: '2.1', name: 'PJSIP/backup-00000021', linkedid: 'cti-1' }).dial('cti-1', '2.1', 'DialBegin');
    pbx
      .answer('cti-1', '2.1')
      .bridge('b1', '2.1', 'cti-1')
      .wait(50)
      .on('2.1', 'HangupRequest')
      .hangup('2.1')
      .hangup('cti-1');
    expect(pbx.story().calls).toMatchObject([{ outcome: 'answered', endedBy: 'customer' }]);
  });

  it('the number of the customer is told when he is dialled, the agent leg shows another', () => {
    const offered = data(
      changed('s6_c2c_ok', (message) => message),
      callEvents.callOffered,
    );
    expect(offered.map(({ ani, dnis }) => [ani, dnis])).toEqual([
      ['1001', undefined],
      ['+12025550100', '+14155550199'],
    ]);
  });

  it('DialEnd never comes for an Originate that timed out; the failure names whom it was for', () => {
    const [call] = storyOf(changed('s6_c2c_agent_noanswer', without('DialEnd'))).calls;
    expect(call).toMatchObject({ did: '+14155550199', outcome: 'failed', endReason: 'no-answer', endedBy: 'system' });
    expect(call?.interactions).toMatchObject([{ result: 'missed', missedReason: 'no-answer', ringMs: 3004 }]);
  });

  it('603 of the agent is Cause 21: declined, by the agent', () => {
    const [call] = storyOf(changed('s6_c2c_agent_decline', (message) => message)).calls;
    expect(call).toMatchObject({ outcome: 'failed', endReason: 'declined', endedBy: 'agent' });
  });

  it('Originate failure without a leg (Uniqueid <unknown>): a call that failed', () => {
    const events = changed('s6_c2c_agent_unknown', (message) => message);
    expect(data(events, callEvents.callOffered)).toMatchObject([{ direction: 'outbound', dnis: '+14155550199' }]);
    expect(data(events, callEvents.callEnded)).toEqual([{ endedBy: 'system', reason: 'unreachable' }]);
  });

  it('the failure of a phone that did ring has Uniqueid <unknown>, too, and is no second call', () => {
    expect(storyOf(changed('s6_c2c_agent_decline', (message) => message)).calls).toHaveLength(1);
    expect(storyOf(changed('s6_c2c_agent_noanswer', (message) => message)).calls).toHaveLength(1);
  });

  const response = { Response: 'Failure', Reason: '0', Exten: '+14155550199', Uniqueid: 'pc-r1' };

  it('a phone that is none: the call has the id that was chosen for it', () => {
    const pbx = createPbx().send(ami('OriginateResponse', { ...response, Channel: 'PJSIP/9999', ActionID: 'x-7' }));
    expect(pbx.events.map(({ subject }) => subject)).toEqual(['c-lab-pc-r1', 'c-lab-pc-r1']);
    expect(data(pbx.events, callEvents.callEnded)).toEqual([{ endedBy: 'system', reason: 'unreachable' }]);
  });

  it('the failure of a second Originate with the id of a call that lives is no word about that call', () => {
    const pbx = createPbx().phone('pc-r1', '1001', 'pc-r1').dial(undefined, 'pc-r1', 'DialBegin');
    const again = ami('OriginateResponse', { ...response, Channel: 'PJSIP/1001' });
    pbx.on('pc-r1', 'OriginateResponse', { Response: 'Success', Channel: 'PJSIP/1001', Uniqueid: 'pc-r1' });
    const told = pbx.events.length;
    expect(pbx.send(again).events).toHaveLength(told);
    expect(pbx.mapper.openCalls()).toEqual(['c-lab-pc-r1']);
    expect(pbx.mapper.callOf('pc-r1')).toBe('c-lab-pc-r1');
  });

  it('of two calls to one phone each failure is of its own', () => {
    const pbx = createPbx().phone('pc-r1', '1001', 'pc-r1').phone('pc-r2', '1001', 'pc-r2');
    pbx.hangup('pc-r2', '17').hangup('pc-r1', '21');
    pbx.send(ami('OriginateResponse', { ...response, Channel: 'PJSIP/1001', Uniqueid: 'pc-r2', Exten: '22' }));
    pbx.send(ami('OriginateResponse', { ...response, Channel: 'PJSIP/1001', Exten: '11' }));
    const dialled = pbx.story().calls.map(({ callId, did }) => [callId, did]);
    expect(dialled).toEqual([
      ['c-lab-pc-r1', '11'],
      ['c-lab-pc-r2', '22'],
    ]);
  });

  it('OriginateResponse may come before Newstate Up and DialEnd', () => {
    const pbx = createPbx().phone('cti-1', '1001', 'cti-1').dial(undefined, 'cti-1', 'DialBegin');
    pbx
      .on('cti-1', 'Newstate', { ChannelState: '5' })
      .wait(500)
      .on('cti-1', 'OriginateResponse', { Response: 'Success' });
    pbx.on('cti-1', 'Newstate', { ChannelState: '6' });
    customer(pbx).answer('cti-1', '2.0').bridge('b1', 'cti-1', '2.0');
    expect(data(pbx.events, callEvents.callAnswered)).toMatchObject([{ ringMs: 500 }]);
  });

  it('variables of Originate are on the agent leg; __NAME is inherited and told once', () => {
    const pbx = customer(originated()).on('2.0', 'VarSet', { Variable: '__CAMPAIGN', Value: 'c2c' });
    expect(data(pbx.events, callEvents.callVariablesSet)).toEqual([{ variables: { CAMPAIGN: 'c2c' } }]);
  });
});

describe('outbound - click-to-call by a Local channel', () => {
  const local = () => {
    const half = (n: number) => `Local/1001@agents-00000001;${n}`;
    const pbx = createPbx().channel({ uid: 'cti-1', name: half(1) });
    pbx.channel({ uid: 'cti-2', name: half(2), linkedid: 'cti-1', headers: { ChannelState: '4' } });
    return pbx.on('cti-1', 'VarSet', { Variable: 'CONTACT', Value: '88' });
  };

  it('ChannelId is the id of the call, the phone behind it is the agent', () => {
    const pbx = local().ring('cti-2', '2.0', '1001').wait(700).answer('cti-2', '2.0').bridge('b1', '2.0', 'cti-2');
    pbx.channel({ uid: '2.1', name: 'PJSIP/carrier-00000021', linkedid: 'cti-1' });
    pbx.dial('cti-1', '2.1', 'DialBegin', { DestCallerIDNum: '+14155550199' }).answer('cti-1', '2.1');
    pbx.bridge('b2', '2.1', 'cti-1').wait(1500).on('2.1', 'HangupRequest');
    for (const uid of ['2.1', 'cti-1', 'cti-2', '2.0']) pbx.hangup(uid);
    expect(pbx.story().calls).toMatchObject([
      {
        callId: 'c-lab-cti-1',
        direction: 'outbound',
        did: '+14155550199',
        outcome: 'answered',
        endedBy: 'customer',
        variables: { CONTACT: '88' },
        interactions: [{ agent: { agentId: '1001' }, ringMs: 700, talkMs: 1500 }],
      },
    ]);
    expect(pbx.mapper.openCalls()).toEqual([]);
  });

  it('another phone may be tried after one that declined: the call ends with its Local channel', () => {
    const pbx = local()
      .ring('cti-2', '2.0', '1001')
      .hangup('2.0', '21')
      .ring('cti-2', '2.1', '1002')
      .hangup('2.1', '19');
    expect(data(pbx.events, callEvents.callEnded)).toEqual([]);
    pbx.hangup('cti-2').hangup('cti-1');
    expect(data(pbx.events, callEvents.callEnded)).toHaveLength(1);
    expect(pbx.story().calls).toMatchObject([
      { outcome: 'failed', interactions: [{ missedReason: 'declined' }, { missedReason: 'no-answer' }] },
    ]);
  });

  it('its failure without a phone is told once', () => {
    const pbx = local().hangup('cti-2').hangup('cti-1');
    pbx.on('none', 'OriginateResponse', {
      Response: 'Failure',
      Channel: 'Local/1001@agents',
      ActionID: 'a',
      Exten: '+1',
    });
    expect(pbx.story().calls).toMatchObject([{ outcome: 'failed', endReason: 'unreachable', did: '+1' }]);
  });
});

describe('outside parties', () => {
  const outside = (pbx: ReturnType<typeof createPbx>, uid: string, number: string, linkedid: string) =>
    pbx
      .channel({ uid, name: `PJSIP/carrier-000000${uid.replace('.', '')}`, linkedid, headers: { CallerIDNum: number } })
      .dial(linkedid, uid, 'DialBegin');

  it('an inbound call that is put through outside is answered by that number', () => {
    const pbx = outside(createPbx().call('1.0'), '1.1', '+14155550777', '1.0').on('1.1', 'Newstate', {
      ChannelState: '5',
    });
    pbx.wait(900).answer('1.0', '1.1').bridge('b1', '1.1', '1.0').wait(500).on('1.0', 'HangupRequest').hangup('1.1');
    expect(pbx.hangup('1.0').story().calls).toMatchObject([
      { outcome: 'answered', interactions: [{ agent: { agentId: '_2B14155550777' }, ringMs: 900, talkMs: 500 }] },
    ]);
  });

  it('of two trunks that ring for an outbound call the one that answers is the customer', () => {
    const pbx = createPbx().phone('1.0', '1001', '1.0', { ChannelState: '4', Exten: '+14155550199' });
    outside(outside(pbx, '1.1', '+14155550199', '1.0'), '1.2', '+14155550198', '1.0').answer('1.0', '1.2');
    pbx.hangup('1.1', '26').bridge('b1', '1.2', '1.0').on('1.2', 'HangupRequest').hangup('1.2').hangup('1.0');
    const [call] = pbx.story().calls;
    expect(call).toMatchObject({ outcome: 'answered', endedBy: 'customer' });
    expect(call?.interactions).toMatchObject([{ agent: { agentId: '1001' } }]);
  });

  it('two calls parked in the same place (holding bridge) stay two', () => {
    const pbx = createPbx().call('1.0').call('2.0');
    const parked = { BridgeUniqueid: 'park', BridgeTechnology: 'holding_bridge' };
    pbx.on('1.0', 'BridgeEnter', parked).on('2.0', 'BridgeEnter', parked);
    expect(pbx.mapper.openCalls()).toHaveLength(2);
  });
});

describe('outbound - dialled by hand', () => {
  it('the agent dials: he is the agent of the call, who is called is the customer', () => {
    const [call] = storyOf(changed('s6_agent_dials', (message) => message)).calls;
    expect(call).toMatchObject({
      direction: 'outbound',
      outcome: 'answered',
      did: '+14155550199',
      endedBy: 'customer',
    });
    expect(call?.interactions).toMatchObject([{ agent: { agentId: '1001' }, result: 'talked' }]);
  });

  it('the agent gives up before the customer answers: failed, and who tried', () => {
    const pbx = createPbx().phone('1.0', '1001', '1.0', { ChannelState: '4', Exten: '+14155550199' });
    pbx.channel({ uid: '1.1', name: 'PJSIP/carrier-00000011', linkedid: '1.0' }).dial('1.0', '1.1', 'DialBegin');
    pbx
      .wait(4000)
      .on('1.0', 'HangupRequest')
      .dial('1.0', '1.1', 'DialEnd', { DialStatus: 'CANCEL' })
      .hangup('1.1', '0')
      .hangup('1.0', '127');
    expect(pbx.story().calls).toMatchObject([
      { outcome: 'failed', endedBy: 'agent', interactions: [{ result: 'tried' }] },
    ]);
    expect(data(pbx.events, callEvents.callAbandoned)).toEqual([]);
  });

  it('a short number is one of ours, unless a trunk is dialled (112)', () => {
    const pbx = createPbx().phone('1.0', '1001', '1.0', { ChannelState: '4', Exten: '112' });
    expect(data(pbx.events, callEvents.callOffered)).toMatchObject([{ direction: 'internal', dnis: '112' }]);
    pbx
      .channel({ uid: '1.1', name: 'PJSIP/carrier-00000011', linkedid: '1.0' })
      .dial('1.0', '1.1', 'DialBegin')
      .answer('1.0', '1.1');
    pbx.bridge('b1', '1.1', '1.0').on('1.1', 'HangupRequest').hangup('1.1').hangup('1.0');
    expect(pbx.story().calls).toMatchObject([{ direction: 'outbound', outcome: 'answered', did: '112' }]);
  });

  it('one agent calls another: the one who is called is the agent of the call', () => {
    const pbx = createPbx()
      .phone('1.0', '1001', '1.0', { ChannelState: '4', Exten: '1002' })
      .ring('1.0', '1.1', '1002')
      .wait(600);
    pbx
      .answer('1.0', '1.1')
      .bridge('b1', '1.1', '1.0')
      .wait(100)
      .on('1.0', 'HangupRequest')
      .hangup('1.0')
      .hangup('1.1');
    const [call] = pbx.story().calls;
    expect(call).toMatchObject({ direction: 'internal', outcome: 'answered', caller: { number: '1001' }, did: '1002' });
    expect(call?.interactions).toMatchObject([
      { agent: { agentId: '1002' }, ringMs: 600, talkMs: 100, endedBy: 'customer' },
    ]);
  });

  it('trunks can be named where names of phones look like trunks', () => {
    const names = { trunks: ['PJSIP/carrier'] };
    const pbx = createPbx(names).channel({
      uid: '1.0',
      name: 'PJSIP/alice-00000001',
      headers: { ChannelState: '4', CallerIDNum: '+1202', Exten: '+14155550199' },
    });
    expect(data(pbx.events, callEvents.callOffered)).toMatchObject([{ direction: 'outbound' }]);
    expect(data(createPbx(names).call('2.0').events, callEvents.callOffered)).toMatchObject([{ direction: 'inbound' }]);
  });
});

describe('direct dial', () => {
  it('the DID dials an agent without a queue', () => {
    const [call] = storyOf(changed('s9_direct_dial', (message) => message)).calls;
    expect(call).toMatchObject({ outcome: 'answered', queues: [], interactions: [{ agent: { agentId: '1001' } }] });
  });

  it('nobody takes it: missed once; the caller hangs up first: abandoned while a phone rang (Cause 127, 487)', () => {
    const missed = createPbx().call('1.0').ring('1.0', '1.1', '1001').wait(9000);
    missed
      .dial('1.0', '1.1', 'DialEnd', { DialStatus: 'NOANSWER' })
      .hangup('1.1', '0')
      .on('1.0', 'SoftHangupRequest')
      .hangup('1.0');
    expect(missed.story().calls).toMatchObject([{ outcome: 'missed', interactions: [{ missedReason: 'no-answer' }] }]);
    const gone = createPbx().call('1.0').ring('1.0', '1.1', '1001').wait(900).on('1.0', 'HangupRequest');
    gone
      .dial('1.0', '1.1', 'DialEnd', { DialStatus: 'CANCEL' })
      .hangup('1.1', '0')
      .hangup('1.0', '127', { TechCause: '487' });
    expect(data(gone.events, callEvents.callAbandoned)).toEqual([{ during: 'ringing', waitMs: 900 }]);
    expect(gone.story().calls).toMatchObject([
      { outcome: 'abandoned', interactions: [{ missedReason: 'caller-gone' }] },
    ]);
  });

  it('a user with read=call only sees the same call, without queue and variables', () => {
    const [call] = storyOf(changed('s9_read_call_only', (message) => message)).calls;
    expect(call).toMatchObject({
      outcome: 'answered',
      queues: [],
      variables: {},
      interactions: [{ agent: { agentId: '1001' } }],
    });
  });
});
