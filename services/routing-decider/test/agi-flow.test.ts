import { callIdOf } from '@patchcord/contracts';
import { flowStateKey } from '@patchcord/flows';
import { type AgiCallOptions, callFastAgi, eventually, openAgi } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, startFixture } from './fixture.ts';
import { answerUntil, configure, fastAgi, freePort } from './flow-dial.ts';
import { type Sessions, serveSessions } from './sessions.ts';

let fixture: Fixture;
let sessions: Sessions;
let port: number;
let linkedId: string;
let callId: string;
let calls = 0;

beforeAll(async () => {
  port = await freePort();
  fixture = await startFixture(fastAgi(port, { FASTAGI_TTS_APPLICATION: 'Flite' }));
  sessions = await serveSessions(fixture.bus);
  await configure(fixture);
});
afterAll(async () => {
  await sessions.stop();
  await fixture.stop();
});
beforeEach(() => {
  sessions.recover();
  calls += 1;
  linkedId = `17952180.${calls}`;
  callId = callIdOf('main', linkedId);
  sessions.add(callId);
});

const dial = (script: string, options: Partial<AgiCallOptions> = {}) =>
  callFastAgi({ port, script, variables: { 'CHANNEL(linkedid)': linkedId }, ...options });
const stateOf = () => sessions.data(callId)[flowStateKey] as Record<string, unknown> | undefined;
const named = (commands: readonly string[], word: string) => commands.filter((line) => line.startsWith(word));
const crm = (variables: ReadonlyMap<string, string>) =>
  Object.fromEntries([...variables].filter(([name]) => name.startsWith('CRM_')));

describe('reading keys', () => {
  it('key by key, with the time for the first and the pause between, until there are enough', async () => {
    const { commands, variables } = await dial('flow/read', { keys: ['4', '7', '1', '1', '#'] });
    expect(named(commands, 'WAIT')).toEqual(['4000', '1500', '1500', '1500'].map((ms) => `WAIT FOR DIGIT "${ms}"`));
    expect(crm(variables)).toEqual({
      CRM_OUTCOME: 'success',
      CRM_DESTINATION_TYPE: 'queue',
      CRM_DESTINATION_TARGET: 'q-4711',
      CRM_DESTINATION_TIMEOUT: '31',
      CRM_DESTINATION_PRIORITY: '5',
      CRM_DESTINATION_RETURNS: '',
    });
    expect(commands.at(-1)).toBe('SET VARIABLE "CRM_OUTCOME" "success"');
  });

  it('up to the termination digit, and "#" is a key like others then; no key interrupts', async () => {
    const { commands, variables } = await dial('flow/star', { keys: ['4', '#', '*', '9'] });
    expect(named(commands, 'STREAM')).toEqual(['STREAM FILE "enter" ""']);
    expect(named(commands, 'WAIT')).toHaveLength(3);
    expect(sessions.data(callId)['app.inputReader.reference']).toBe('4#');
    expect(variables.get('CRM_DESTINATION_TARGET')).toBe('q-4#');
  });

  it('a pause ends an entry; one too short is asked for again, up to the last attempt', async () => {
    const { commands, variables } = await dial('flow/read', { keys: ['4', '', '', '1', '2', '3'] });
    expect(named(commands, 'STREAM')).toHaveLength(3);
    expect(named(commands, 'WAIT')).toHaveLength(7);
    expect(variables.get('CRM_DESTINATION_TARGET')).toBe('q-none');
  });

  it('a key ends the question and is the first of the entry', async () => {
    const { said, commands } = await conversation('flow/read', (line, nth) => {
      if (line.startsWith('STREAM')) return '200 result=52 endpos=800';
      return line.startsWith('WAIT') ? `200 result=${[55, 49, 49][nth('WAIT') - 1]}` : undefined;
    });
    expect(said).toEqual(['STREAM FILE "enter" "0123456789*#"']);
    expect(named(commands, 'WAIT')).toHaveLength(3);
    expect(sessions.data(callId)['app.inputReader.reference']).toBe('4711');
  });

  it('one that is pressed before the question may be interrupted is dropped, and the question goes on from there', async () => {
    const { said } = await conversation('flow/late-barge', async (line, nth) => {
      if (line.startsWith('WAIT')) return `200 result=${[55, 49, 49][nth('WAIT') - 1]}`;
      if (!line.startsWith('STREAM')) return undefined;
      const first = nth('STREAM') === 1;
      if (!first) await new Promise((resolve) => setTimeout(resolve, 350));
      return `200 result=${first ? 57 : 52} endpos=800`;
    });
    expect(said).toHaveLength(2);
    expect(said[1]).toMatch(/^STREAM FILE "enter" "0123456789\*#" "\d+"$/);
    expect(sessions.data(callId)['app.inputReader.reference']).toBe('4711');
  });
});

