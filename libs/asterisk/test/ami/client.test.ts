import { isFailure } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { type AmiClientOptions, connectAmi } from '../../src/ami/client.ts';
import { type AmiMessage, field } from '../../src/message.ts';
import { answer, banner, type PbxScript, type ScriptedPbx, startPbx } from '../support/scripted-pbx.ts';

const running: ScriptedPbx[] = [];
afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.down();
});

async function pbxWith(script: PbxScript = {}): Promise<ScriptedPbx> {
  const pbx = await startPbx(script);
  running.push(pbx);
  return pbx;
}

const secret = 'S3cr3t-of-the-PBX';
const to = (pbx: { host: string; port: number }, options: Partial<AmiClientOptions> = {}): AmiClientOptions => ({
  host: pbx.host,
  port: pbx.port,
  username: 'cti',
  secret,
  onEvent: () => undefined,
  ...options,
});
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('AMI client: login', () => {
  test('logs in, sees FullyBooted and events', async () => {
    const seen: string[] = [];
    const pbx = await pbxWith({ onAction: answer({ onLogin: (pbx) => pbx.event(['Event: Newchannel']) }) });
    const client = await connectAmi(to(pbx, { onEvent: (event) => seen.push(field(event, 'Event') ?? '') }));
    expect(client.banner).toBe('Asterisk Call Manager/11.0.0');
    expect(await client.waitForBoot(1000)).toBe(true);
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(['FullyBooted', 'Newchannel']);
    client.close();
  });

  test('a wrong password is permanent, and the secret is in no error', async () => {
    const pbx = await pbxWith({
      onAction: (action, connection) => connection.reply(action, ['Response: Error', 'Message: Authentication failed']),
    });
    const error: unknown = await connectAmi(to(pbx)).catch((thrown) => thrown);
    expect(error).toEqual(code('ami_login_refused'));
    expect(isFailure(error, 'permanent')).toBe(true);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
  });

  test('a PBX that is shutting down is no wrong password', async () => {
    const pbx = await pbxWith({
      onAction: (action, connection) =>
        connection.reply(action, ['Response: Error', 'Message: Asterisk is shutting down']),
    });
    const error: unknown = await connectAmi(to(pbx)).catch((thrown) => thrown);
    expect(error).toEqual(code('ami_shutting_down'));
    expect(isFailure(error, 'transient')).toBe(true);
  });

  test('a closed port is told from a silent one', async () => {
    const pbx = await pbxWith({ onConnect: () => undefined });
    await expect(connectAmi(to(pbx, { loginTimeoutMs: 50 }))).rejects.toEqual(code('ami_login_timeout'));
    await pbx.down();
    await expect(connectAmi(to(pbx))).rejects.toEqual(code('ami_refused'));
  });

  test('a login that is never answered ends at its deadline', async () => {
    const pbx = await pbxWith({ onAction: () => undefined });
    await expect(connectAmi(to(pbx, { loginTimeoutMs: 50 }))).rejects.toMatchObject({
      code: expect.stringMatching(/ami_(login|action)_timeout/),
    });
    await eventually(() => pbx.connections[0]?.socket.destroyed);
  });

  test('a close during the login is a failure at once', async () => {
    const pbx = await pbxWith({ onAction: (_, { socket }) => socket.destroy() });
    await expect(connectAmi(to(pbx))).rejects.toEqual(code('ami_closed'));
  });

  test('refuses a peer that is no Asterisk', async () => {
    const pbx = await pbxWith({ onConnect: (connection) => connection.send('220 mail.example ESMTP\r\n') });
    await expect(connectAmi(to(pbx))).rejects.toEqual(code('ami_not_asterisk'));
  });

  test('a user who never gets FullyBooted is not waited for', async () => {
    const pbx = await pbxWith({ onAction: answer({ booted: false }) });
    const client = await connectAmi(to(pbx));
    expect(await client.waitForBoot(30)).toBe(false);
    client.close();
  });
});

