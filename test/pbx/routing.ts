import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AmiMessage, field } from '@patchcord/asterisk';
import { eventually, type RecordingServer, recordingServer } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { worldTenant } from '../harness/world.ts';
import type { DialplanTopic } from './lab/dialplan.ts';
import type { PbxWorld, PlacedCall } from './pbx-world.ts';

const levelNumber = '+12025550130';
const budgetMs = 800;

const rule = {
  id: 'level',
  name: 'Level',
  fieldName: 'level',
  budgetMs,
  location: { type: 'ivr' },
  greeting: { prompt: 'beep', maxDigits: 4, inputTimeoutMs: 3000 },
  rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
  default: { type: 'extension', target: '1003' },
  on: { timeout: { type: 'queue', target: 'slow' } },
  egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
};

/** The dialplan of the documentation as it stands there, but for the address, the number and the rule. */
export const routingTopic = (agiPort: number): DialplanTopic => {
  const lines = dialplanOf('routing-rules.md', 'exten => _X!,1,AGI(')
    .replace('exten => _X!,1,', `exten => ${levelNumber},1,Answer()\n same => n,`)
    .replace('10.0.0.20:4573/route/status', `127.0.0.1:${agiPort}/route/level`);
  const contexts = dialplanOf('identification.md', '[from-carrier]').replace(/[\s\S]*?(?=\[crm-queue\])/, '');
  return {
    contexts: `[from-pstn]\n${lines}\n${contexts}\n[internal]\ninclude => from-agent\n`,
    queues: { gold: { phones: [] }, slow: { phones: [] }, everybody: { phones: [] } },
  };
};

function dialplanOf(page: string, begin: string): string {
  const text = readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8');
  const block = text.split('```').find((one) => one.trimStart().startsWith(begin));
  if (block === undefined) throw new Error(`docs/${page} has no dialplan that begins with "${begin}"`);
  return block;
}

const settings = (at: PbxWorld, variable: string): AmiMessage[] =>
  at.seen().filter((event) => field(event, 'Event') === 'VarSet' && field(event, 'Variable') === variable);

/** Every value that a channel variable had in this call, oldest first. */
const valuesOf = (at: PbxWorld, variable: string): (string | undefined)[] =>
  settings(at, variable).map((event) => field(event, 'Value'));

/** Kills the routing service; gives how to start it again, which is done at the latest when the test is over. */
async function killed(at: PbxWorld): Promise<() => Promise<void>> {
  const service = at.world.service('routing-decider');
  await service.kill();
  let started: Promise<void> | undefined;
  const start = (): Promise<void> => {
    started ??= service.start();
    return started;
  };
  onTestFinished(start);
  return start;
}

let crm: RecordingServer;
let answer: () => Promise<{ body: string }>;
let askedAtMs = 0;

const says = (level: string) => async () => ({ body: JSON.stringify({ level }) });
const hangs = (): Promise<{ body: string }> => {
  askedAtMs = performance.now();
  return new Promise(() => undefined);
};

/** The caller has entered his number, and the CRM is asked. */
async function asked(at: PbxWorld, digits: string): Promise<PlacedCall> {
  const placed = await at.calls(levelNumber);
  await eventually(() => valuesOf(at, 'CRM_OUTCOME').includes(''), { what: 'the routing service' });
  const before = crm.seen.length;
  await placed.call.press(digits);
  await eventually(() => crm.seen.length > before, { what: 'the question to the CRM' });
  return placed;
}

/** How the dialplan found the `AGI()`. */
const agiStatus = (at: PbxWorld) =>
  eventually(() => valuesOf(at, 'AGISTATUS').at(-1), { what: 'the end of the AGI()' });

export function routingTests(world: () => PbxWorld): void {
  beforeAll(async () => {
    crm = await recordingServer(() => answer());
    await world().world.config.put(worldTenant, 'routing-rule', { ...rule, url: `${crm.url}/crm` });
  });
  afterAll(() => crm?.close());

  decisionTests(world);
  troubleTests(world);
}

