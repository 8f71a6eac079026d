import { createServer } from 'node:net';
import { callIdOf, type IdentifyReply, type IdentifyRequest } from '@patchcord/contracts';
import { SettingsError, settings } from '@patchcord/runtime';
import { type AgiPeer, callFastAgi, eventually, openAgi } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settingsSchema } from '../src/config.ts';
import { createPbxOfPeer, isAddressRange } from '../src/domain/pbx-peers.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
let port: number;
let dispatcher: { release(): Promise<void> } | undefined;
const hanging: (() => void)[] = [];

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const pbxs = (address: string): string => JSON.stringify([{ pbxId: 'main', tenantId, addresses: [address] }]);
const queue = (target: string) => ({ type: 'queue', target }) as const;
const node = {
  id: 'customer',
  name: 'Customer',
  kind: 'destination',
  url: 'https://crm.example.com/identify',
  prompt: 'enter-your-id',
  idLength: 4,
  inputTimeoutMs: 4000,
  attempts: 3,
  timeoutMs: 1500,
  onSuccess: queue('known'),
  onFailure: queue('unknown "callers"'),
  destinations: [{ type: 1, id: '3', goTo: queue('gold') }],
};

beforeAll(async () => {
  port = await freePort();
  fixture = await startFixture({ FASTAGI_PORT: String(port), FASTAGI_PBXS: pbxs('127.0.0.0/8') });
  await fixture.config.put(tenantId, 'identification', node);
  await eventually(async () => (await fixture.ask('/v1/identifications/customer/next', { body: {} })).status === 200);
});
afterAll(() => fixture.stop());
afterEach(async () => {
  for (const end of hanging.splice(0)) end();
  await dispatcher?.release();
  dispatcher = undefined;
});

const asked: IdentifyRequest[] = [];
async function answering(answer: () => Promise<IdentifyReply>): Promise<void> {
  asked.length = 0;
  dispatcher = await fixture.answerIdentifications((request) => {
    asked.push(request);
    return answer();
  });
}
const reply = (destination: string): IdentifyReply => ({
  outcome: 'answered',
  status: 'ok',
  destination,
  durationMs: 1,
});
const never = (): Promise<IdentifyReply> => new Promise((resolve) => hanging.push(() => resolve(reply('true'))));
const script = 'identify/customer';
const crmVariables = (variables: ReadonlyMap<string, string>) =>
  Object.fromEntries([...variables].filter(([name]) => /crm/i.test(name)));

describe('identification over FastAGI', () => {
  it('asks until there is an id, and leaves on the channel where the call goes', async () => {
    await answering(async () => reply('1,3'));
    const { commands, variables } = await callFastAgi({
      port,
      script,
      variables: { 'CHANNEL(linkedid)': '1795218080.1600' },
      digits: ['', '12', '4711'],
    });
    expect(crmVariables(variables)).toEqual({
      CRM_OUTCOME: 'success',
      CRM_DESTINATION_TYPE: 'queue',
      CRM_DESTINATION_TARGET: 'gold',
      __CRM_IDENTIFIED_AS: '4711',
      __Omlcrmidcontact: '4711',
    });
    expect(commands.filter((line) => line.startsWith('GET DATA'))).toEqual(
      Array.from({ length: 3 }, () => 'GET DATA "enter-your-id" "4000" "4"'),
    );
    expect(commands[0]).toBe('SET VARIABLE "CRM_OUTCOME" ""');
    expect(commands.at(-1)).toBe('SET VARIABLE "CRM_OUTCOME" "success"');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      tenantId,
      identificationId: 'customer',
      digits: '4711',
      callId: callIdOf('main', '1795218080.1600'),
      ani: '+14155550123',
      dnis: '+12025550101',
    });
  });

  it('a caller who never enters an id goes to the failure destination, after all attempts', async () => {
    const { commands, variables } = await callFastAgi({ port, script, digits: ['1', '12#', ''] });
    expect(crmVariables(variables)).toEqual({
      CRM_OUTCOME: 'failure',
      CRM_DESTINATION_TYPE: 'queue',
      CRM_DESTINATION_TARGET: 'unknown "callers"',
    });
    expect(commands.filter((line) => line.startsWith('GET DATA'))).toHaveLength(3);
  });

  it.each([
    ['a service that hangs', never],
    ['a service that refuses', async () => reply('false')],
    ['a dispatcher that throws', () => Promise.reject(new Error('a defect'))],
  ])('%s - the call goes on, and nothing of an earlier node is left to be believed', async (_, answer) => {
    await answering(answer);
    const begin = performance.now();
    const { variables } = await callFastAgi({
      port,
      script,
      variables: { CRM_OUTCOME: 'success', CRM_DESTINATION_TYPE: 'ivr', CRM_DESTINATION_TARGET: 'loop' },
      digits: ['4711'],
    });
    expect(performance.now() - begin).toBeLessThan(node.timeoutMs + 1000);
    expect(crmVariables(variables)).toEqual({
      CRM_OUTCOME: 'failure',
      CRM_DESTINATION_TYPE: 'queue',
      CRM_DESTINATION_TARGET: 'unknown "callers"',
    });
  });

  it('no dispatcher at all - the call goes on at once', async () => {
    const { variables } = await callFastAgi({ port, script, digits: ['4711'] });
    expect(variables.get('CRM_OUTCOME')).toBe('failure');
  });

  it('a caller who hangs up while he is asked is let go, and nobody is asked about him', async () => {
    await answering(async () => reply('true'));
    const { variables } = await callFastAgi({ port, script, digits: ['hangup'] });
    expect(variables.get('CRM_OUTCOME')).toBe('');
    expect(asked).toHaveLength(0);
  });

  it('a caller who hangs up while the service thinks does not wait for it', async () => {
    await answering(never);
    const peer = await openAgi({ port, script });
    await answerUntil(peer, 'GET DATA', '200 result=4711');
    await eventually(() => asked.length === 1);
    const begin = performance.now();
    peer.say('HANGUP');
    expect(await peer.next()).toBeUndefined();
    expect(performance.now() - begin).toBeLessThan(node.timeoutMs - 500);
  });

  it('a PBX whose connection breaks leaves nothing behind', async () => {
    await answering(never);
    const peer = await openAgi({ port, script });
    await answerUntil(peer, 'GET DATA', '200 result=4711');
    await eventually(() => asked.length === 1);
    peer.socket.destroy();
    const { variables } = await callFastAgi({ port, script, digits: ['', '', ''] });
    expect(variables.get('CRM_OUTCOME')).toBe('failure');
  });

  it.each(['identify/nosuch', 'identify/', 'identify/a/b', 'ask/customer', ''])(
    'a script %j is told apart from a failure',
    async (wrong) => {
      const { variables, commands } = await callFastAgi({ port, script: wrong, digits: ['4711'] });
      expect(variables.get('CRM_OUTCOME')).toBe('error');
      expect(commands.some((line) => line.startsWith('GET DATA'))).toBe(false);
    },
  );

  it('50 calls at once are all served', async () => {
    await answering(async () => reply('1,3'));
    const calls = await Promise.all(
      Array.from({ length: 50 }, () => callFastAgi({ port, script, digits: ['12', '4711'] })),
    );
    expect(calls.every(({ variables }) => variables.get('CRM_DESTINATION_TARGET') === 'gold')).toBe(true);
  });
});

