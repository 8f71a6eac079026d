import { storyOf } from '@patchcord/call-model';
import { callEvents } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { field, internalVariables } from '../../src/index.ts';
import { changed, createPbx, data, talking, without } from './pbx.ts';

describe('hold', () => {
  it('the agent holds, the agent resumes', () => {
    const [one] = storyOf(changed('s7_hold_agent', (message) => message)).calls[0]?.interactions ?? [];
    expect(one).toMatchObject({ holds: 1, holdMs: 2006, talkMs: 4511 });
  });

  it('Unhold without Hold (blind transfer, REFER) is no resume', () => {
    expect(
      data(
        changed('s5_blind_refer', (message) => message),
        callEvents.callResumed,
      ),
    ).toEqual([]);
    expect(data(talking().on('1.1', 'Unhold').events, callEvents.callResumed)).toEqual([]);
  });

  it('the Hold of AMI Atxfer never gets its Unhold: the hold ends with the leg', () => {
    const events = changed('s5_atxfer_ami', (message) => message);
    expect(data(events, callEvents.callHeld)).toHaveLength(1);
    expect(data(events, callEvents.callResumed)).toEqual([]);
    expect(storyOf(events).calls[0]?.interactions[0]).toMatchObject({ holds: 1, holdMs: 4255 });
  });

  it('Hold twice is one hold', () => {
    const pbx = talking().on('1.1', 'Hold').wait(100).on('1.1', 'Hold').wait(100).on('1.1', 'Unhold');
    expect(data(pbx.events, callEvents.callHeld)).toHaveLength(1);
    expect(pbx.wait(100).hangup('1.1').story().calls[0]?.interactions).toMatchObject([{ holds: 1, holdMs: 200 }]);
  });

  it('both hold: on hold until both are back', () => {
    const pbx = talking()
      .on('1.1', 'Hold')
      .wait(100)
      .on('1.0', 'Hold')
      .wait(100)
      .on('1.1', 'Unhold')
      .wait(100)
      .on('1.0', 'Unhold');
    expect(data(pbx.events, callEvents.callHeld)).toEqual([{ legId: 'l-lab-1_2E1', by: 'agent' }]);
    expect(data(pbx.events, callEvents.callResumed)).toEqual([{ legId: 'l-lab-1_2E1', by: 'customer' }]);
  });

  it('the customer holds: it is the conversation of his agent', () => {
    expect(data(talking().on('1.0', 'Hold').events, callEvents.callHeld)).toEqual([
      { legId: 'l-lab-1_2E1', by: 'customer' },
    ]);
  });

  it('Hold on a leg that does not speak with the customer is none', () => {
    const pbx = createPbx().call('1.0').ring('1.0', '1.1', '1001').on('1.1', 'Hold').on('1.0', 'Hold');
    expect(data(pbx.events, callEvents.callHeld)).toEqual([]);
  });
});

describe('keys', () => {
  it('digits of the caller in an IVR', () => {
    const events = changed('s4_ivr_agi', (message) => message);
    expect(data(events, callEvents.callIvrEntered)).toMatchObject([{ ivr: 'from-pstn' }]);
    expect(data(events, callEvents.callDtmfCollected).map(({ digits }) => digits)).toEqual(['4', '7', '1', '1']);
  });

  it('AMI Atxfer types digits on the agent channel: not IVR input', () => {
    expect(
      data(
        changed('s5_atxfer_ami', (message) => message),
        callEvents.callDtmfCollected,
      ),
    ).toEqual([]);
  });

  it('digits in a conversation, digits sent, and DTMFBegin are none', () => {
    const pbx = talking().on('1.0', 'DTMFEnd', { Digit: '5', Direction: 'Received' });
    pbx.on('1.1', 'DTMFEnd', { Digit: '6', Direction: 'Received' });
    expect(data(pbx.events, callEvents.callDtmfCollected)).toEqual([]);
    const alone = createPbx().call('1.0').on('1.0', 'DTMFBegin', { Digit: '1', Direction: 'Received' });
    alone
      .on('1.0', 'DTMFEnd', { Digit: '2', Direction: 'Sent' })
      .on('1.0', 'DTMFEnd', { Digit: '#', Direction: 'Received' });
    expect(data(alone.events, callEvents.callDtmfCollected)).toEqual([{ digits: '#', legId: 'l-lab-1_2E0' }]);
  });

  it('one menu is entered once, the next one again', () => {
    const pbx = createPbx().call('1.0');
    for (const [Application, Context] of [
      ['Answer', 'in'],
      ['BackGround', 'menu'],
      ['WaitExten', 'menu'],
      ['Read', 'pin'],
    ] as const) {
      pbx.on('1.0', 'Newexten', { Application, Context, Exten: 's' });
    }
    expect(data(pbx.events, callEvents.callIvrEntered).map(({ ivr }) => ivr)).toEqual(['menu', 'pin']);
  });
});

