import { renderStory, storyOf } from '@patchcord/call-model';
import { callEvents } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { field } from '../../src/index.ts';
import { changed, createPbx, data, talking } from './pbx.ts';

const transfer = (role: string, channel: string, uid: string) => ({
  [`${role}Channel`]: channel,
  [`${role}Uniqueid`]: uid,
});

/** 1001 holds the caller and consults 1002 in a call of its own, 2.0 and 2.1, which has answered. */
function consulting() {
  return talking()
    .on('1.1', 'Hold')
    .phone('2.0', '1001', '2.0', { ChannelState: '4', Exten: '1002' })
    .ring('2.0', '2.1', '1002')
    .wait(700)
    .answer('2.0', '2.1')
    .bridge('b2', '2.1', '2.0')
    .wait(2000);
}

describe('transfers - consult calls', () => {
  it('Linkedid changes silently at BridgeEnter: the younger call is merged, its target goes on in the older', () => {
    const pbx = consulting().leave('b2', '2.1').leave('b1', '1.1').relink('2.1', '1.0').bridge('b1', '2.1');
    expect(data(pbx.events, callEvents.callMerged)).toEqual([{ intoCallId: 'c-lab-1_2E0' }]);
    expect(data(pbx.events, callEvents.callAnswered).at(-1)).toMatchObject({ agent: { agentId: '1002' }, ringMs: 700 });
    expect(pbx.events.at(-1)?.subject).toBe('c-lab-1_2E0');
  });

  it('AttendedTransfer comes later and still shows the old Linkedid of the target', () => {
    const pbx = consulting().leave('b2', '2.1').leave('b1', '1.1').relink('2.1', '1.0').bridge('b1', '2.1');
    pbx.send({
      headers: Object.entries({
        Event: 'AttendedTransfer',
        Result: 'Success',
        ...transfer('OrigTransferer', 'PJSIP/1001-1', '1.1'),
        ...transfer('SecondTransferer', 'PJSIP/1001-2', '2.0'),
        ...transfer('Transferee', 'PJSIP/carrier-1', '1.0'),
        ...transfer('TransferTarget', 'PJSIP/1002-1', '2.1'),
        TransferTargetLinkedid: '2.0',
      }),
    });
    pbx.hangup('2.0').hangup('1.1').on('1.0', 'HangupRequest').hangup('1.0').hangup('2.1');
    expect(data(pbx.events, callEvents.callTransferred)).toMatchObject([
      { kind: 'attended', from: { agentId: '1001' }, to: { agent: { agentId: '1002' } }, consultCallId: 'c-lab-2_2E0' },
    ]);
    expect(pbx.story().calls).toHaveLength(1);
    expect(pbx.mapper.openCalls()).toEqual([]);
  });

  it('the leg that did not move keeps its old Linkedid to its Hangup: nothing is told of it', () => {
    const pbx = consulting().leave('b2', '2.1').leave('b1', '1.1').relink('2.1', '1.0').bridge('b1', '2.1');
    const before = pbx.events.length;
    pbx.leave('b2', '2.0').hangup('2.0');
    expect(pbx.events).toHaveLength(before);
  });

  it('without a Linkedid that changed, AttendedTransfer itself joins the calls; a target that rings, rings on', () => {
    const pbx = talking().phone('2.0', '1001', '2.0', { ChannelState: '4', Exten: '1002' }).ring('2.0', '2.1', '1002');
    pbx.on('1.1', 'AttendedTransfer', {
      Result: 'Success',
      OrigTransfererUniqueid: '1.1',
      SecondTransfererUniqueid: '2.0',
      TransfereeUniqueid: '1.0',
      TransferTargetUniqueid: '2.1',
    });
    expect(data(pbx.events, callEvents.callMerged)).toEqual([{ intoCallId: 'c-lab-1_2E0' }]);
    const rings = pbx.events.filter(({ type }) => type === 'patchcord.v1.call.agent-ringing');
    expect(rings.map(({ subject }) => subject)).toEqual(['c-lab-1_2E0', 'c-lab-2_2E0', 'c-lab-1_2E0']);
  });

  it('Uniqueids are never compared: the call seen first is the older, whatever its number', () => {
    const pbx = createPbx().call('9.7').call('10.0', { CallerIDNum: '+14155550199' });
    pbx.bridge('b1', '9.7').relink('10.0', '9.7').bridge('b1', '10.0');
    expect(data(pbx.events, callEvents.callMerged)).toEqual([{ intoCallId: 'c-lab-9_2E7' }]);
    const reversed = createPbx().call('10.0').call('9.7', { CallerIDNum: '+14155550199' });
    reversed.bridge('b1', '10.0').relink('9.7', '10.0').bridge('b1', '9.7');
    expect(data(reversed.events, callEvents.callMerged)).toEqual([{ intoCallId: 'c-lab-10_2E0' }]);
  });

  it('the call of the customer survives an older one among our own phones', () => {
    const pbx = createPbx()
      .phone('1.0', '1001', '1.0', { ChannelState: '4', Exten: '1002' })
      .ring('1.0', '1.1', '1002');
    pbx.answer('1.0', '1.1').bridge('b1', '1.1', '1.0').call('2.0').ring('2.0', '2.1', '1001').answer('2.0', '2.1');
    pbx.bridge('b2', '2.1', '2.0').leave('b2', '2.1').leave('b1', '1.0').relink('2.0', '1.0').bridge('b1', '2.0');
    expect(data(pbx.events, callEvents.callMerged)).toEqual([{ intoCallId: 'c-lab-2_2E0' }]);
    expect(pbx.mapper.openCalls()).toEqual(['c-lab-2_2E0']);
  });

  it('consultation within the call (AMI Atxfer): the target speaks with the customer only from the transfer on', () => {
    const events = changed('s5_atxfer_ami', (message) => message);
    const [first, second] = events.filter(({ type }) => type === 'patchcord.v1.call.answered');
    const transferred = events.find(({ type }) => type === 'patchcord.v1.call.transferred');
    expect(first?.time).toBe('2026-11-20T23:20:46.486Z');
    expect(Math.abs(Date.parse(second?.time ?? '') - Date.parse(transferred?.time ?? ''))).toBeLessThanOrEqual(5);
    expect(data(events, callEvents.callTransferred)).toMatchObject([
      { to: { agent: { agentId: '1002' }, legId: 'l-lab-1795216848_2E64' } },
    ]);
    expect(data(events, callEvents.callMerged)).toEqual([]);
  });
});