type Reply = (line: string, nth: (word: string) => number) => string | undefined | Promise<string | undefined>;

/** A caller and a PBX by hand; undefined: `200 result=0`. */
async function conversation(script: string, reply: Reply): Promise<{ said: string[]; commands: string[] }> {
  const peer = await openAgi({ port, script, request: { agi_uniqueid: linkedId } });
  const commands: string[] = [];
  const nth = (word: string): number => named(commands, word).length;
  for (let line = await peer.next(); line !== undefined; line = await peer.next()) {
    commands.push(line);
    peer.say((await reply(line, nth)) ?? '200 result=0');
  }
  return { said: named(commands, 'STREAM'), commands };
}

describe('what the caller hears', () => {
  it('sounds, and texts by the application of the PBX', async () => {
    const { commands, variables } = await dial('flow/talk');
    expect(commands.filter((line) => /^(STREAM|EXEC|SET VARIABLE "CRM_SPEECH)/.test(line))).toEqual([
      'STREAM FILE "one" ""',
      'SET VARIABLE "CRM_SPEECH_LANGUAGE" "en-GB"',
      'SET VARIABLE "CRM_SPEECH_VOICE" "amy"',
      'EXEC "Flite" "\\"Hello, you\\""',
      'STREAM FILE "two" ""',
    ]);
    expect([variables.get('CRM_OUTCOME'), variables.get('CRM_DESTINATION_TYPE')]).toEqual(['success', 'continue']);
  });

  it('a sound and an application that are missing cost the caller nothing else', async () => {
    const missing = await dial('flow/talk', { missing: ['one'] });
    expect(named(missing.commands, 'STREAM')).toHaveLength(2);
    const { said } = await conversation('flow/talk', (line) => (line.startsWith('EXEC') ? '200 result=-2' : undefined));
    expect(said).toHaveLength(2);
  });

  it('without an application a text is left out', async () => {
    const at = await freePort();
    const silent = await startFixture(fastAgi(at));
    const own = await serveSessions(silent.bus);
    await configure(silent);
    const { commands, variables } = await callFastAgi({ port: at, script: 'flow/talk' });
    expect([named(commands, 'STREAM').length, named(commands, 'EXEC').length]).toEqual([2, 0]);
    expect(variables.get('CRM_OUTCOME')).toBe('success');
    await own.stop();
    await silent.stop();
  });
});

describe('waiting', () => {
  it('a filler that takes no time does not keep the PBX busy, and the wait ends in time', async () => {
    const begin = performance.now();
    const { commands, variables } = await dial('flow/wait');
    expect(performance.now() - begin).toBeGreaterThan(1100);
    expect(performance.now() - begin).toBeLessThan(2500);
    expect(named(commands, 'STREAM').length).toBeLessThan(8);
    expect(variables.get('CRM_DESTINATION_TYPE')).toBe('hangup');
  });

  it('a filler that is missing leaves the wait silent; without news the session is looked at all the same', async () => {
    const answer = dial('flow/wait', { missing: ['music'] });
    await eventually(() => stateOf()?.silent === true);
    sessions.write(callId, { 'ivr.x': 1 });
    const { commands, variables } = await answer;
    expect(named(commands, 'STREAM')).toHaveLength(1);
    expect(variables.get('CRM_DESTINATION_TYPE')).toBe('queue');
  });
});

describe('identification in a flow', () => {
  it('asks, leaves who he is on the channel, and goes on with it', async () => {
    const { commands, variables } = await dial('flow/who', { digits: ['12', '4711'] });
    expect(named(commands, 'GET DATA')).toHaveLength(2);
    expect(crm(variables)).toMatchObject({ CRM_DESTINATION_TYPE: 'voicemail', CRM_DESTINATION_TARGET: '4711' });
    expect(variables.get('__CRM_IDENTIFIED_AS')).toBe('4711');
    expect(sessions.data(callId)).toMatchObject({ 'app.identification.outcome': 'success' });
  });

  it('without ways of its own: where the identification sends him', async () => {
    const known = await dial('flow/where', { digits: ['4711'] });
    expect(crm(known.variables)).toMatchObject({ CRM_DESTINATION_TYPE: 'ivr', CRM_DESTINATION_TARGET: 'known' });
    const unknown = await dial('flow/where', { digits: ['', ''] });
    expect(crm(unknown.variables)).toMatchObject({ CRM_DESTINATION_TYPE: 'transfer', CRM_DESTINATION_TARGET: '200' });
  });
});

describe('how it ends', () => {
  it.each([
    ['flow/read', { keys: ['4', 'hangup'] }],
    ['flow/who', { digits: ['hangup'] }],
  ])(
    '%s: he hangs up while he is asked - the flow is over, and nothing is left to be believed',
    async (script, caller) => {
      const { variables } = await dial(script, caller);
      expect(variables.get('CRM_OUTCOME')).toBe('');
      await eventually(() => stateOf()?.phase === 'over');
      expect(stateOf()?.leave).toEqual({ to: 'hangup' });
    },
  );

  it('the PBX closes without a word: the same', async () => {
    const peer = await openAgi({ port, script: 'flow/read', request: { agi_uniqueid: linkedId } });
    await answerUntil(peer, 'WAIT');
    peer.socket.destroy();
    await eventually(() => stateOf()?.phase === 'over');
  });

  it('we stop: the call is given back where it was, for another replica', async () => {
    const at = await freePort();
    const stopping = await startFixture(fastAgi(at));
    const own = await serveSessions(stopping.bus);
    own.add(callId);
    await configure(stopping);
    const peer = await openAgi({ port: at, script: 'flow/read', request: { agi_uniqueid: linkedId } });
    await answerUntil(peer, 'WAIT');
    await stopping.stop();
    expect(await peer.next()).toBeUndefined();
    expect(own.data(callId)[flowStateKey]).toMatchObject({ phase: 'read' });
    await own.stop();
  });

  it('a session store that hangs: the caller has his way', async () => {
    sessions.hang();
    const { variables } = await dial('flow/read', { keys: ['4', '7', '1', '1'] });
    expect(variables.get('CRM_DESTINATION_TARGET')).toBe('q-4711');
  });

  it.each(['flow/nosuch', 'flow', 'flow/a/b'])('a script %j is told apart', async (script) => {
    expect((await dial(script)).variables.get('CRM_OUTCOME')).toBe('error');
  });

  it('100 calls at once are all served', async () => {
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, at) => {
        const id = `2000.${at}`;
        sessions.add(callIdOf('main', id));
        const variables = { 'CHANNEL(linkedid)': id };
        return callFastAgi({ port, script: 'flow/read', variables, keys: ['1', '2', '3', '4'] });
      }),
    );
    for (const { variables } of all) expect(variables.get('CRM_DESTINATION_TARGET')).toBe('q-1234');
  });
});