describe('AMI client: actions', () => {
  test('replies find their action, whatever comes between and in whichever order', async () => {
    const held: AmiMessage[] = [];
    const pbx = await pbxWith({
      onAction(action, connection) {
        if (field(action, 'Action') === 'Login') return answer()(action, connection);
        held.push(action);
        if (held.length < 2) return;
        const [first, second] = held;
        if (first === undefined || second === undefined) return;
        connection.event(['Event: Newchannel', 'Channel: a']);
        connection.reply(second, ['Response: Success', 'Value: second']);
        connection.reply(first, ['Response: Success', 'Value: first']);
      },
    });
    const client = await connectAmi(to(pbx));
    const replies = await Promise.all([client.action('Getvar'), client.action('Getvar')]);
    expect(replies.map(({ response }) => field(response, 'Value'))).toEqual(['first', 'second']);
    client.close();
  });

  test('who watches sees each event before the others do, until he has seen enough', async () => {
    const seen: string[] = [];
    const pbx = await pbxWith();
    const client = await connectAmi(to(pbx, { onEvent: (event) => seen.push(field(event, 'Event') ?? '') }));
    await client.waitForBoot();
    const stop = client.watch((event) => seen.push(`watched ${field(event, 'Event')}`));
    const tell = async (name: string): Promise<void> => {
      pbx.connections[0]?.event([`Event: ${name}`]);
      await client.action('Ping');
    };
    await tell('A');
    stop();
    await tell('B');
    expect(seen).toEqual(['FullyBooted', 'watched A', 'A', 'B']);
    client.close();
  });

  test('a line that Asterisk would not read is not sent', async () => {
    const pbx = await pbxWith();
    const client = await connectAmi(to(pbx));
    const variable = (bytes: number) => client.action('Setvar', { Value: 'ü'.repeat((bytes - 7) / 2) });
    await expect(variable(1025)).rejects.toEqual(code('ami_header_invalid'));
    await variable(1021);
    client.close();
  });

  test('a list is collected to its end and no event of it leaks', async () => {
    const seen: string[] = [];
    const pbx = await pbxWith({
      onAction: answer({
        channels: [
          ['Event: CoreShowChannel', 'Channel: a'],
          ['Event: CoreShowChannel', 'Channel: b'],
        ],
      }),
    });
    const client = await connectAmi(to(pbx, { onEvent: (event) => seen.push(field(event, 'Event') ?? '') }));
    const { events } = await client.action('CoreShowChannels');
    expect(events.map((event) => field(event, 'Channel'))).toEqual(['a', 'b']);
    expect(seen).toEqual(['FullyBooted']);
    client.close();
  });

  test('an OriginateResponse with our ActionID is an event for everybody', async () => {
    const seen: string[] = [];
    const pbx = await pbxWith({
      onAction(action, connection) {
        answer()(action, connection);
        if (field(action, 'Action') !== 'Originate') return;
        connection.event(['Event: OriginateResponse', `ActionID: ${field(action, 'ActionID')}`]);
      },
    });
    const client = await connectAmi(to(pbx, { onEvent: (event) => seen.push(field(event, 'Event') ?? '') }));
    await client.action('Originate', { Async: 'true', Variable: ['A=1', 'B=2'] });
    await eventually(() => seen.includes('OriginateResponse'));
    const sent = pbx.connections[0]?.actions.at(-1);
    expect(sent?.headers.filter(([name]) => name === 'Variable').map(([, value]) => value)).toEqual(['A=1', 'B=2']);
    client.close();
  });

  test('a refused action, one that is never answered and one cut off by a close are told apart', async () => {
    const pbx = await pbxWith({
      onAction(action, connection) {
        if (field(action, 'Action') === 'Bye') connection.socket.destroy();
        else if (field(action, 'Action') !== 'Silence') answer({ denied: ['Command'] })(action, connection);
      },
    });
    const client = await connectAmi(to(pbx, { actionTimeoutMs: 50 }));
    await expect(client.action('Command')).rejects.toThrow('Permission denied');
    await expect(client.action('Silence')).rejects.toEqual(code('ami_action_timeout'));
    await expect(client.action('Bye')).rejects.toEqual(code('ami_closed'));
    expect(await client.closed).toEqual(code('ami_closed'));
  });

  test.each([
    ['a value', { Variable: 'NAME=x\r\nAction: Originate' }],
    ['one value of a list', { Variable: ['A=1', 'B=2\nAction: Originate'] }],
    ['a name', { 'X\r\nAction': 'Originate' }],
  ])('refuses a line break in %s', async (_, headers: Record<string, string | string[]>) => {
    const pbx = await pbxWith();
    const client = await connectAmi(to(pbx));
    await expect(client.action('Setvar', headers)).rejects.toEqual(code('ami_header_invalid'));
    await client.action('Ping');
    expect(pbx.connections[0]?.actions.map((action) => field(action, 'Action'))).toEqual(['Login', 'Ping']);
    client.close();
  });
});

