import { asFailure, type PbxCommand, type PbxCommandReply, pbxCommand } from '@patchcord/contracts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type AmiMessage, connectAmi, createPbxCommands, field, fields } from '../../src/index.ts';
import { answer, type PbxConnection, type PbxState, startPbx } from '../support/scripted-pbx.ts';

type Answer = (action: AmiMessage, connection: PbxConnection) => void;

interface Setting {
  readonly answers?: Record<string, Answer>;
  readonly state?: PbxState;
  readonly callOf?: (uniqueId: string) => string | undefined;
}

interface Lab {
  readonly run: (command: Record<string, unknown>) => Promise<PbxCommandReply>;
  /** What the PBX was asked, but for lists and the login. */
  readonly asked: () => AmiMessage[];
  readonly connection: () => PbxConnection;
}

async function lab({ answers = {}, state, callOf }: Setting = {}): Promise<Lab> {
  const usual = answer(state);
  const pbx = await startPbx({
    onAction: (action, connection) => (answers[field(action, 'Action') ?? ''] ?? usual)(action, connection),
  });
  const client = await connectAmi({
    host: pbx.host,
    port: pbx.port,
    username: 'u',
    secret: 's',
    onEvent: () => undefined,
  });
  onTestFinished(async () => {
    client.close();
    await pbx.down();
  });
  const dialplan = { context: 'outbound', queueContext: 'queues', callerId: '"Acme" <+12025550100>' };
  const options = { pbxId: 'lab', client, dialplan, patienceMs: 150, ...(callOf === undefined ? {} : { callOf }) };
  const commands = createPbxCommands(options);
  const connection = (): PbxConnection => pbx.connections[0] as PbxConnection;
  const silent = new Set(['Login', 'CoreShowChannels']);
  return {
    run: (command) => commands.execute(pbxCommand.parse({ agentId: '1001', interface: 'PJSIP/1001', ...command })),
    asked: () => connection().actions.filter((action) => !silent.has(field(action, 'Action') ?? '')),
    connection,
  };
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => asFailure(error).code,
  );
const refuse =
  (message: string): Answer =>
  (action, connection) =>
    connection.reply(action, ['Response: Error', `Message: ${message}`]);
const shown = (name: string, uid: string, linkedid = uid): string[] => [
  'Event: CoreShowChannel',
  `Channel: ${name}`,
  `Uniqueid: ${uid}`,
  `Linkedid: ${linkedid}`,
];
const named = (actions: readonly AmiMessage[], name: string): AmiMessage[] =>
  actions.filter((action) => field(action, 'Action') === name);
const call = { command: 'originate', requestId: 'r-1', to: '+1 (415) 555-0199' } satisfies Partial<PbxCommand>;

/** Says yes to the Originate, and then these events of the agent's channel. */
const then =
  (...events: string[][]): Answer =>
  (action, connection) => {
    connection.reply(action, ['Response: Success', 'Message: Originate successfully queued']);
    for (const lines of events) connection.event([...lines, `Uniqueid: ${field(action, 'ChannelId')}`]);
  };
const made = ['Event: Newchannel'];
const ringing = ['Event: Newstate', 'ChannelState: 5'];
const up = ['Event: Newstate', 'ChannelState: 6'];
const failed = (reason: string) => ['Event: OriginateResponse', 'Response: Failure', `Reason: ${reason}`];
const hungUp = (cause: string) => ['Event: Hangup', `Cause: ${cause}`];