/** Answers as an Asterisk does until the given command, and that one with `answer`. */
async function answerUntil(peer: AgiPeer, command: string, answer: string): Promise<void> {
  for (let line = await peer.next(); line !== undefined; line = await peer.next()) {
    peer.say(line.startsWith(command) ? answer : '200 result=0');
    if (line.startsWith(command)) return;
  }
}

describe('who may hand over calls', () => {
  it('an address that no PBX has is given nothing, not even a command', async () => {
    const other = await freePort();
    const closed = await startFixture({ FASTAGI_PORT: String(other), FASTAGI_PBXS: pbxs('192.0.2.1') });
    const { commands } = await callFastAgi({ port: other, script, digits: ['4711'] });
    expect(commands).toEqual([]);
    await closed.stop();
  });

  it('calls that are under way when the service stops are given back', async () => {
    const other = await freePort();
    const stopping = await startFixture({ FASTAGI_PORT: String(other), FASTAGI_PBXS: pbxs('127.0.0.1') });
    await stopping.config.put(tenantId, 'identification', node);
    await eventually(
      async () => (await stopping.ask('/v1/identifications/customer/next', { body: {} })).status === 200,
    );
    const peer = await openAgi({ port: other, script });
    for (let line = await peer.next(); line !== undefined; line = await peer.next()) {
      if (line.startsWith('GET DATA')) break;
      peer.say('200 result=0');
    }
    await stopping.stop();
    expect(await peer.next()).toBeUndefined();
  });

  it('addresses and ranges, also as IPv6 shows them', () => {
    const pbx = (pbxId: string, ...addresses: string[]) => ({ pbxId, tenantId, addresses });
    const of = createPbxOfPeer([pbx('a', '10.0.0.5', '2001:db8::/64'), pbx('b', '10.0.0.0/24')]);
    expect(of('10.0.0.5')?.pbxId).toBe('a');
    expect(of('::ffff:10.0.0.5')?.pbxId).toBe('a');
    expect(of('10.0.0.6')?.pbxId).toBe('b');
    expect(of('2001:db8::9')?.pbxId).toBe('a');
    for (const other of ['10.0.1.5', '2001:db9::9', '', 'localhost']) expect(of(other)).toBeUndefined();
  });

  it.each(['10.0.0.5', '10.0.0.0/8', '::1', '2001:db8::/64'])('%s is an address', (text) => {
    expect(isAddressRange(text)).toBe(true);
  });
  it.each(['pbx.example.com', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::/129', ''])('%j is none', (text) => {
    expect(isAddressRange(text)).toBe(false);
  });

  it.each([
    ['not json', /JSON list/],
    ['[{"pbxId":"main","tenantId":"acme","addresses":[]}]', /\[0\]\.addresses: expected at least one/],
    ['[{"pbxId":"main","tenantId":"acme","addresses":["pbx"]}]', /IP address or a range/],
    ['[{"pbxId":"main","addresses":["::1"]}]', /tenantId/],
  ])('refuses FASTAGI_PBXS=%s', (text, message) => {
    expect(() => settings(settingsSchema, { FASTAGI_PBXS: text })).toThrow(SettingsError);
    expect(() => settings(settingsSchema, { FASTAGI_PBXS: text })).toThrow(message);
  });
});