describe('transfers - blind', () => {
  it('the target outside a queue has no AgentCalled: it is found by DialBegin', () => {
    const events = changed('s5_blind_ami', (message) => message);
    expect(data(events, callEvents.callAgentRinging).map(({ agent, queue }) => [agent.agentId, queue])).toEqual([
      ['1001', 'support'],
      ['1002', undefined],
    ]);
  });

  it('success does not mean that the extension exists', () => {
    const [call] = storyOf(changed('s5_blind_invalid', (message) => message)).calls;
    expect(call).toMatchObject({
      outcome: 'answered',
      endedBy: 'system',
      transfers: [{ kind: 'blind', to: { extension: '9999' } }],
    });
    expect(call?.interactions).toMatchObject([{ endedBy: 'transfer' }]);
  });

  it('BlindTransfer after the legs left the bridge is the same', () => {
    const pbx = talking()
      .on('1.1', 'VarSet', { Variable: 'BLINDTRANSFER', Value: 'PJSIP/carrier-1' })
      .leave('b1', '1.1', '1.0');
    pbx.on('1.0', 'Newexten', { Application: 'Dial', Exten: '1002', Context: 'xfer' });
    pbx.on('1.1', 'BlindTransfer', {
      Result: 'Success',
      TransfererUniqueid: '1.1',
      TransfereeUniqueid: '1.0',
      Extension: '1002',
    });
    pbx.hangup('1.1');
    expect(data(pbx.events, callEvents.callTransferred)).toMatchObject([{ kind: 'blind', to: { extension: '1002' } }]);
    expect(data(pbx.events, callEvents.callAgentReleased)).toMatchObject([{ endedBy: 'transfer' }]);
  });

  it('a transfer that failed leaves the agent with the customer', () => {
    const pbx = talking().on('1.1', 'VarSet', { Variable: 'BLINDTRANSFER', Value: 'PJSIP/carrier-1' });
    pbx.on('1.1', 'BlindTransfer', { Result: 'Fail', TransfererUniqueid: '1.1', Extension: '1002' });
    pbx.on('1.1', 'HangupRequest').hangup('1.1').hangup('1.0');
    expect(data(pbx.events, callEvents.callTransferred)).toEqual([]);
    expect(data(pbx.events, callEvents.callAgentReleased)).toMatchObject([{ endedBy: 'agent' }]);
  });

  it('a transfer into a queue is a second queue and a second agent of the same call', () => {
    const pbx = talking();
    pbx
      .on('1.1', 'BlindTransfer', { Result: 'Success', TransfererUniqueid: '1.1', Extension: '800' })
      .leave('b1', '1.1', '1.0');
    pbx
      .hangup('1.1')
      .join('1.0', 'sales')
      .ring('1.0', '1.2', '1002', { queue: 'sales' })
      .wait(400)
      .answer('1.0', '1.2');
    pbx
      .on('1.0', 'QueueCallerLeave')
      .bridge('b2', '1.2', '1.0')
      .wait(900)
      .on('1.0', 'HangupRequest')
      .hangup('1.2')
      .hangup('1.0');
    const [call] = pbx.story().calls;
    expect(call?.queues).toMatchObject([{ queue: 'support' }, { queue: 'sales', waitMs: 400, reason: 'connected' }]);
    expect(call?.interactions).toMatchObject([
      { agent: { agentId: '1001' }, queue: 'support', endedBy: 'transfer' },
      { agent: { agentId: '1002' }, queue: 'sales', talkMs: 900, endedBy: 'customer' },
    ]);
  });
});