describe('variables', () => {
  const set = (name: string, value: string) => ({ Variable: name, Value: value });
  const variables = (pbx: ReturnType<typeof createPbx>) =>
    data(pbx.events, callEvents.callVariablesSet).map((one) => one.variables);

  it('values are C-escaped in AMI', () => {
    const pbx = createPbx().call('1.0').on('1.0', 'VarSet', set('CRMNAME', 'Test \\"Q\\" Müller, C:\\\\x\\n\\tend'));
    expect(variables(pbx)).toEqual([{ CRMNAME: 'Test "Q" Müller, C:\\x\n\tend' }]);
  });

  it("names of callers are C-escaped, too (O\\'Neil)", () => {
    expect(
      data(
        changed('s4_agi_args', (message) => message),
        callEvents.callOffered,
      ),
    ).toMatchObject([{ callerName: "Zoë O'Neil" }]);
  });

  it('__NAME is NAME, inherited; the copy on the agent leg is not told', () => {
    const pbx = talking()
      .on('1.0', 'VarSet', set('__CAMPAIGN', 'support'))
      .on('1.1', 'VarSet', set('__CAMPAIGN', 'support'));
    pbx.on('1.1', 'VarSet', set('ONLYAGENT', 'x'));
    expect(variables(pbx)).toEqual([{ CAMPAIGN: 'support' }]);
  });

  it('READSTATUS is first set to ERROR, then OK: results of applications are not published', () => {
    const events = changed('s4_ivr_agi', (message) => message);
    const names = data(events, callEvents.callVariablesSet).flatMap((one) => Object.keys(one.variables));
    expect(names).toEqual([
      'CAMPAIGN',
      'CUSTDIGITS',
      'Omlcrmcustomerid',
      'Omlcrmcustomerplan',
      'OMLCUSTOMDIALPLANVARS',
      'CRMQUEUE',
      'CRMNAME',
      'CRMPRIO',
    ]);
  });

  it.each([
    ...internalVariables,
    'MEMBERINTERFACE',
    'QEHOLDTIME',
    'RTPAUDIOQOSLOSS',
    'ARG1',
    'LOCAL(ARGC)',
    '__SIPREFERREDBYHDR',
  ])('%s belongs to Asterisk', (name) => {
    expect(variables(createPbx().call('1.0').on('1.0', 'VarSet', set(name, 'x')))).toEqual([]);
  });

  it.each([
    'CAMPAIGN',
    'CRMQUEUE',
    'Omlcrmcustomerid',
    'OMLCUSTOMDIALPLANVARS',
    'MEMBERSHIP',
    'QUEUE_HINT',
    'ARGUMENT',
    'EMPTY',
  ])('%s belongs to the dialplan', (name) => {
    expect(variables(createPbx().call('1.0').on('1.0', 'VarSet', set(name, '')))).toEqual([{ [name]: '' }]);
  });

  it('a variable of no channel (a global one) is of no call', () => {
    const pbx = createPbx()
      .call('1.0')
      .on('none', 'VarSet', { ...set('AGITEST', 'x'), Channel: 'none', Uniqueid: 'none' });
    expect(variables(pbx)).toEqual([]);
  });

  it('ChanVariable repeats on every event: all of them are read, and told once', () => {
    const all = { ChanVariable: ['A=1', 'B=x\\"y', 'C='] };
    const pbx = createPbx()
      .call('1.0')
      .on('1.0', 'Newstate', { ChannelState: '6', ...all })
      .on('1.0', 'Newexten', all);
    expect(variables(pbx)).toEqual([{ A: '1' }, { B: 'x"y' }]);
  });

  it('ChanVariable and VarSet of the same variable: what was set counts', () => {
    const pbx = createPbx()
      .call('1.0')
      .on('1.0', 'VarSet', set('A', '1'))
      .on('1.0', 'VarSet', { ...set('A', '2'), ChanVariable: ['A=1'] });
    pbx.on('1.0', 'Newexten', { ChanVariable: ['A=1'] });
    expect(variables(pbx)).toEqual([{ A: '1' }, { A: '2' }]);
    const names = (events: ReturnType<typeof changed>) => storyOf(events).calls[0]?.variables;
    expect(names(changed('s4_chanvars', (message) => message))).toMatchObject({ CRMNAME: 'Test "Q" Müller, 4711' });
    expect(names(changed('s4_chanvars', without('VarSet')))).toEqual({
      CRMNAME: 'Test "Q" Müller, 4711',
      Omlcrmcustomerid: '4711',
      Omlcrmcustomerplan: 'gold',
    });
  });
});

