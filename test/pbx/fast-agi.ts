import { type AgiSession, type AmiClient, type AmiMessage, createFastAgiServer, field } from '@patchcord/asterisk';
import { asFailure } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { hasLab, type Lab, startLab } from './lab/lab.ts';
import { type SipPhone, startPhone } from './sip-phone.ts';

/** Answers, then `AGI(${AGITEST})`, then tells how that went. */
const agiNumber = '+12025550108';
const numbers = {
  [agiNumber]: ['Answer()', `AGI(\${AGITEST})`, `UserEvent(AgiResult,AGISTATUS: \${AGISTATUS})`, 'Hangup()'],
};

let lab: Lab;
let pbx: AmiClient;
let caller: SipPhone;
let seen: AmiMessage[] = [];

/** How the dialplan found the `AGI()`: `AGISTATUS`. */
const status = () =>
  eventually(
    () => {
      const told = seen.find((event) => field(event, 'UserEvent') === 'AgiResult');
      return told && field(told, 'AGISTATUS');
    },
    { what: 'the end of the AGI()' },
  );
async function serving(handle: (session: AgiSession) => Promise<void>, script = 'identify/main?tenant=acme') {
  const reports: unknown[] = [];
  const server = createFastAgiServer({ port: 0, handle, onReport: (report) => reports.push(report) });
  await server.start();
  onTestFinished(() => server.stop(0));
  await lab.cli(`dialplan set global AGITEST agi://127.0.0.1:${server.port()}/${script}`);
  return { server, reports };
}

export function describeFastAgi(): void {
  describe.skipIf(!hasLab)('FastAGI of a real Asterisk', describeAll);
}

function describeAll(): void {
  beforeAll(async () => {
    lab = await startLab({ numbers });
    pbx = await lab.observe((event) => void seen.push(event));
    caller = await startPhone({ user: '+14155550123', pbxPort: lab.sipPort });
  });
  beforeEach(() => {
    seen = [];
  });
  afterAll(async () => {
    await caller?.close();
    pbx?.close();
    await lab?.stop();
  });

  describe('that goes well', describeDigits);
  describe('when something is amiss', describeTrouble);
}

function describeDigits(): void {
  test('a caller enters his number; values go both ways whatever is in them', async () => {
    const value = 'Test "Q" \\ Müller, 4711 \u0024{EPOCH} (x)';
    const longest = 'y'.repeat(1950);
    const results: unknown[] = [];
    const { reports } = await serving(async (session) => {
      const { path, query, callerNumber, dialledNumber, uniqueId } = session.request;
      results.push(path, query.get('tenant'), callerNumber, dialledNumber);
      results.push((await session.getVariable('CHANNEL(linkedid)')) === uniqueId);
      results.push(await session.getData('beep', { timeoutMs: 3000, maxDigits: 4 }));
      results.push(await session.getData('beep', { timeoutMs: 500, maxDigits: 4 }));
      await session.setVariable('CRMNAME', value);
      results.push((await session.getVariable('CRMNAME')) === value);
      const several = [
        ['CRM_A', 'queue'],
        ['CRM_B', '+14155550123'],
        ['CRM_C', 'a.b:c@d-e_f'],
      ] as const;
      await session.setVariables(several);
      for (const [name, plain] of several) results.push((await session.getVariable(name)) === plain);
      await session.setVariable('LONG', longest);
      results.push((await session.getVariable('LONG')) === longest, await session.getVariable('NOSUCH'));
      for (const work of [
        () => session.exec('NoSuchApp', 'x'),
        () => session.command('FROBNICATE'),
        () => session.command('SET VARIABLE', ['X']),
      ])
        results.push(await work().catch((error: unknown) => asFailure(error).code));
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: 100 }, () => session.getVariable('CRMNAME')));
      console.log(`tests: a FastAGI command took ${((performance.now() - startedAt) / 100).toFixed(2)} ms`);
    });
    const call = await caller.call(agiNumber);
    await eventually(() => results.length >= 5);
    await call.press('4711');
    expect(await status()).toBe('SUCCESS');
    expect(results).toEqual([
      'identify/main',
      'acme',
      '+14155550123',
      agiNumber,
      true,
      { outcome: 'digits', digits: '4711' },
      { outcome: 'timeout', digits: '' },
      true,
      true,
      true,
      true,
      true,
      undefined,
      'agi_refused',
      'agi_refused',
      'agi_refused',
    ]);
    expect(reports).toEqual([]);
    await lab.quiet();
  });
}

function describeTrouble(): void {
  test('a file that is not there: the session goes on, but the dialplan is told FAILURE', async () => {
    const results: unknown[] = [];
    await serving(async (session) => {
      results.push(await session.streamFile('no-such-file').catch((error: unknown) => asFailure(error).code));
      results.push(await session.getVariable('CHANNEL(state)'));
    });
    await caller.call(agiNumber);
    expect(await status()).toBe('FAILURE');
    expect(results).toEqual(['agi_refused', 'Up']);
    await lab.quiet();
  });

  test('a caller who hangs up while he should enter something', async () => {
    const results: unknown[] = [];
    const { server } = await serving(async (session) => {
      results.push('asked');
      results.push(await session.getData('beep', { timeoutMs: 10_000, maxDigits: 4 }));
      results.push(session.hungUp.aborted, await session.streamFile('beep').catch((error) => asFailure(error).code));
      await session.setVariable('AFTER', 'yes');
    });
    const call = await caller.call(agiNumber);
    await eventually(() => results.length === 1);
    call.hangUp();
    await eventually(() => server.sessions() === 0 && results.length === 4);
    expect(results).toEqual(['asked', { outcome: 'hung-up' }, true, 'agi_hung_up']);
    await lab.quiet();
  });

  test('a handler that takes too long gives the call back to the dialplan', async () => {
    const server = createFastAgiServer({
      port: 0,
      handle: () => new Promise(() => undefined),
      limits: { sessionTimeoutMs: 300 },
    });
    await server.start();
    onTestFinished(() => server.stop(0));
    await lab.cli(`dialplan set global AGITEST agi://127.0.0.1:${server.port()}/slow`);
    await caller.call(agiNumber);
    expect(await status()).toBe('SUCCESS');
    await lab.quiet();
  });
}
