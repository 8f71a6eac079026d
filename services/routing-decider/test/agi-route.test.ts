import { createServer } from 'node:net';
import { serveRpc } from '@patchcord/bus';
import {
  callIdOf,
  type LookupReply,
  type LookupRequest,
  rpc,
  type WriteSessionReply,
  type WriteSessionRequest,
} from '@patchcord/contracts';
import { type AgiPeer, callFastAgi, eventually, openAgi } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
let port: number;
let dispatcher: { release(): Promise<void> } | undefined;
const asked: LookupRequest[] = [];
const written: WriteSessionRequest[] = [];
const hanging: (() => void)[] = [];

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const pbxs = JSON.stringify([{ pbxId: 'main', tenantId, addresses: ['127.0.0.1'] }]);
const queue = (target: string) => ({ type: 'queue', target }) as const;
const level = {
  id: 'level',
  name: 'Support level',
  url: 'https://crm.example.com/lookup',
  fieldName: 'level',
  budgetMs: 400,
  location: { type: 'did', dids: ['+1 202 555 0101'] },
  rows: [
    { operator: '=', value: 'GOLD', destination: queue('gold') },
    { operator: '=', value: 'LEAD', destination: { type: 'play-recording', target: 'we call\nyou "back"' } },
  ],
  default: { type: 'extension', target: '100', voicemail: 'no' },
  on: { timeout: queue('too-late'), error: queue('broken'), notFound: queue('strangers') },
};
const menu = {
  ...level,
  id: 'menu',
  location: { type: 'ivr' },
  greeting: { prompt: 'enter-your-number', maxDigits: 4, inputTimeoutMs: 3000 },
};

beforeAll(async () => {
  port = await freePort();
  fixture = await startFixture({ FASTAGI_PORT: String(port), FASTAGI_PBXS: pbxs });
  await fixture.config.applyAll(
    tenantId,
    [level, menu].map((entity) => ({ kind: 'routing-rule', entity })),
  );
  await eventually(async () => (await fixture.ask('/v1/routing/menu/decide', { body: {} })).status === 200);
  serveRpc(fixture.bus, rpc.writeSession, async (request): Promise<WriteSessionReply> => {
    written.push(request);
    return { outcome: 'written', version: 1, etag: 'e', data: {} };
  });
  await fixture.bus.nc.flush();
});
afterAll(() => fixture.stop());
afterEach(async () => {
  for (const end of hanging.splice(0)) end();
  await dispatcher?.release();
  dispatcher = undefined;
});

async function answering(answer: () => Promise<LookupReply>): Promise<void> {
  asked.length = 0;
  written.length = 0;
  dispatcher = await fixture.answerLookups((request) => {
    asked.push(request);
    return answer();
  });
}
const found = (value: string) => async (): Promise<LookupReply> => ({
  outcome: 'found',
  value,
  read: 'value',
  durationMs: 1,
});
const never = (): Promise<LookupReply> =>
  new Promise((resolve) => hanging.push(() => resolve({ outcome: 'not-found', durationMs: 1 })));
const crmVariables = (variables: ReadonlyMap<string, string>) =>
  Object.fromEntries([...variables].filter(([name]) => name.startsWith('CRM_')));
const script = 'route/level';

