import { callEvents } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { createPbx, data, talking } from './pbx.ts';

const left = { Variable: 'PATCHCORD_HANGS_UP', Value: 'agent' };

describe('hung up at a desk', () => {
  it('the PBX tells it like a hangup of its own: what was left on the channel says that it was the agent', () => {
    const pbx = talking().on('1.1', 'VarSet', left).on('1.1', 'SoftHangupRequest').leave('b1', '1.1').hangup('1.1');
    pbx.on('1.0', 'SoftHangupRequest').leave('b1', '1.0').hangup('1.0');
    expect(pbx.story().calls).toMatchObject([{ endedBy: 'agent', interactions: [{ endedBy: 'agent' }] }]);
  });

  it('without it, the PBX ended it', () => {
    const pbx = talking().on('1.1', 'SoftHangupRequest').leave('b1', '1.1').hangup('1.1');
    pbx.on('1.0', 'SoftHangupRequest').leave('b1', '1.0').hangup('1.0');
    expect(pbx.story().calls).toMatchObject([{ endedBy: 'system', interactions: [{ endedBy: 'system' }] }]);
  });

  it('a call that rings is turned away: the cause says so', () => {
    const pbx = createPbx().call('1.0').join('1.0', 'support').ring('1.0', '1.1', '1001', { queue: 'support' });
    pbx.on('1.1', 'VarSet', left).on('1.1', 'SoftHangupRequest').hangup('1.1', '21');
    expect(data(pbx.events, callEvents.callAgentMissed)).toMatchObject([{ reason: 'declined' }]);
  });

  it('what is left is no variable of the call', () => {
    const pbx = createPbx().phone('cti-1', '1001', 'cti-1').dial(undefined, 'cti-1', 'DialBegin');
    pbx.on('cti-1', 'VarSet', left).on('cti-1', 'SoftHangupRequest').hangup('cti-1', '21');
    expect(data(pbx.events, callEvents.callVariablesSet)).toEqual([]);
    expect(pbx.story().calls).toMatchObject([{ endedBy: 'agent' }]);
  });
});
