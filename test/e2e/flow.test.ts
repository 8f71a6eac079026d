import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type AgiPeer, callFastAgi, eventually, openAgi } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { answeredCall } from '../harness/calls.ts';
import { orderTracking } from '../harness/order-tracking.ts';
import { postEvents } from '../harness/post-events.ts';
import { type ServiceProcess, startServiceProcess } from '../harness/service-process.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

/** The example of docs/flows.md, as it stands there, on services that run as processes of their own. */
const page = readFileSync(join(import.meta.dirname, '../../docs/flows.md'), 'utf8');
const [, yaml = ''] = /```yaml\n(trigger:[\s\S]*?)```/.exec(page) ?? [];
const example = parse(yaml) as { trigger: object[]; flow: object[] };

let world: World;
let other: ServiceProcess;
let agiPort: number;
let otherAgiPort: number;

beforeAll(async () => {
  [agiPort, otherAgiPort] = [await freePort(), await freePort()];
  world = await startWorld({
    services: ['call-ingest', 'session-store', 'routing-decider'],
    env: fastAgi(agiPort),
  });
  other = await startServiceProcess('routing-decider', {
    NATS_URL: world.nats.url,
    REDIS_URL: world.redis.url,
    LOG_LEVEL: 'info',
    ...fastAgi(otherAgiPort),
  });
  const used = orderTracking({ crmUrl: world.crm.url, mailPort: 25 }).filter(({ kind }) => kind !== 'flow');
  await world.config.applyAll(worldTenant, used);
  for (const entity of example.trigger) await world.config.put(worldTenant, 'trigger', entity);
  for (const entity of example.flow) await world.config.put(worldTenant, 'flow', entity);
  for (const url of [world.service('routing-decider').url, other.url])
    await eventually(async () => (await ask(url, { callId: 'c-t-probe', input: { type: 'started' } })).status === 200);
}, 120_000);
afterAll(async () => {
  await other?.kill();
  await world?.stop();
});

