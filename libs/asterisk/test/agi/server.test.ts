import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { asFailure, type Failure } from '@patchcord/contracts';
import { type AgiPeer, callFastAgi, eventually, openAgi } from '@patchcord/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type AgiSession,
  createFastAgiServer,
  type FastAgiLimits,
  type FastAgiReport,
  type FastAgiServer,
} from '../../src/index.ts';

interface Lab {
  readonly server: FastAgiServer;
  readonly port: number;
  readonly reports: FastAgiReport[];
}

async function serving(
  handle: (session: AgiSession) => Promise<void>,
  limits: Partial<FastAgiLimits> = {},
): Promise<Lab> {
  const reports: FastAgiReport[] = [];
  const server = createFastAgiServer({ port: 0, handle, limits, onReport: (report) => reports.push(report) });
  await server.start();
  onTestFinished(() => server.stop(0));
  return { server, port: server.port(), reports };
}

const codesOf = ({ reports }: Lab): string[] =>
  reports.map((report) => (report.kind === 'session-failed' ? report.failure.code : report.kind));
const gone = (lab: Lab) => eventually(() => lab.server.sessions() === 0, { what: 'no session left' });
const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => asFailure(error).code);

describe('FastAGI session', () => {
  test('sets plain values by one command, and nothing that means something to an application', async () => {
    const seen: unknown[] = [];
    const lab = await serving(async (session) => {
      await session.setVariables([
        ['CRM_TYPE', 'queue'],
        ['CRM_TARGET', '+12025550101'],
      ]);
      for (const value of ['', 'a,B=c', 'a"b', '$' + '{EPOCH}', 'a b', 'x'.repeat(257)])
        seen.push(await outcome(session.setVariables([['CRM_VALUE', value]])));
      seen.push(await outcome(session.setVariables([['X,Y', 'a']])));
    });
    const { variables, commands } = await callFastAgi({ port: lab.port });
    expect(commands).toEqual(['EXEC "MSet" "CRM_TYPE=queue,CRM_TARGET=+12025550101"']);
    expect(Object.fromEntries(variables)).toEqual({ CRM_TYPE: 'queue', CRM_TARGET: '+12025550101' });
    expect(seen).toEqual(Array.from({ length: 7 }, () => 'agi_argument_invalid'));
  });

  test('a PBX without MSet has the variables set one by one', async () => {
    const lab = await serving((session) =>
      session.setVariables([
        ['CRM_TYPE', 'queue'],
        ['CRM_TARGET', 'gold'],
      ]),
    );
    const peer = await openAgi({ port: lab.port });
    expect(await peer.next()).toMatch(/^EXEC/);
    peer.say('200 result=-2');
    for (const expected of ['SET VARIABLE "CRM_TYPE" "queue"', 'SET VARIABLE "CRM_TARGET" "gold"']) {
      expect(await peer.next()).toBe(expected);
      peer.say('200 result=1');
    }
    expect(await peer.next()).toBeUndefined();
  });

  test('knows when its connection was taken, by the clock of the server', async () => {
    const opened: number[] = [];
    const server = createFastAgiServer({
      port: 0,
      now: () => 4711,
      handle: async ({ openedAt }) => void opened.push(openedAt),
    });
    await server.start();
    onTestFinished(() => server.stop(0));
    await callFastAgi({ port: server.port() });
    expect(opened).toEqual([4711]);
  });

  test('reads the request, asks and sets variables, collects digits, and gives the call back', async () => {
    const seen: unknown[] = [];
    const lab = await serving(async (session) => {
      const { path, query, args, callerNumber, callerName, dialledNumber, uniqueId } = session.request;
      seen.push(path, query.get('tenant'), args, callerNumber, callerName, dialledNumber, uniqueId);
      seen.push(await session.getVariable('CUST'), await session.getVariable('NONE'));
      seen.push(await session.getData('enter-id', { timeoutMs: 1000, maxDigits: 4 }));
      seen.push(await session.getData('enter-id', { timeoutMs: 1000, maxDigits: 4 }));
      seen.push(await session.getData('enter-id', { timeoutMs: 1000, maxDigits: 4 }));
      await session.setVariable('CRMNAME', 'Test "Q" Müller \\ 4711');
    });
    const request = { agi_calleridname: 'unknown' };
    const script = 'identify/main?tenant=acme%20inc&x=1';
    const call = await callFastAgi({
      port: lab.port,
      script,
      args: ['RULE', '', 'a b'],
      request,
      variables: { CUST: 'x (y) z' },
      digits: ['4711', '12', '9#'],
    });
    expect(seen).toEqual([
      'identify/main',
      'acme inc',
      ['RULE', '', 'a b'],
      '+14155550123',
      undefined,
      '+12025550101',
      '1795218080.1608',
      'x (y) z',
      undefined,
      { outcome: 'digits', digits: '4711' },
      { outcome: 'timeout', digits: '12' },
      { outcome: 'digits', digits: '9' },
    ]);
    expect(call.commands).toContain('GET DATA "enter-id" "1000" "4"');
    expect(call.variables.get('CRMNAME')).toBe('Test "Q" Müller \\ 4711');
    await gone(lab);
    expect(lab.reports).toEqual([]);
  });

  test('one command at a time, however many are asked for at once', async () => {
    const lab = await serving(async (session) => {
      await Promise.all(['A', 'B', 'C'].map((name) => session.getVariable(name)));
    });
    const peer = await openAgi({ port: lab.port });
    for (const name of ['A', 'B', 'C']) {
      expect(await peer.next()).toBe(`GET VARIABLE "${name}"`);
      await turn();
      expect(peer.waiting()).toBe(0);
      peer.say('200 result=0');
    }
    expect(await peer.next()).toBeUndefined();
  });

  test('a HANGUP line is a notice and answers nothing', async () => {
    const values: unknown[] = [];
    const lab = await serving(async (session) => {
      const asked = session.getVariable('A');
      await once(session.hungUp, 'abort');
      values.push((session.hungUp.reason as Failure).code);
      values.push(await asked, await session.getVariable('B'));
    });
    const peer = await openAgi({ port: lab.port });
    await peer.next();
    peer.say('HANGUP');
    peer.say('200 result=1 (one)');
    await peer.next();
    peer.say('HANGUP');
    peer.say('200 result=1 (two)');
    expect(await peer.next()).toBeUndefined();
    expect(values).toEqual(['agi_hung_up', 'one', 'two']);
  });

  test('a caller who hangs up while he should enter digits, with or without a notice', async () => {
    const values: unknown[] = [];
    const lab = await serving(async (session) => {
      values.push(await session.getData('enter-id', { timeoutMs: 1000, maxDigits: 4 }));
    });
    await callFastAgi({ port: lab.port, digits: ['hangup'] });
    const peer = await openAgi({ port: lab.port });
    await peer.next();
    peer.socket.destroy();
    await gone(lab);
    expect(values).toEqual([{ outcome: 'hung-up' }, { outcome: 'hung-up' }]);
  });

  test('errors of Asterisk are failures of that command only', async () => {
    const codes: unknown[] = [];
    const lab = await serving(async (session) => {
      codes.push(await outcome(session.command('FROBNICATE')));
      codes.push(await outcome(session.command('SET VARIABLE', ['X'])));
      codes.push(await outcome(session.exec('NoSuchApp', 'x')));
      codes.push(await outcome(session.answer()));
      codes.push(await outcome(session.getData('no-such-file', { timeoutMs: 1000, maxDigits: 1 })));
      codes.push(await session.getVariable('X'));
    });
    const peer = await openAgi({ port: lab.port });
    const answers = [
      ['510 Invalid or unknown command'],
      [
        '520-Invalid command syntax.  Proper usage follows:',
        '200 result=1 (not an answer)',
        '520 End of proper usage.',
      ],
      ['200 result=-2'],
      ['511 Command Not Permitted on a dead channel or intercept routine'],
      ['200 result=-1'],
      ['200 result=0'],
      ['200 result=1 (ok)'],
    ];
    for (const lines of answers) {
      await peer.next();
      for (const line of lines) peer.say(line);
    }
    expect(await peer.next()).toBeUndefined();
    expect(codes).toEqual(['agi_refused', 'agi_refused', 'agi_refused', 'agi_hung_up', 'agi_refused', 'ok']);
  });

  test('a value with line breaks and brackets comes whole', async () => {
    const values: unknown[] = [];
    const lab = await serving(async (session) => {
      values.push(await session.getVariable('A'), await session.getVariable('B'));
    });
    await callFastAgi({ port: lab.port, variables: { A: 'one (\n200 result=0\nHANGUP\n', B: 'b' } });
    expect(values).toEqual(['one (\n200 result=0\nHANGUP\n', 'b']);
  });
});