describe('click-to-call', () => {
  test('asks asynchronously, with an id chosen from the request, and escapes what splits variables', async () => {
    const { run, asked } = await lab({ answers: { Originate: then(made, ringing) } });
    const reply = await run({ ...call, variables: { __CAMPAIGN: 'spring', NAME: 'a,B=1 "q" (x)[y] \\' } });
    expect(reply).toEqual({ outcome: 'accepted', callId: 'c-lab-pc-r-1' });
    const [action] = asked();
    const header = (name: string) => field(action as AmiMessage, name);
    expect(header('Channel')).toBe('PJSIP/1001');
    expect(header('Exten')).toBe('+14155550199');
    expect([header('Context'), header('Priority'), header('Async'), header('ChannelId')]).toEqual([
      'outbound',
      '1',
      'true',
      'pc-r-1',
    ]);
    expect(header('CallerID')).toBe('"Acme" <+12025550100>');
    expect(fields(action as AmiMessage, 'Variable')).toEqual([
      '__CAMPAIGN=spring',
      'NAME=a\\,B=1 \\"q\\" \\(x\\)\\[y\\] \\\\',
    ]);
  });

  test.each([
    ['no phone', [failed('0')], 'agent_unreachable'],
    ['busy, told before the channel is gone', [made, failed('0'), hungUp('17')], 'agent_busy'],
    ['declined', [made, hungUp('21'), failed('0')], 'agent_declined'],
    ['ring timeout', [made, failed('3')], 'agent_no_answer'],
    ['busy by its reason', [made, failed('5')], 'agent_busy'],
  ])('%s', async (_, events, code) => {
    const { run } = await lab({ answers: { Originate: then(...events) } });
    expect(await codeOf(run({ ...call, waitFor: 'answer', ringTimeoutMs: 1000 }))).toBe(code);
  });

  test('who waits for the answer is not satisfied by ringing', async () => {
    const { run } = await lab({ answers: { Originate: then(made, ringing, hungUp('19'), failed('3')) } });
    expect(await codeOf(run({ ...call, waitFor: 'answer' }))).toBe('agent_no_answer');
    const other = await lab({ answers: { Originate: then(made, ringing, up) } });
    expect(await other.run({ ...call, waitFor: 'answer' })).toMatchObject({ outcome: 'accepted' });
  });

  test('a PBX that says nothing more has taken it', async () => {
    const { run } = await lab({ answers: { Originate: then() } });
    expect(await run(call)).toMatchObject({ outcome: 'accepted' });
  });

  test('a call of this id that lives is not made again, also when it was made in the same moment', async () => {
    const living = await lab({ state: { channels: [shown('PJSIP/1001-00000001', 'pc-r-1')] } });
    expect(await living.run(call)).toEqual({ outcome: 'repeated', callId: 'c-lab-pc-r-1' });
    expect(living.asked()).toEqual([]);
    let lists = 0;
    const raced = await lab({
      answers: {
        CoreShowChannels: (action, connection) => {
          lists += 1;
          connection.list(action, lists === 1 ? [] : [shown('PJSIP/1001-00000001', 'pc-r-1')]);
        },
        Originate: then(failed('0')),
      },
    });
    expect(await raced.run(call)).toEqual({ outcome: 'repeated', callId: 'c-lab-pc-r-1' });
  });

  test('refusals say what to do', async () => {
    const codeFor = async (message: string) =>
      codeOf((await lab({ answers: { Originate: refuse(message) } })).run(call));
    expect(await codeFor('Extension does not exist.')).toBe('number_refused');
    expect(await codeFor('Permission denied')).toBe('pbx_permission');
    expect(await codeFor('Something new')).toBe('ami_action_refused');
  });

  test('a connection that breaks in the middle', async () => {
    const { run } = await lab({ answers: { Originate: (_, connection) => void connection.socket.destroy() } });
    expect(await codeOf(run(call))).toBe('ami_closed');
  });

  test('a value that no line can hold is refused, and nothing is sent', async () => {
    const { run, asked } = await lab();
    for (const value of ['x'.repeat(1024), 'a\nAction: Hangup'])
      expect(await codeOf(run({ ...call, variables: { V: value } }))).toBe('ami_header_invalid');
    expect(asked()).toEqual([]);
  });
});