describe('transfers - AMI Redirect', () => {
  it('has no event: it is seen by the customer going on in the dialplan without his agent', () => {
    const events = changed('s5_redirect', (message) => message);
    expect(data(events, callEvents.callTransferred)).toMatchObject([
      { kind: 'redirect', from: { agentId: '1001' }, to: { extension: '1002' } },
    ]);
    expect(data(events, callEvents.callAgentReleased).map(({ agent, endedBy }) => [agent.agentId, endedBy])).toEqual([
      ['1001', 'transfer'],
      ['1002', 'customer'],
    ]);
  });

  it('is seen by DialBegin, too, by a user who may not read the dialplan', () => {
    const call = ['Newexten', 'VarSet'];
    const events = changed('s5_redirect', (message) =>
      call.includes(field(message, 'Event') ?? '') ? undefined : message,
    );
    expect(data(events, callEvents.callTransferred)).toMatchObject([{ kind: 'redirect', to: { extension: '1002' } }]);
  });

  it('the agent is free at his Hangup, not at AgentComplete, which comes when the caller finally hangs up', () => {
    const story = renderStory(storyOf(changed('s5_redirect', (message) => message)));
    expect(story).toContain('Agent One (1001) for support: rang 606 ms, talked 1506 ms');
  });
});

describe('Local channels', () => {
  it('halves hang up in mid-call when they are optimised away: the call goes on', () => {
    const events = changed('s9_local_opt', (message) => message);
    expect(data(events, callEvents.callAgentReleased)).toHaveLength(1);
    expect(storyOf(events).calls[0]?.interactions).toMatchObject([{ talkMs: 3680, endedBy: 'customer' }]);
  });

  it('the agent is the phone behind it, named as the queue names its member', () => {
    const events = changed('s9_local_opt', (message) => message);
    expect(data(events, callEvents.callAnswered)).toMatchObject([
      { agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' }, queue: 'support_local' },
    ]);
  });

  it('halves that stay (/n) are nobody: the agent is connected through them', () => {
    let over = false;
    const events = changed('s9_local_opt', (message) => {
      // As /n does: no optimisation, so the halves keep their bridges to the end.
      if (field(message, 'Event') === 'LocalOptimizationBegin') over = true;
      return over && !/HangupRequest|Hangup/.test(field(message, 'Event') ?? '') ? undefined : message;
    });
    expect(data(events, callEvents.callAnswered)).toMatchObject([{ agent: { agentId: '1001' } }]);
    expect(storyOf(events).calls).toMatchObject([{ outcome: 'answered', endedBy: 'customer' }]);
  });

  it('a member whose Local channel leads to no phone is missed, and the call goes on', () => {
    const pbx = createPbx().call('1.0').join('1.0', 'support');
    const half = (uid: string, n: number) =>
      pbx.channel({ uid, name: `Local/1001@agents-00000001;${n}`, linkedid: '1.0' });
    half('1.1', 1);
    half('1.2', 2);
    pbx.dial('1.0', '1.1', 'AgentCalled', { Queue: 'support', Interface: 'Local/1001@agents', MemberName: 'Ann' });
    pbx.dial('1.0', '1.1', 'DialBegin').hangup('1.2', '0').hangup('1.1', '0');
    expect(data(pbx.events, callEvents.callAgentMissed)).toMatchObject([
      { agent: { agentId: '1001', name: 'Ann' }, queue: 'support', reason: 'unreachable' },
    ]);
    expect(pbx.mapper.openCalls()).toHaveLength(1);
  });

  it('three who hear each other are a conference, until one leaves', () => {
    const pbx = talking().ring('1.0', '1.2', '1002').answer('1.0', '1.2').bridge('b1', '1.2').leave('b1', '1.2');
    expect(data(pbx.events, callEvents.callConferenceChanged)).toEqual([
      { legIds: ['l-lab-1_2E0', 'l-lab-1_2E1', 'l-lab-1_2E2'] },
      { legIds: [] },
    ]);
  });
});