describe('AMI client: the end of a connection', () => {
  const fast = { pingIntervalMs: 30, pingTimeoutMs: 30 };

  test('a peer that fell silent is given up', async () => {
    const pbx = await pbxWith({
      onAction: (action, connection) => field(action, 'Action') === 'Ping' || answer()(action, connection),
    });
    const client = await connectAmi(to(pbx, fast));
    expect(await client.closed).toEqual(code('ami_silent'));
  });

  test('a quiet peer that answers Ping is kept', async () => {
    const pbx = await pbxWith();
    const client = await connectAmi(to(pbx, fast));
    await eventually(() => (pbx.connections[0]?.actions.length ?? 0) >= 5);
    expect(pbx.connections[0]?.socket.destroyed).toBe(false);
    client.close();
  });

  test('a busy peer that answers Ping late is kept', async () => {
    const pbx = await pbxWith({
      onAction: (action, connection) => field(action, 'Action') === 'Ping' || answer()(action, connection),
    });
    let events = 0;
    const client = await connectAmi(
      to(pbx, {
        ...fast,
        onEvent: () => {
          events += 1;
          setTimeout(() => pbx.connections[0]?.event(['Event: VarSet']), 10);
        },
      }),
    );
    await eventually(() => events > 20);
    expect(pbx.connections[0]?.socket.destroyed).toBe(false);
    client.close();
  });

  test('a close in the middle of a message gives none of it', async () => {
    const seen: AmiMessage[] = [];
    const pbx = await pbxWith({
      onAction: answer({
        booted: false,
        onLogin: ({ socket }) => socket.end('Event: Newchannel\r\nChannel: PJSIP/1001'),
      }),
    });
    const client = await connectAmi(to(pbx, { onEvent: (event) => seen.push(event) }));
    expect(await client.closed).toEqual(code('ami_closed'));
    expect(seen).toEqual([]);
  });

  test('a message without end closes the connection', async () => {
    const pbx = await pbxWith({
      onAction: answer({ onLogin: (connection) => connection.send(`Event: X\r\nA: ${'y'.repeat(4096)}`) }),
    });
    const client = await connectAmi(to(pbx, { maxMessageBytes: 1024 }));
    expect(await client.closed).toEqual(code('ami_message_too_big'));
  });

  test('a stop signal ends it at every step', async () => {
    const stop = new AbortController();
    const pbx = await pbxWith({ onConnect: (connection) => connection.send(banner.slice(0, 5)) });
    const connecting = connectAmi(to(pbx, { signal: stop.signal }));
    await eventually(() => pbx.connections.length === 1);
    stop.abort();
    await expect(connecting).rejects.toEqual(code('ami_stopped'));
    await expect(connectAmi(to(pbx, { signal: stop.signal }))).rejects.toEqual(code('ami_stopped'));
  });
});