const fastAgi = (port: number): Record<string, string> => ({
  FASTAGI_PORT: String(port),
  FASTAGI_PBXS: JSON.stringify([{ pbxId: 't', tenantId: worldTenant, addresses: ['127.0.0.1'] }]),
  FASTAGI_TTS_APPLICATION: 'Flite',
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

interface Answer {
  readonly instruction: { readonly do: string; readonly turn: number } & Record<string, unknown>;
  readonly turn: number;
  readonly stored: boolean;
}

async function ask(url: string, body: object): Promise<{ status: number; body: Answer }> {
  const answer = await fetch(`${url}/v1/flows/order-tracking/next`, { method: 'POST', ...json(body) });
  return { status: answer.status, body: (await answer.json()) as Answer };
}
const json = (body: object): RequestInit => ({
  headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const next = async (callId: string, input: object, turn?: number): Promise<Answer> =>
  (await ask(world.service('routing-decider').url, { callId, input, ...(turn === undefined ? {} : { turn }) })).body;

/** A call of which the PBX has told. */
async function offered(name: string): Promise<string> {
  const { callId, events } = answeredCall({ name, startMs: Date.now() });
  const target = { url: () => world.service('call-ingest').url, token: world.token };
  await postEvents(target, events.slice(0, 1));
  await eventually(async () => (await fetch(sessionUrl(callId), json0())).status === 200);
  return callId;
}
const sessionUrl = (callId: string): string => `${world.service('session-store').url}/v1/calls/${callId}/session`;
const json0 = (): RequestInit => ({ headers: { authorization: `Bearer ${world.token}` } });
async function sessionData(callId: string): Promise<Record<string, unknown>> {
  const answer = await fetch(sessionUrl(callId), json0());
  return ((await answer.json()) as { data: Record<string, unknown> }).data;
}

/** What the CRM writes into the session of a caller whom it knows. */
async function crmWrites(callId: string, premium: boolean): Promise<void> {
  const profile = { 'ivr.email': 'ana@example.com', 'ivr.name': 'Ana', 'ivr.premium': premium, 'ivr.track_id': 't-1' };
  const url = `${world.service('session-store').url}/v1/calls/${callId}/variables`;
  expect((await fetch(url, { method: 'PATCH', ...json(profile) })).status).toBe(200);
}

const script = 'flow/order-tracking';
const linked = (name: string) => ({ 'CHANNEL(linkedid)': name });
const placeOf = (variables: ReadonlyMap<string, string>) =>
  ['OUTCOME', 'DESTINATION_TYPE', 'DESTINATION_TARGET'].map((name) => variables.get(`CRM_${name}`));
const heard = (commands: readonly string[]): string[] =>
  commands.filter((line) => /^(STREAM|EXEC)/.test(line)).map((line) => line.replace(/^\w+( FILE)? /, ''));
const reference = '4711000'.split('');

describe('tracking of orders over HTTP', () => {
  test('a known premium caller goes to his queue; asking again, or late, changes nothing', async () => {
    const callId = await offered('h1');
    const welcome = await next(callId, { type: 'started' });
    expect(welcome).toMatchObject({
      instruction: { do: 'play', prompts: [{ sound: 'custom/welcome' }] },
      stored: true,
    });
    expect(await next(callId, { type: 'started' })).toEqual(welcome);
    await crmWrites(callId, true);
    const left = await next(callId, { type: 'played' }, welcome.turn);
    const leave = { to: 'queue', target: 'premium', returns: false };
    expect(left.instruction).toMatchObject({ do: 'leave', leave });
    for (const repeated of await Promise.all(Array.from({ length: 5 }, () => next(callId, { type: 'played' }, 1))))
      expect(repeated).toEqual(left);
    expect((await sessionData(callId))['app.flow.state']).toMatchObject({ flow: 'order-tracking', phase: 'left' });
  });

  test('an unknown caller enters his reference at two replicas in turn, is no premium customer, and is told so', async () => {
    const callId = await offered('h2');
    const at = [world.service('routing-decider').url, other.url];
    let turn: number | undefined;
    const tell = async (replica: number, input: object): Promise<Answer> => {
      const { body } = await ask(at[replica] ?? '', { callId, input, ...(turn === undefined ? {} : { turn }) });
      turn = body.turn;
      return body;
    };
    await tell(0, { type: 'started' });
    expect((await tell(1, { type: 'played' })).instruction).toMatchObject({ do: 'wait' });
    expect((await tell(0, { type: 'timeout' })).instruction).toMatchObject({ do: 'read', maxDigits: 7 });
    expect((await tell(1, { type: 'digits', digits: '47' })).instruction).toMatchObject({ do: 'read' });
    expect((await tell(0, { type: 'digits', digits: '4711000' })).instruction.do).toBe('play');
    expect((await sessionData(callId))['app.inputReader.reference']).toBe('4711000');
    await crmWrites(callId, false);
    const told = await tell(1, { type: 'played' });
    expect(JSON.stringify(told.instruction.prompts)).toContain('Ana, we have sent you an e-mail');
    expect((await tell(0, { type: 'played' })).instruction).toMatchObject({ do: 'leave', leave: { to: 'hangup' } });
  });

  test('200 calls that the PBX did not tell of yet all get their instruction', async () => {
    const calls = Array.from({ length: 200 }, (_, at) => next(`c-t-untold-${at}`, { type: 'started' }));
    for (const answer of await Promise.all(calls))
      expect(answer).toMatchObject({ instruction: { do: 'play' }, stored: false });
  });

  test('of a call that the PBX did not tell of it is said once that its automations cannot run', async () => {
    await next('c-t-silent', { type: 'started' });
    await next('c-t-silent', { type: 'played' }, 1);
    const linesOfCall = (): string[] =>
      world
        .service('routing-decider')
        .output()
        .split('\n')
        .filter((line) => line.includes('"c-t-silent"'));
    await eventually(() => linesOfCall().some((line) => line.includes('"turn":2')), { what: 'the second step' });
    expect(linesOfCall().filter((line) => line.includes('its automations cannot run'))).toHaveLength(1);
  });
});

describe('tracking of orders over FastAGI', () => {
  test('a known premium caller: the CRM writes while he is welcomed', async () => {
    const callId = await offered('a1');
    const on = (line: string) => (line.includes('custom/welcome') ? crmWrites(callId, true) : undefined);
    const { variables, commands } = await callFastAgi({ port: agiPort, script, variables: linked('a1'), on });
    expect(placeOf(variables)).toEqual(['success', 'queue', 'premium']);
    expect(heard(commands)).toEqual(['"custom/welcome" ""']);
    expect(commands.at(-1)).toBe('SET VARIABLE "CRM_OUTCOME" "success"');
  });

  test('the CRM answers while he waits: he goes on at once', async () => {
    const callId = await offered('a2');
    let written = 0;
    let wentOn = 0;
    const crm = eventually(async () => isWaiting(await sessionData(callId))).then(async () => {
      await crmWrites(callId, true);
      written = performance.now();
    });
    const on = (line: string): void => {
      if (line.includes('CRM_DESTINATION_TYPE')) wentOn = performance.now();
    };
    const { variables, commands } = await callFastAgi({ port: agiPort, script, variables: linked('a2'), on });
    await crm;
    expect(placeOf(variables)).toEqual(['success', 'queue', 'premium']);
    expect(heard(commands)).toHaveLength(1);
    // By news of the session, not by looking at it every 500 ms.
    expect(wentOn - written).toBeLessThan(250);
  });

  test('an unknown caller: his reference, the CRM answers during the music, he is told of his e-mail', async () => {
    const callId = await offered('a3');
    let music = 0;
    const on = async (line: string): Promise<void> => {
      if (!line.includes('custom/music')) return;
      music += 1;
      if (music === 2) await crmWrites(callId, false);
    };
    const keys = ['', '4', '7', '', ...reference];
    const { variables, commands } = await callFastAgi({ port: agiPort, script, variables: linked('a3'), keys, on });
    expect(placeOf(variables)).toEqual(['success', 'hangup', '']);
    expect(music).toBe(2);
    const said = heard(commands);
    expect(said.at(-1)).toBe('"Flite" "\\"Ana, we have sent you an e-mail with the state of your order.\\""');
    expect(said.filter((line) => line.includes('custom/enter-your-reference'))).toHaveLength(3);
    expect(said.some((line) => line.includes('custom/we-heard-nothing'))).toBe(true);
    expect((await sessionData(callId))['app.inputReader.reference']).toBe('4711000');
  });

  test('a CRM that never answers: everybody, and the mailbox when nobody takes the call', async () => {
    await offered('a4');
    const call = { port: agiPort, variables: linked('a4') };
    const startedAt = performance.now();
    const { variables } = await callFastAgi({ ...call, script, keys: reference });
    // 1.5 s for the number, 4 s for the reference, and what it all takes.
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect(placeOf(variables)).toEqual(['success', 'queue', 'support']);
    expect([variables.get('CRM_DESTINATION_TIMEOUT'), variables.get('CRM_DESTINATION_RETURNS')]).toEqual(['60', '1']);
    const back = await callFastAgi({ ...call, script: `${script}?back=timeout` });
    expect(placeOf(back.variables)).toEqual(['success', 'voicemail', '100']);
  });

  test('a replica is killed in the middle: another one asks him for his reference, and does not welcome him again', async () => {
    const callId = await offered('a5');
    const peer = await openAgi({ port: agiPort, script, request: { agi_uniqueid: 'a5' } });
    await answerUntil(peer, 'WAIT FOR DIGIT');
    await world.service('routing-decider').kill();
    expect(await peer.next()).toBeUndefined();
    const on = (line: string) => (line.startsWith('EXEC "Flite"') ? crmWrites(callId, true) : undefined);
    const call = { port: otherAgiPort, script, variables: linked('a5'), keys: reference, on };
    const { variables, commands } = await callFastAgi(call);
    expect(heard(commands)[0]).toContain('custom/enter-your-reference');
    expect(placeOf(variables)).toEqual(['success', 'queue', 'premium']);
    await world.service('routing-decider').start();
  });

  test('he hangs up while he waits: the flow is over, and its session says so', async () => {
    const callId = await offered('a6');
    const peer = await openAgi({ port: agiPort, script, request: { agi_uniqueid: 'a6' } });
    await answerUntil(peer, 'STREAM FILE');
    await eventually(async () => isWaiting(await sessionData(callId)));
    peer.say('HANGUP');
    expect(await peer.next()).toBeUndefined();
    expect((await sessionData(callId))['app.flow.state']).toMatchObject({ phase: 'over', leave: { to: 'hangup' } });
  });

  test('the session store is killed during the welcome: he is served to the end, and it has all of it afterwards', async () => {
    const callId = await offered('a7');
    const on = (line: string) => (line.includes('custom/welcome') ? world.service('session-store').kill() : undefined);
    const call = { port: agiPort, variables: linked('a7') };
    const { variables, commands } = await callFastAgi({ ...call, script, keys: reference, on });
    expect(placeOf(variables)).toEqual(['success', 'queue', 'support']);
    expect(commands.filter((line) => line.startsWith('WAIT FOR DIGIT'))).toHaveLength(7);
    await world.service('session-store').start();
    const back = await callFastAgi({ ...call, script: `${script}?back=timeout` });
    expect(placeOf(back.variables)).toEqual(['success', 'voicemail', '100']);
    expect(await sessionData(callId)).toMatchObject({
      'app.inputReader.reference': '4711000',
      'app.flow.state': { phase: 'left', module: 'mailbox' },
    });
  });
});

const isWaiting = (data: Record<string, unknown>): boolean =>
  (data['app.flow.state'] as { phase?: string } | undefined)?.phase === 'wait';

/** Answers as an Asterisk does, with a caller who does nothing, until the given command and with it. */
async function answerUntil(peer: AgiPeer, command: string): Promise<void> {
  for (let line = await peer.next(); line !== undefined; line = await peer.next()) {
    if (line.startsWith(command) && command === 'WAIT FOR DIGIT') return;
    peer.say('200 result=0');
    if (line.startsWith(command)) return;
  }
}