describe("the agent's channel", () => {
  const channels = [
    shown('PJSIP/carrier-00000001', '1.0'),
    shown('PJSIP/1001-00000002', '1.1', '1.0'),
    shown('PJSIP/1001-00000004', '2.1', '2.0'),
    shown('PJSIP/10010-00000005', '3.1'),
    shown('Local/1003@agents-00000006;1', '4.1', '4.0'),
    shown('Local/1003@agents-00000006;2', '4.2', '4.0'),
  ];
  const hangup = async (over: Record<string, unknown>, setting: Setting = {}) => {
    const { run, asked } = await lab({ state: { channels }, ...setting });
    const outcome = await codeOf(run({ command: 'hangup', ...over }));
    return [outcome, ...named(asked(), 'Hangup').map((action) => field(action, 'Channel'))];
  };

  test('is that of the call, by what is known of it rather than by its Linkedid', async () => {
    expect(await hangup({ callId: 'c-lab-1_2E0' })).toEqual(['done', 'PJSIP/1001-00000002']);
    const merged = { callOf: (uid: string) => (uid === '2.1' ? 'c-lab-merged' : undefined) };
    expect(await hangup({ callId: 'c-lab-merged' }, merged)).toEqual(['done', 'PJSIP/1001-00000004']);
    expect(await hangup({ callId: 'c-lab-2_2E0' }, merged)).toEqual(['not_found']);
  });

  test('is not guessed: of several one must be named, and no other phone is taken for it', async () => {
    expect(await hangup({})).toEqual(['ambiguous']);
    expect(await hangup({ interface: 'PJSIP/100' })).toEqual(['not_found']);
    expect(await hangup({ interface: 'PJSIP/10010' })).toEqual(['done', 'PJSIP/10010-00000005']);
  });

  test("of a queue's member behind a Local channel it is the first half", async () => {
    expect(await hangup({ interface: 'Local/1003@agents/n' })).toEqual(['done', 'Local/1003@agents-00000006;1']);
  });

  test.each([
    ['speaks', '6', '16'],
    ['rings', '5', '21'],
  ])('that %s: who hangs it up is left on it before, and the cause says what was done', async (_, state, cause) => {
    const speaking = { channels: [[...shown('PJSIP/1001-00000002', '1.1'), `ChannelState: ${state}`]] };
    const { run, asked } = await lab({ state: speaking });
    await run({ command: 'hangup' });
    const header = (name: string) => asked().map((action) => field(action, name));
    expect(header('Action')).toEqual(['Setvar', 'Hangup']);
    expect(header('Variable')).toEqual(['PATCHCORD_HANGS_UP', undefined]);
    expect(header('Cause')).toEqual([undefined, cause]);
  });

  test('is hung up also where nothing can be left on it', async () => {
    const answers = { Setvar: refuse('Permission denied') };
    expect(await hangup({ interface: 'PJSIP/10010' }, { answers })).toEqual(['done', 'PJSIP/10010-00000005']);
  });

  test('that ended meanwhile', async () => {
    const answers = { Hangup: refuse('No such channel') };
    expect((await hangup({ interface: 'PJSIP/10010' }, { answers }))[0]).toBe('not_found');
  });
});

describe('hold', () => {
  const channels = [shown('PJSIP/1001-00000002', '1.1'), shown('SIP/1002-00000003', '1.2')];
  const notify =
    (event: string, uid: string): Answer =>
    (action, connection) => {
      connection.reply(action, ['Response: Success', 'Message: NOTIFY sent']);
      connection.event([`Event: ${event}`, `Uniqueid: ${uid}`]);
    };

  test('is believed when the PBX tells it of this phone', async () => {
    const { run, asked } = await lab({ state: { channels }, answers: { PJSIPNotify: notify('Hold', '1.1') } });
    expect(await run({ command: 'hold' })).toEqual({ outcome: 'accepted' });
    expect(asked().map((action) => [field(action, 'Channel'), field(action, 'Variable')])).toEqual([
      ['PJSIP/1001-00000002', 'Event=hold'],
    ]);
    const back = await lab({ state: { channels }, answers: { PJSIPNotify: notify('Unhold', '1.1') } });
    expect(await back.run({ command: 'resume' })).toEqual({ outcome: 'accepted' });
  });

  test.each([
    ['another phone holds', { PJSIPNotify: notify('Hold', '9.9') }, 'PJSIP/1001'],
    ['the PBX cannot send it', { PJSIPNotify: refuse('Invalid/unknown command: PJSIPNotify.') }, 'PJSIP/1001'],
    ['it is no PJSIP phone', {}, 'SIP/1002'],
  ])('not supported: %s', async (_, answers, device) => {
    const { run } = await lab({ state: { channels }, answers });
    expect(await codeOf(run({ command: 'hold', interface: device }))).toBe('not_supported');
  });
});