function decisionTests(world: () => PbxWorld): void {
  test('the caller enters his number, and the CRM says where he goes; the session says why', async () => {
    const at = world();
    answer = says('GOLD');
    const { callId } = await asked(at, '4711');
    const why = { outcome: 'matched', row: 0, value: 'GOLD', read: 'field' };
    await at.becomes(callId, {
      state: 'queued',
      queues: [{ queue: 'gold' }],
      digits: '4711',
      data: { 'app.routing.level': why },
    });
    const query = new URL(crm.seen.at(-1)?.url ?? '', crm.url).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      field_name: 'level',
      dtmf: '4711',
      caller: '+14155550123',
      called: levelNumber,
      call_id: callId,
    });
    expect(await agiStatus(at)).toBe('SUCCESS');
    expect(valuesOf(at, 'CRM_OUTCOME')).toEqual(['', 'matched']);
    expect(valuesOf(at, 'CRM_VALUE')).toEqual(['GOLD']);
  });

  test('no row has what the CRM says: the default destination, and its agent answers', async () => {
    const at = world();
    answer = says('IRON');
    await at.agent('1003');
    const { call, callId } = await asked(at, '4712');
    await at.becomes(callId, { state: 'talking', interactions: [{ agent: { agentId: '1003' } }] });
    call.hangUp();
    await at.becomes(callId, { state: 'ended', outcome: 'answered', data: { 'app.routing.level': { value: 'IRON' } } });
  });
}

function troubleTests(world: () => PbxWorld): void {
  test('a CRM that hangs: the caller is in the queue for that when the budget is used up', async () => {
    const at = world();
    answer = hangs;
    const { callId } = await asked(at, '4713');
    const isTimeout = (event: AmiMessage): boolean => field(event, 'Value') === 'timeout';
    const told = await eventually(() => settings(at, 'CRM_OUTCOME').find(isTimeout), { what: 'the outcome' });
    const waitedMs = at.cameAtMs(told) - askedAtMs;
    console.log(`tests: a CRM that hangs held the caller for ${waitedMs.toFixed(0)} ms of ${budgetMs}`);
    // What is above 50 ms is the machine's, which does other things while it tests.
    expect(waitedMs).toBeLessThan(budgetMs + 200);
    await at.becomes(callId, { queues: [{ queue: 'slow' }], data: { 'app.routing.level': { outcome: 'timeout' } } });
  });

  test('the caller hangs up while the CRM thinks: his channel is free at once', async () => {
    const at = world();
    answer = hangs;
    const { call, callId } = await asked(at, '4714');
    call.hangUp();
    await at.becomes(callId, { state: 'ended', outcome: 'abandoned', abandoned: { during: 'ivr' } });
  });

  test('the routing service is killed while the CRM thinks: the dialplan goes on at once, and finds no outcome', async () => {
    const at = world();
    answer = hangs;
    const { callId } = await asked(at, '4715');
    await killed(at);
    await at.becomes(callId, { state: 'queued', queues: [{ queue: 'everybody' }] });
    expect([await agiStatus(at), valuesOf(at, 'CRM_OUTCOME')]).toEqual(['SUCCESS', ['']]);
  });

  test('nobody answers FastAGI: the third line of the dialplan; and all is well when we are back', async () => {
    const at = world();
    answer = says('GOLD');
    const restart = await killed(at);
    const alone = await at.calls(levelNumber);
    await at.becomes(alone.callId, { state: 'queued', queues: [{ queue: 'everybody' }] });
    expect([await agiStatus(at), valuesOf(at, 'CRM_OUTCOME')]).toEqual(['FAILURE', []]);
    alone.call.hangUp();
    await restart();
    const { callId } = await asked(at, '4716');
    await at.becomes(callId, { state: 'queued', queues: [{ queue: 'gold' }] });
  });
}