describe('a route over FastAGI', () => {
  it('leaves on the channel where the call goes, the outcome last, and keeps it with the call', async () => {
    await answering(found('GOLD'));
    const variables = { 'CHANNEL(linkedid)': '1795218080.1600', CRM_OUTCOME: 'old', CRM_VALUE: 'old' };
    const call = await callFastAgi({ port, script, variables });
    expect(crmVariables(call.variables)).toEqual({
      CRM_OUTCOME: 'matched',
      CRM_DESTINATION_TYPE: 'queue',
      CRM_DESTINATION_TARGET: 'gold',
      CRM_DESTINATION_VOICEMAIL: '',
      CRM_VALUE: 'GOLD',
    });
    expect(call.commands[0]).toBe('SET VARIABLE "CRM_OUTCOME" ""');
    expect(call.commands.at(-1)).toBe('SET VARIABLE "CRM_OUTCOME" "matched"');
    expect(call.commands).not.toContain('ANSWER');
    const callId = callIdOf('main', '1795218080.1600');
    expect(asked.map(({ ruleId, input }) => ({ ruleId, input }))).toEqual([
      { ruleId: 'level', input: { callId, ani: '+14155550123', dnis: '+12025550101' } },
    ]);
    await eventually(() => written.length === 1);
    expect(written[0]).toMatchObject({
      tenantId,
      callId,
      changes: { 'app.routing.level': { outcome: 'matched', row: 0, value: 'GOLD', read: 'value', rule: 'level' } },
    });
  });

  it.each<[string, () => Promise<LookupReply>, object]>([
    ['not found', async () => ({ outcome: 'not-found', durationMs: 1 }), { CRM_OUTCOME: 'not-found', CRM_VALUE: '' }],
    [
      'a value that no row has',
      found('TIN'),
      {
        CRM_OUTCOME: 'no-rule',
        CRM_DESTINATION_TYPE: 'extension',
        CRM_DESTINATION_TARGET: '100',
        CRM_DESTINATION_VOICEMAIL: 'no',
        CRM_VALUE: 'TIN',
      },
    ],
    ['a CRM that hangs', never, { CRM_OUTCOME: 'timeout', CRM_DESTINATION_TARGET: 'too-late' }],
    [
      'a dispatcher that throws',
      () => Promise.reject(new Error('a defect')),
      { CRM_OUTCOME: 'error', CRM_DESTINATION_TARGET: 'broken' },
    ],
    [
      'a recording with signs that a command cannot hold',
      found('LEAD'),
      { CRM_DESTINATION_TYPE: 'play-recording', CRM_DESTINATION_TARGET: 'we call you "back"' },
    ],
    ['a value of several lines', found('a\r\nb'), { CRM_OUTCOME: 'no-rule', CRM_VALUE: 'a b' }],
    [
      'a value that is longer than a command',
      found('"ü'.repeat(512)),
      { CRM_OUTCOME: 'no-rule', CRM_VALUE: '"ü'.repeat(300) },
    ],
  ])('%s - the call has its way in time', async (_, answer, expected) => {
    await answering(answer);
    const begin = performance.now();
    const { variables } = await callFastAgi({ port, script });
    expect(performance.now() - begin).toBeLessThan(level.budgetMs + 500);
    expect(crmVariables(variables)).toMatchObject(expected);
  });

  it('without any dispatcher the call goes on at once', async () => {
    const { variables } = await callFastAgi({ port, script });
    expect(crmVariables(variables)).toMatchObject({ CRM_OUTCOME: 'error', CRM_DESTINATION_TARGET: 'broken' });
  });

  it('the dialled number finds the rule, however it is written', async () => {
    await answering(found('GOLD'));
    for (const agi_dnid of ['+12025550101', '12025550101']) {
      const { variables } = await callFastAgi({ port, script: 'route', request: { agi_dnid } });
      expect(variables.get('CRM_DESTINATION_TARGET')).toBe('gold');
    }
  });

  it.each([
    ['route/nosuch', {}],
    ['route', { agi_dnid: '+12025550199' }],
    ['route', { agi_dnid: 'unknown' }],
  ])('%s %j - no rule: the outcome stays empty, and the dialplan goes its own way', async (wrong, request) => {
    await answering(found('GOLD'));
    const { variables } = await callFastAgi({
      port,
      script: wrong,
      request,
      variables: { CRM_OUTCOME: 'matched' },
    });
    expect(variables.get('CRM_OUTCOME')).toBe('');
    expect(asked).toHaveLength(0);
  });
});