describe('transfer', () => {
  const channels = [shown('PJSIP/1001-00000002', '1.1')];
  const value =
    (text: string): Answer =>
    (action, connection) =>
      connection.reply(action, ['Response: Success', `Value: ${text}`]);
  const number = { kind: 'number', number: '+1 (415) 555-0199' };
  const command = (to: Record<string, string> = number) => ({ command: 'transfer', to });

  test.each([
    [number, 'outbound', '+14155550199'],
    [{ kind: 'agent', interface: 'PJSIP/1002' }, 'outbound', '1002'],
    [{ kind: 'queue', queue: 'sales' }, 'queues', 'sales'],
  ])('%j leads to %s %s, once it is known to be there', async (to, context, extension) => {
    const { run, asked } = await lab({ state: { channels }, answers: { Getvar: value('1') } });
    expect(await run(command(to as Record<string, string>))).toEqual({ outcome: 'accepted' });
    const [question] = asked();
    const transfer = asked().at(-1);
    expect(field(question as AmiMessage, 'Variable')).toBe(`DIALPLAN_EXISTS(${context},${extension},1)`);
    const header = (name: string) => field(transfer as AmiMessage, name);
    expect([header('Action'), header('Channel'), header('Context'), header('Exten')]).toEqual([
      'BlindTransfer',
      'PJSIP/1001-00000002',
      context,
      extension,
    ]);
  });

  test('nobody is sent where nobody answers, and no name of a queue becomes part of a question', async () => {
    const nowhere = await lab({ state: { channels }, answers: { Getvar: value('0') } });
    expect(await codeOf(nowhere.run(command()))).toBe('number_refused');
    const evil = await lab({ state: { channels } });
    expect(await codeOf(evil.run(command({ kind: 'queue', queue: 'x)}{SHELL(id' })))).toBe('number_refused');
    for (const { asked } of [nowhere, evil])
      expect(asked().map((action) => field(action, 'Action'))).not.toContain('BlindTransfer');
  });

  test('asked again at once, also when it is done: the PBX is told once; another place is refused', async () => {
    const { run, asked } = await lab({ state: { channels }, answers: { Getvar: value('1') } });
    const again = [run(command()), run(command())];
    const elsewhere = run(command({ kind: 'queue', queue: 'sales' }));
    expect(await codeOf(elsewhere)).toBe('not_found');
    expect(await Promise.all(again)).toEqual([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    expect(await run(command())).toEqual({ outcome: 'accepted' });
    expect(named(asked(), 'BlindTransfer')).toHaveLength(1);
  });

  test('what was refused may be tried again', async () => {
    let known = '0';
    const { run, asked } = await lab({ state: { channels }, answers: { Getvar: (...of) => value(known)(...of) } });
    expect(await codeOf(run(command()))).toBe('number_refused');
    known = '1';
    expect(await codeOf(run(command()))).toBe('done');
    expect(named(asked(), 'BlindTransfer')).toHaveLength(1);
  });

  test.each([
    ['UNAVAILABLE', 'agent_unreachable'],
    ['INVALID', 'done'],
  ])('a colleague whose phone is %s: %s', async (state, code) => {
    const answers = {
      Getvar: (action: AmiMessage, connection: PbxConnection) =>
        value(field(action, 'Variable') === 'DEVICE_STATE(PJSIP/1002)' ? state : '1')(action, connection),
    };
    const { run, asked } = await lab({ state: { channels }, answers });
    expect(await codeOf(run(command({ kind: 'agent', interface: 'PJSIP/1002' })))).toBe(code);
    expect(named(asked(), 'BlindTransfer')).toHaveLength(code === 'done' ? 1 : 0);
  });

  test.each([
    ['Channel specified does not exist', 'not_found'],
    ['Transfer invalid', 'not_supported'],
    ['Transfer not permitted', 'not_supported'],
    ['Transfer failed', 'number_refused'],
  ])('refusal: %s', async (message, code) => {
    const { run } = await lab({ state: { channels }, answers: { BlindTransfer: refuse(message) } });
    expect(await codeOf(run(command()))).toBe(code);
  });
});

describe('queues', () => {
  const member = (queue: string, membership: string, location = 'PJSIP/1001') => [
    'Event: QueueMember',
    `Queue: ${queue}`,
    `Location: ${location}`,
    `Membership: ${membership}`,
  ];

  test('who logs out without queues leaves those he logged in to', async () => {
    const queues = [member('a', 'dynamic'), member('b', 'static'), member('c', 'dynamic', 'PJSIP/1002')];
    const { run, asked } = await lab({ state: { queues } });
    await run({ command: 'logout' });
    const removed = asked().filter((action) => field(action, 'Action') === 'QueueRemove');
    expect(removed.map((action) => field(action, 'Queue'))).toEqual(['a']);
  });

  test('refusals', async () => {
    const codeFor = async (command: Record<string, unknown>, action: string, message: string) =>
      codeOf((await lab({ answers: { [action]: refuse(message) } })).run(command));
    const login = { command: 'login', queues: ['q'] };
    expect(await codeFor(login, 'QueueAdd', 'Unable to add interface: Already there')).toBe('done');
    expect(await codeFor(login, 'QueueAdd', 'Unable to add interface to queue: No such queue')).toBe('unknown_queue');
    expect(await codeFor({ command: 'login', queues: [] }, 'QueueAdd', '')).toBe('invalid_request');
    const logout = { command: 'logout', queues: ['q'] };
    expect(await codeFor(logout, 'QueueRemove', 'Unable to remove interface: Not there')).toBe('done');
    expect(await codeFor(logout, 'QueueRemove', 'Member not dynamic')).toBe('not_supported');
    expect(await codeFor({ command: 'pause' }, 'QueuePause', 'Interface not found')).toBe('not_logged_in');
  });
});