describe('FastAGI - no value becomes a command', () => {
  test.each([
    ['a command behind a line break', 'x"\nEXEC System "reboot'],
    ['a carriage return', 'a\rb'],
    ['a NUL', 'nul\0'],
    ['more than Asterisk reads as one line', 'x'.repeat(2001)],
    ['the same in bytes', 'ü'.repeat(1000)],
  ])('%s is refused', async (_, value) => {
    const codes: unknown[] = [];
    const lab = await serving(async (session) => {
      codes.push(await outcome(session.setVariable('NAME', value)));
    });
    const { commands } = await callFastAgi({ port: lab.port });
    expect(commands).toEqual([]);
    expect(codes).toEqual(['agi_argument_invalid']);
  });

  test.each(['', 'A B', 'A"', '\u0024{EVIL}', 'SHELL(id;reboot)', 'X\nEXEC'])('no name: %j', async (name) => {
    const codes: unknown[] = [];
    const lab = await serving(async (session) => {
      codes.push(await outcome(session.getVariable(name)), await outcome(session.setVariable(name, 'x')));
    });
    expect((await callFastAgi({ port: lab.port })).commands).toEqual([]);
    expect(codes).toEqual(['agi_argument_invalid', 'agi_argument_invalid']);
  });
});

describe('FastAGI server - always closes', () => {
  const idle = async (session: AgiSession): Promise<void> => void (await outcome(session.getVariable('A')));

  test('a peer that says nothing, or stops in its request', async () => {
    const lab = await serving(idle, { requestTimeoutMs: 50 });
    const silent = connect(lab.port, '127.0.0.1');
    const half = connect(lab.port, '127.0.0.1', () => half.write('agi_network: yes\nagi_chan'));
    await Promise.all([once(silent.resume(), 'close'), once(half.resume(), 'close')]);
    await eventually(() => lab.reports.length === 2);
    expect(codesOf(lab)).toEqual(['agi_session_timeout', 'agi_session_timeout']);
  });

  test('a command that is not answered', async () => {
    const codes: unknown[] = [];
    const lab = await serving(
      async (session) => void codes.push(await outcome(session.getVariable('A')), await outcome(session.answer())),
      { commandTimeoutMs: 50 },
    );
    const peer = await openAgi({ port: lab.port });
    expect(await peer.next()).toBe('GET VARIABLE "A"');
    expect(await peer.next()).toBeUndefined();
    expect(codes).toEqual(['agi_command_timeout', 'agi_command_timeout']);
  });

  test('a handler that never ends is told, and its call goes on', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const lab = await serving(
      async ({ hungUp }) => {
        hungUp.addEventListener('abort', () => aborted.resolve((hungUp.reason as Failure).code));
        await new Promise(() => undefined);
      },
      { sessionTimeoutMs: 50 },
    );
    const peer = await openAgi({ port: lab.port });
    expect(await peer.next()).toBeUndefined();
    expect(await aborted.promise).toBe('agi_session_timeout');
    await gone(lab);
  });

  test('a handler that throws', async () => {
    const lab = await serving(async () => {
      throw new Error('broken');
    });
    const peer = await openAgi({ port: lab.port, script: 'route' });
    expect(await peer.next()).toBeUndefined();
    expect(lab.reports).toMatchObject([{ kind: 'session-failed', path: 'route', failure: { class: 'defect' } }]);
  });

  test('a peer that does not close its side', async () => {
    const lab = await serving(async () => undefined);
    const peer = connect({ port: lab.port, host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void peer.destroy());
    peer.write('agi_network: yes\n\n');
    await once(peer.resume(), 'end');
    await gone(lab);
  });

  test.each([
    ['a line without end', `agi_network: ${'x'.repeat(20_000)}`],
    ['a request without end', 'agi_x: y\n'.repeat(500)],
    ['something that is no Asterisk', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an answer that nothing was asked for', 'agi_network: yes\n\n200 result=1\n'],
    ['a line that is no answer', 'agi_network: yes\n\nhello\n'],
  ])('%s', async (_, bytes) => {
    const lab = await serving(async ({ hungUp }) => void (await once(hungUp, 'abort')));
    const peer = connect(lab.port, '127.0.0.1', () => peer.write(bytes));
    peer.on('error', () => undefined);
    await new Promise((resolve) => peer.resume().on('close', resolve));
    await gone(lab);
  });

  test('stopping waits for calls under way, then closes them', async () => {
    const lab = await serving(async (session) => void (await outcome(session.getVariable('A'))));
    const [first, second] = [await openAgi({ port: lab.port }), await openAgi({ port: lab.port })];
    await Promise.all([first.next(), second.next()]);
    const stopped = lab.server.stop(300);
    first.say('200 result=0');
    expect(await first.next()).toBeUndefined();
    await eventually(() => lab.server.sessions() === 1);
    await stopped;
    expect(await second.next()).toBeUndefined();
    expect(lab.server.sessions()).toBe(0);
  });
});

describe('FastAGI server - many', () => {
  test('2,000 calls at once and 3,000 after one another leave nothing behind', async () => {
    const lab = await serving(async (session) => session.setVariable('Q', (await session.getVariable('N')) ?? ''));
    const call = async (n: number): Promise<boolean> => {
      const { variables } = await callFastAgi({ port: lab.port, variables: { N: String(n) } });
      return variables.get('Q') === String(n);
    };
    const atOnce = await Promise.all(Array.from({ length: 2000 }, (_, n) => call(n)));
    expect(atOnce.every(Boolean)).toBe(true);
    for (let batch = 0; batch < 30; batch += 1)
      expect((await Promise.all(Array.from({ length: 100 }, (_, n) => call(n)))).every(Boolean)).toBe(true);
    await gone(lab);
    expect(lab.reports).toEqual([]);
  });

  test('more than it may have are refused, and the others go on', async () => {
    const lab = await serving(async (session) => void (await session.getVariable('A')), { maxSessions: 2 });
    const peers: AgiPeer[] = [await openAgi({ port: lab.port }), await openAgi({ port: lab.port })];
    for (const peer of peers) await peer.next();
    const third = connect(lab.port, '127.0.0.1');
    third.on('error', () => undefined);
    await new Promise((resolve) => third.resume().on('close', resolve));
    expect(lab.reports).toEqual([{ kind: 'refused' }]);
    for (const peer of peers) peer.say('200 result=0');
    await gone(lab);
  });
});
