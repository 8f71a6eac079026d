import type { AgentEvent, AnyEvent } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { ami, changed, createPbx } from './pbx.ts';

type StateChanged = Extract<AgentEvent, { type: 'patchcord.v1.agent.state-changed' }>;

const states = (events: readonly AnyEvent[]): StateChanged['data'][] =>
  events.flatMap((event) => (event.type === 'patchcord.v1.agent.state-changed' ? [event.data] : []));

const member = (queue: string, headers: Readonly<Record<string, string>> = {}) => ({
  Queue: queue,
  MemberName: 'Ann',
  Interface: 'PJSIP/1001',
  StateInterface: 'PJSIP/1001',
  Status: '1',
  Paused: '0',
  PausedReason: '',
  InCall: '0',
  ...headers,
});

const pbxWith = (...events: [string, Readonly<Record<string, string>>][]) => {
  const pbx = createPbx();
  for (const [name, headers] of events) pbx.send(ami(name, headers));
  return states(pbx.events);
};

describe('agents - states', () => {
  it.each([
    ['1', 'ready'],
    ['2', 'busy'],
    ['3', 'busy'],
    ['4', 'offline'],
    ['5', 'offline'],
    ['6', 'ringing'],
    ['7', 'busy'],
    ['8', 'on-hold'],
  ])('QueueMemberStatus %s is %s', (status, state) => {
    expect(pbxWith(['QueueMemberStatus', member('support', { Status: status })])).toEqual([
      { agent: { agentId: '1001', name: 'Ann', interface: 'PJSIP/1001' }, state },
    ]);
  });

  it('one event per queue per change (18 in a plain call) is one change each', () => {
    const told = states(changed('s1_caller_hangup', (message) => message));
    expect(told.map(({ state }) => state)).toEqual(['ringing', 'busy', 'ready']);
  });

  it('InCall flips between calls and means nothing', () => {
    const flip = ['0', '1', '0'].map((InCall): [string, Record<string, string>] => [
      'QueueMemberStatus',
      member('a', { InCall }),
    ]);
    expect(pbxWith(...flip)).toHaveLength(1);
  });

  it('DeviceStateChange of a phone that is in no queue', () => {
    expect(pbxWith(['DeviceStateChange', { Device: 'PJSIP/1007', State: 'INUSE' }])).toEqual([
      { agent: { agentId: '1007', interface: 'PJSIP/1007' }, state: 'busy' },
    ]);
  });

  it('the agent holds: the device of the carrier is ONHOLD, which says nothing of an agent', () => {
    expect(pbxWith(['DeviceStateChange', { Device: 'PJSIP/carrier', State: 'ONHOLD' }])).toEqual([]);
    expect(states(changed('s7_hold_agent', (message) => message)).map(({ state }) => state)).toEqual([
      'ringing',
      'busy',
      'ready',
    ]);
  });

  it('the caller holds: the agent is ONHOLD', () => {
    expect(pbxWith(['DeviceStateChange', { Device: 'PJSIP/1001', State: 'ONHOLD' }])).toMatchObject([
      { state: 'on-hold' },
    ]);
  });

  it('devices that are none (Queue:…_pause_…, Custom:, Local) are ignored', () => {
    const devices = ['Queue:support_pause_PJSIP/1001', 'Custom:x', 'Local/1001@agents', 'confbridge:1', ''];
    expect(
      pbxWith(
        ...devices.map((Device): [string, Record<string, string>] => ['DeviceStateChange', { Device, State: 'INUSE' }]),
      ),
    ).toEqual([]);
  });

  it('a member behind a Local channel is the phone that the queue watches', () => {
    expect(pbxWith(['QueueMemberStatus', member('support', { Interface: 'Local/1001@agents' })])).toMatchObject([
      { agent: { agentId: '1001', interface: 'PJSIP/1001' } },
    ]);
  });
});

describe('agents - wrap-up', () => {
  it('wrapuptime makes no event at all: the agent is ready while the next caller waits', () => {
    const before = changed('s7_acw', (message) => message).filter(({ time }) => time < '2026-11-20T23:23:23.904Z');
    expect(states(before).map(({ state }) => state)).toEqual(['ringing', 'busy', 'ready', 'ringing', 'busy', 'ready']);
  });

  it('after-call work is a pause with a reason; an unpause keeps its own in PausedReason', () => {
    const after = changed('s7_acw', (message) => message).filter(({ time }) => time > '2026-11-20T23:23:23.904Z');
    expect(states(after).map(({ state, reason, queue }) => [state, reason, queue])).toEqual([
      ['paused', 'ACW', 'support_acw'],
      ['paused', 'ACW', undefined],
      ['ready', undefined, undefined],
    ]);
  });

  it('autopause pauses in one queue only', () => {
    const told = states(changed('s9_rona', (message) => message)).filter(({ state }) => state === 'paused');
    expect(told).toEqual([
      {
        agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' },
        state: 'paused',
        reason: 'Auto-Pause',
        queue: 'support_rona',
      },
    ]);
  });

  it('a pause while the phone is in use is told when it is free again', () => {
    const told = pbxWith(
      ['QueueMemberStatus', member('a', { Status: '2' })],
      ['QueueMemberPause', member('a', { Status: '2', Paused: '1', PausedReason: 'lunch' })],
      ['QueueMemberStatus', member('a', { Status: '1', Paused: '1', PausedReason: 'lunch' })],
    );
    expect(told.map(({ state, reason }) => [state, reason])).toEqual([
      ['busy', undefined],
      ['paused', 'lunch'],
    ]);
  });

  it('a member taken out of his last queue is offline, whatever his phone does, until he is back', () => {
    const told = pbxWith(
      ['QueueMemberAdded', member('a')],
      ['QueueMemberAdded', member('b')],
      ['QueueMemberRemoved', member('a')],
      ['QueueMemberRemoved', member('b')],
      ['DeviceStateChange', { Device: 'PJSIP/1001', State: 'INUSE' }],
      ['QueueMemberAdded', member('a', { Status: '2' })],
    );
    expect(told.map(({ state }) => state)).toEqual(['ready', 'offline', 'busy']);
  });
});