describe('a greeting', () => {
  it('is played before the CRM is asked, and the digits are sent', async () => {
    await answering(found('GOLD'));
    const { commands, variables } = await callFastAgi({ port, script: 'route/menu', digits: ['4711'] });
    expect(variables.get('CRM_OUTCOME')).toBe('matched');
    expect(commands.filter((line) => /^(ANSWER|GET DATA)/.test(line))).toEqual([
      'ANSWER',
      'GET DATA "enter-your-number" "3000" "4"',
    ]);
    expect(asked[0]?.input.dtmf).toBe('4711');
  });

  it('without digits the CRM is asked without them', async () => {
    await answering(found('GOLD'));
    const { variables } = await callFastAgi({ port, script: 'route/menu', digits: [''] });
    expect(variables.get('CRM_OUTCOME')).toBe('matched');
    expect(asked[0]?.input).not.toHaveProperty('dtmf');
  });

  it('digits that the dialplan brings are sent, and nobody is asked for others', async () => {
    await answering(found('GOLD'));
    const { commands } = await callFastAgi({ port, script: 'route/menu?dtmf=42%23' });
    expect(asked[0]?.input.dtmf).toBe('42#');
    expect(commands.some((line) => line.startsWith('GET DATA'))).toBe(false);
  });

  it('that is missing on the PBX is left out', async () => {
    await answering(found('GOLD'));
    const peer = await openAgi({ port, script: 'route/menu' });
    await answerUntil(peer, 'GET DATA', '200 result=-1');
    await answerUntil(peer, 'SET VARIABLE "CRM_OUTCOME" "matched"', '200 result=1');
    expect(await peer.next()).toBeUndefined();
  });

  it('a caller who hangs up while he hears it is let go, and nobody is asked about him', async () => {
    await answering(found('GOLD'));
    const { variables } = await callFastAgi({ port, script: 'route/menu', digits: ['hangup'] });
    expect(variables.get('CRM_OUTCOME')).toBe('');
    expect(asked).toHaveLength(0);
  });
});

describe('a route that somebody breaks off', () => {
  it('a caller who hangs up while the CRM thinks does not wait for it', async () => {
    await answering(never);
    const peer = await openAgi({ port, script });
    await answerUntil(peer, 'SET VARIABLE "CRM_DESTINATION_VOICEMAIL"', '200 result=1');
    await eventually(() => asked.length === 1);
    const begin = performance.now();
    peer.say('HANGUP');
    expect(await peer.next()).toBeUndefined();
    expect(performance.now() - begin).toBeLessThan(level.budgetMs - 100);
  });

  it('a PBX that falls silent is let go within the time of one command', async () => {
    await answering(found('GOLD'));
    const peer = await openAgi({ port, script });
    await answerUntil(peer, 'SET VARIABLE "CRM_OUTCOME"', '200 result=1');
    const begin = performance.now();
    while ((await peer.next()) !== undefined);
    expect(performance.now() - begin).toBeLessThan(7000);
  }, 15_000);

  it('us stopping: the call is given back, with an empty outcome', async () => {
    const other = await freePort();
    const stopping = await startFixture({ FASTAGI_PORT: String(other), FASTAGI_PBXS: pbxs });
    await stopping.config.put(tenantId, 'routing-rule', { ...level, budgetMs: 10_000 });
    const lookups = await stopping.answerLookups(never);
    const call = callFastAgi({ port: other, script });
    await eventually(() => hanging.length === 1);
    const stopped = stopping.service.stop();
    expect((await call).variables.get('CRM_OUTCOME')).toBe('');
    await stopped;
    for (const end of hanging.splice(0)) end();
    await lookups.release();
    await stopping.stop();
  });

  it('100 calls at once, all with a CRM that hangs, have their way within the budget', async () => {
    await answering(never);
    const tookMs = await Promise.all(
      Array.from({ length: 100 }, async (_, at) => {
        const begin = performance.now();
        const linkedId = { 'CHANNEL(linkedid)': `1795218080.${at}` };
        const { variables } = await callFastAgi({ port, script, variables: linkedId });
        expect(variables.get('CRM_OUTCOME')).toBe('timeout');
        return performance.now() - begin;
      }),
    );
    expect(Math.max(...tookMs)).toBeLessThan(level.budgetMs + 3000);
  });
});

/** Answers as an Asterisk does until the given command, and that one with `answer`. */
async function answerUntil(peer: AgiPeer, command: string, answer: string): Promise<void> {
  for (let line = await peer.next(); line !== undefined; line = await peer.next()) {
    peer.say(line.startsWith(command) ? answer : '200 result=0');
    if (line.startsWith(command)) return;
  }
}
