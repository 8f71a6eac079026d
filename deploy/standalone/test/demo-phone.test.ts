import { type AmiClient, type AmiMapper, connectAmi, createAmiMapper, createPbxCommands } from '@patchcord/asterisk';
import { storyOf } from '@patchcord/call-model';
import { type AnyEvent, asFailure, type PbxCommandReply, pbxCommand } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DemoPbx, startDemoPbx } from '../src/demo/phone/demo-pbx.ts';

const user = { username: 'u', secret: 's' };

let pbx: DemoPbx;
let client: AmiClient;
let mapper: AmiMapper;
let events: AnyEvent[] = [];
let run: (command: Record<string, unknown>) => Promise<PbxCommandReply>;

async function start(patienceMs = 25_000): Promise<void> {
  pbx = await startDemoPbx({
    ...user,
    mayRing: () => true,
    pauseMs: 60_000,
    patienceMs,
    pace: { answersMs: 50, speaksMs: 50 },
  });
  events = [];
  mapper = createAmiMapper({ pbxId: 'demo', tenantId: 'demo' });
  const { host, port } = pbx.ami;
  const onEvent: Parameters<typeof connectAmi>[0]['onEvent'] = (message) =>
    void events.push(...mapper.apply(message, Date.now()));
  client = await connectAmi({ ...user, host, port, onEvent });
  const commands = createPbxCommands({
    pbxId: 'demo',
    client,
    dialplan: { context: 'from-internal' },
    callOf: (uid) => mapper.callOf(uid),
  });
  run = (command) => commands.execute(pbxCommand.parse({ agentId: '1001', interface: 'PJSIP/1001', ...command }));
}

async function stop(): Promise<void> {
  client.close();
  await pbx.close();
}

const is = (phone: string): Promise<unknown> =>
  eventually(() => pbx.state().phone === phone, { what: `the phone ${phone}` });
const call = (to = '+14155550123') =>
  run({ command: 'originate', requestId: 'desk-1', to, variables: { __CAMPAIGN: 'support' } });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => asFailure(error).code,
  );
/** The one call, once it is over. */
async function story() {
  await eventually(() => events.some(({ type }) => type.endsWith('.call.ended')), { what: 'the end of the call' });
  const { calls } = storyOf(events);
  expect(calls).toHaveLength(1);
  expect(mapper.openCalls()).toEqual([]);
  return calls[0];
}

/** The agent speaks with somebody: `made`, he called. */
async function talking(course: 'given' | 'made'): Promise<void> {
  if (course === 'made') await call();
  else pbx.start();
  await is('ringing');
  pbx.answer();
  await is('talking');
  pbx.stop();
}

const ana = { agent: { agentId: '1001', name: 'Ana Torres' } };
const luis = { agent: { agentId: '1002', name: 'Luis Romero' } };

describe('the telephone of the demo', () => {
  beforeEach(() => start());
  afterEach(() => stop());

  it('calls somebody: his own phone rings, then theirs; he holds, takes back and hangs up', async () => {
    expect(await call()).toEqual({ outcome: 'accepted', callId: 'c-demo-pc-desk-1' });
    expect(pbx.state().phone).toBe('ringing');
    pbx.answer();
    expect(pbx.state().phone).toBe('calling');
    await is('talking');
    await run({ command: 'hold' });
    await is('held');
    await run({ command: 'resume' });
    await run({ command: 'hangup' });
    await is('idle');
    expect(await story()).toMatchObject({
      callId: 'c-demo-pc-desk-1',
      direction: 'outbound',
      outcome: 'answered',
      endedBy: 'agent',
      did: '+14155550123',
      variables: { CAMPAIGN: 'support' },
      interactions: [{ ...ana, holds: 1, endedBy: 'agent' }],
    });
  });

  it('turns the call away that he asked for, or hangs up before it is answered', async () => {
    await call();
    await run({ command: 'hangup' });
    await is('idle');
    expect(await story()).toMatchObject({ direction: 'outbound', endedBy: 'agent', interactions: [{ ...ana }] });
    events.length = 0;
    await run({ command: 'originate', requestId: 'desk-2', to: '+14155550123' });
    pbx.answer();
    expect(pbx.state().phone).toBe('calling');
    await run({ command: 'hangup' });
    await is('idle');
    expect(await story()).toMatchObject({ callId: 'c-demo-pc-desk-2', endedBy: 'agent' });
  });

  it.each([
    ['to a colleague', { kind: 'agent', interface: 'PJSIP/1002' }, '1002', [luis]],
    ['to the queue', { kind: 'queue', queue: 'support' }, 'support', [luis]],
    [
      'to a number',
      { kind: 'number', number: '+12025550177' },
      '+12025550177',
      [{ agent: { agentId: '_2B12025550177' } }],
    ],
  ])('hands on %s what he was given and what he made', async (_, to, extension, others) => {
    for (const course of ['given', 'made'] as const) {
      await talking(course);
      await run({ command: 'transfer', to });
      await is('idle');
      const told = await story();
      expect(told).toMatchObject({ outcome: 'answered', endedBy: 'customer', transfers: [{ to: { extension } }] });
      expect(told?.interactions).toMatchObject([{ ...ana, endedBy: 'transfer' }, ...others]);
      await stop();
      await start();
    }
  });

  it('has one call at a time, and knows which numbers there are', async () => {
    expect(await codeOf(call('12'))).toBe('number_refused');
    await talking('given');
    expect(await codeOf(call())).toBe('agent_busy');
    const to = (number: string) => run({ command: 'transfer', to: { kind: 'number', number } });
    expect(await codeOf(to('99'))).toBe('number_refused');
    const nobody = { kind: 'agent', interface: 'PJSIP/1009' };
    expect(await codeOf(run({ command: 'transfer', to: nobody }))).toBe('number_refused');
    expect(pbx.state().phone).toBe('talking');
  });
});

describe('a telephone that nobody picks up', () => {
  afterEach(() => stop());

  it('stops ringing, whoever called', async () => {
    await start(300);
    await call();
    await is('idle');
    expect(await story()).toMatchObject({ direction: 'outbound', endReason: 'no-answer' });
  });
});