describe('recordings', () => {
  const file = { Variable: 'MIXMONITOR_FILENAME', Value: '/rec/a.wav' };

  it('MixMonitorStart has no file name: it is the VarSet before; at hangup nothing says that it stopped', () => {
    const events = changed('s7_mixmonitor', (message) => message);
    expect(data(events, callEvents.callRecordingReady)).toEqual([
      {
        recordingId: 'r-lab-1795216970_2E97-1',
        legId: 'l-lab-1795216970_2E97',
        location: '/lab/var/rec/20261120-14155550123-1795216970.97.wav',
        startedAt: '2026-11-20T23:22:50.666Z',
        endedAt: '2026-11-20T23:22:57.160Z',
      },
    ]);
  });

  it('the recording is ready before the call has ended', () => {
    const types = changed('s7_mixmonitor', (message) => message).map(({ type }) => type);
    expect(types.indexOf('patchcord.v1.call.recording-ready')).toBeLessThan(types.indexOf('patchcord.v1.call.ended'));
  });

  it('MixMonitorStop ends it; a second one is another recording', () => {
    const pbx = talking().on('1.0', 'VarSet', file).on('1.0', 'MixMonitorStart').wait(500).on('1.0', 'MixMonitorStop');
    pbx
      .wait(100)
      .on('1.0', 'VarSet', { ...file, Value: '/rec/b.wav' })
      .on('1.0', 'MixMonitorStart')
      .wait(200)
      .hangup('1.0');
    const ready = data(pbx.events, callEvents.callRecordingReady);
    expect(ready.map(({ recordingId, location }) => [recordingId, location])).toEqual([
      ['r-lab-1_2E0-1', '/rec/a.wav'],
      ['r-lab-1_2E0-2', '/rec/b.wav'],
    ]);
    expect(Date.parse(ready[0]?.endedAt ?? '') - Date.parse(ready[0]?.startedAt ?? '')).toBe(500);
  });

  it('the leg of an agent can be recorded, too; muting is not stopping', () => {
    const pbx = talking()
      .on('1.1', 'VarSet', file)
      .on('1.1', 'MixMonitorStart')
      .on('1.1', 'MixMonitorMute', { State: '1' });
    expect(data(pbx.events, callEvents.callRecordingReady)).toEqual([]);
    expect(data(pbx.hangup('1.1').events, callEvents.callRecordingReady)).toMatchObject([{ legId: 'l-lab-1_2E1' }]);
  });

  it('without its file name a recording cannot be told', () => {
    const events = changed('s7_mixmonitor', (message) =>
      field(message, 'Variable') === 'MIXMONITOR_FILENAME' ? undefined : message,
    );
    expect(data(events, callEvents.callRecordingReady)).toEqual([]);
  });
});
