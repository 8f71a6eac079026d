import { type AmiClient, type AmiMessage, createPbxCommands, field } from '@patchcord/asterisk';
import { pbxCommand } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Answer, type House, startHouse } from './house.ts';
import { hasLab, type Lab, startLab } from './lab/lab.ts';
import { type PhoneOptions, type SipPhone, startPhone } from './sip-phone.ts';

let house: House;
let lab: Lab;
let pbx: AmiClient;
let seen: AmiMessage[] = [];

async function phone(options: Omit<PhoneOptions, 'pbxPort'>): Promise<SipPhone> {
  const started = await startPhone({ pbxPort: lab.sipPort, ...options });
  onTestFinished(() => started.close());
  return started;
}
const agentPhone = (over: Partial<PhoneOptions> = {}) => phone({ user: '1001', registersAs: '1001', ...over });
const customer = (over: Partial<PhoneOptions> = {}) => phone({ user: 'customer', registersAs: 'carrier', ...over });

const call = (over: Record<string, unknown> = {}, token?: string): Promise<Answer> =>
  house.post('/v1/calls', { agentId: '1001', campaignId: 'spring', to: '+1 (415) 555-0199', ...over }, token);
const dataOf = async (callId: string, type: string) =>
  (await house.eventsOf(callId)).find((event) => event.type === `patchcord.v1.call.${type}`)?.data;
const happened = (callId: string, type: string) =>
  eventually(() => dataOf(callId, type), { what: `"${type}" of ${callId}` });
const madeBy = ({ status, body }: Answer): string => {
  expect(status).toBe(202);
  return body.callId ?? '';
};
const refusal = ({ status, body }: Answer): [number, string | undefined] => [status, body.error?.code];
const originates = (): AmiMessage[] => seen.filter((event) => field(event, 'Event') === 'OriginateResponse');
const channelOf = async (device: string): Promise<string> => {
  const { events } = await pbx.action('CoreShowChannels');
  const names = events.map((event) => field(event, 'Channel') ?? '');
  return names.find((name) => name.startsWith(`${device}-`)) ?? '';
};
let requests = 0;
const requestId = (): string => {
  requests += 1;
  return `r-${Date.now()}-${requests}`;
};

export function describeCommands(): void {
  describe.skipIf(!hasLab)('commands to a real Asterisk', describeAll);
}

function describeAll(): void {
  beforeAll(async () => {
    lab = await startLab();
    pbx = await lab.observe((event) => void seen.push(event));
    house = await startHouse(lab.ami, [
      ...['1001', '1002', '9999'].map((id) => ({ kind: 'agent', entity: { id, name: `Agent ${id}` } })),
      {
        kind: 'campaign',
        entity: { id: 'spring', name: 'Spring', type: 'manual', agents: ['1001', '9999'], match: { queues: ['load'] } },
      },
    ]);
  });
  afterAll(async () => {
    await house?.stop();
    pbx?.close();
    await lab?.stop();
  });

  beforeEach(() => {
    seen = [];
  });

  describe('click-to-call', describeClickToCall);
  describe('click-to-call asked again', describeRepeats);
  describe('click-to-call that fails', describeFailures);
  describe('hold', describeHold);
  describe('session of an agent', describeSession);
}

function describeClickToCall(): void {
  test('agent and customer talk; the same request again makes no second call; the agent hangs up', async () => {
    const [agent, him] = [await agentPhone(), await customer()];
    const id = requestId();
    const made = await call({ requestId: id });
    const callId = madeBy(made);
    console.log(`tests: click-to-call accepted after ${made.ms} ms`);
    await happened(callId, 'answered');
    expect(him.calls[0]?.invite?.header('From')).toContain('+12025550100');
    expect(await dataOf(callId, 'variables-set')).toMatchObject({ variables: { CAMPAIGN: 'spring' } });
    expect((await call({ requestId: id })).body).toMatchObject({ outcome: 'repeated', callId });
    const ended = await house.post(`/v1/calls/${callId}/hangup`, { agentId: '1001' });
    expect(ended.status).toBe(202);
    expect(await happened(callId, 'ended')).toMatchObject({ reason: 'hangup' });
    await eventually(() => agent.calls[0]?.isOver && him.calls[0]?.isOver);
    expect((await call({ requestId: id })).body).toMatchObject({ outcome: 'repeated', callId });
    expect(refusal(await house.post(`/v1/calls/${callId}/hangup`, { agentId: '1001' }))).toEqual([404, 'not_found']);
    expect([agent.calls.length, him.calls.length, originates().length]).toEqual([1, 1, 1]);
    await lab.quiet();
  });

  test('no value of a variable becomes another variable or a function', async () => {
    await agentPhone();
    await customer();
    const value = 'a,EVIL=1,FILE(/tmp/evil)=x "q" \\ (b) [c] ;d \u0024{EPOCH} ü=, ';
    const commands = createPbxCommands({ pbxId: 'lab', client: pbx, dialplan: { context: 'outbound' } });
    const asked = { requestId: requestId(), agentId: '1001', interface: 'PJSIP/1001', to: '+14155550199' };
    const command = pbxCommand.parse({ command: 'originate', ...asked, variables: { NAME: value, NEXT: 'n' } });
    const { callId } = await commands.execute(command);
    await happened(callId ?? '', 'answered');
    const { response } = await pbx.action('Getvar', { Channel: await channelOf('PJSIP/1001'), Variable: 'NAME' });
    expect(field(response, 'Value')).toBe(value);
    const names = seen.filter((event) => field(event, 'Event') === 'VarSet').map((event) => field(event, 'Variable'));
    expect(names).toEqual(expect.arrayContaining(['NAME', 'NEXT']));
    expect(names.filter((name) => /EVIL|FILE/.test(name ?? ''))).toEqual([]);
    await lab.quiet();
  });
}

function describeRepeats(): void {
  test('a request that a killed process had made is not made again by the next', async () => {
    const [agent, him] = [await agentPhone(), await customer()];
    const id = requestId();
    const callId = madeBy(await call({ requestId: id }));
    await happened(callId, 'answered');
    await house.restart();
    expect((await call({ requestId: id })).body).toMatchObject({ outcome: 'repeated', callId });
    await pbx.action('Hangup', { Channel: '/.*/' });
    await happened(callId, 'ended');
    expect((await call({ requestId: id })).body).toMatchObject({ outcome: 'repeated', callId });
    expect([agent.calls.length, him.calls.length]).toEqual([1, 1]);
    await lab.quiet();
  });

  test('twenty times the same at once is one call', async () => {
    const [agent, him] = [await agentPhone(), await customer()];
    const id = requestId();
    const answers = await Promise.all(Array.from({ length: 20 }, () => call({ requestId: id })));
    // Of two processes that ask at the very same moment, both may be told that the one phone rings.
    const outcomes = answers.map(({ body }) => body.outcome);
    expect(outcomes.filter((outcome) => outcome === 'accepted').length).toBeOneOf([1, 2]);
    expect(new Set(answers.map(madeBy)).size).toBe(1);
    expect(new Set(outcomes).difference(new Set(['accepted', 'repeated']))).toEqual(new Set());
    await happened(madeBy(answers[0] as Answer), 'answered');
    expect([agent.calls.length, him.calls.length]).toEqual([1, 1]);
    await lab.quiet();
  });
}

function describeFailures(): void {
  test.each([
    ['is busy', 'agent_busy'],
    ['declines', 'agent_declined'],
  ] as const)('the agent %s', async (behaviour, code) => {
    await agentPhone({ behaviour });
    const asked = { requestId: requestId() };
    expect(refusal(await call(asked))).toEqual([422, code]);
    await lab.quiet();
  });

  test('the agent does not answer: accepted as it rings, or refused by who waits for the answer', async () => {
    await agentPhone({ behaviour: 'rings' });
    const callId = madeBy(await call({ ringTimeoutMs: 1500 }));
    expect(await happened(callId, 'ended')).toMatchObject({ reason: 'no-answer' });
    expect(refusal(await call({ ringTimeoutMs: 1500, waitFor: 'answer' }))).toEqual([422, 'agent_no_answer']);
    await lab.quiet();
  });

  test('a phone that is none: refused at once, and told as the call of that id', async () => {
    const id = requestId();
    const asked = await call({ agentId: '9999', requestId: id });
    expect(refusal(asked)).toEqual([422, 'agent_unreachable']);
    expect(asked.ms).toBeLessThan(1000);
    const callId = `c-lab-pc-${id}`;
    expect(await happened(callId, 'ended')).toMatchObject({ reason: 'unreachable' });
  });

  test('a number that the dialplan does not know, one that is none, and whoever may not', async () => {
    expect(refusal(await call({ to: '12345' }))).toEqual([422, 'number_refused']);
    expect(refusal(await call({ to: 's' }))).toEqual([400, 'invalid_request']);
    expect(refusal(await call({ agentId: '1002' }))).toEqual([403, 'forbidden']);
    expect(refusal(await call({ agentId: '1002', campaignId: undefined }, house.agentToken))).toEqual([
      403,
      'forbidden',
    ]);
    expect(originates()).toEqual([]);
  });
}

function describeHold(): void {
  const talking = async (remoteControl: boolean): Promise<string> => {
    await agentPhone({ remoteControl });
    await customer();
    const callId = madeBy(await call());
    await happened(callId, 'answered');
    return callId;
  };

  test('a phone that can be told holds, and resumes', async () => {
    const callId = await talking(true);
    const held = await house.post(`/v1/calls/${callId}/hold`, undefined, house.agentToken);
    expect(held).toMatchObject({ status: 202, body: { outcome: 'accepted' } });
    await happened(callId, 'held');
    expect((await house.post(`/v1/calls/${callId}/resume`, undefined, house.agentToken)).status).toBe(202);
    await happened(callId, 'resumed');
    await lab.quiet();
  });

  test('a phone that cannot is said to, with what to do', async () => {
    const callId = await talking(false);
    const held = await house.post(`/v1/calls/${callId}/hold`, { agentId: '1001' });
    expect(refusal(held)).toEqual([422, 'not_supported']);
    expect(held.body.error?.message).toContain('hold key');
    await lab.quiet();
  });
}

function describeSession(): void {
  const memberOf = async (queue: string) => {
    const { events } = await pbx.action('QueueStatus', { Queue: queue, Member: 'PJSIP/1001' });
    const member = events.find((event) => field(event, 'Location') === 'PJSIP/1001');
    return member && [field(member, 'Name'), field(member, 'Paused'), field(member, 'PausedReason')];
  };
  const agent = (what: string, body?: unknown) => house.post(`/v1/agents/1001/${what}`, body);

  test('login, pause with a reason, unpause, logout, each as the PBX shows it; twice does no harm', async () => {
    for (const _ of [1, 2]) expect((await agent('login')).status).toBe(202);
    expect(await memberOf('load')).toEqual(['Agent 1001', '0', '']);
    for (const _ of [1, 2]) expect((await agent('pause', { queue: 'load', reason: 'Lunch, "Ü"' })).status).toBe(202);
    expect(await memberOf('load')).toEqual(['Agent 1001', '1', 'Lunch, "Ü"']);
    expect((await agent('unpause', { queue: 'load' })).status).toBe(202);
    expect((await memberOf('load'))?.[1]).toBe('0');
    for (const _ of [1, 2]) expect((await agent('logout')).status).toBe(202);
    expect(await memberOf('load')).toBeUndefined();
  });

  test('what the PBX cannot do is said with its remedy', async () => {
    expect(refusal(await agent('login', { queues: ['nosuch'] }))).toEqual([422, 'unknown_queue']);
    expect(refusal(await agent('pause', { queue: 'load' }))).toEqual([422, 'not_logged_in']);
    expect(refusal(await agent('logout', { queues: ['support'] }))).toEqual([422, 'not_supported']);
    expect(refusal(await house.post('/v1/agents/1002/pause', {}, house.agentToken))).toEqual([403, 'forbidden']);
    const elsewhere = { id: '1002', name: 'Agent 1002', pbxId: 'gone' };
    await house.config.put('acme', 'agent', elsewhere);
    await eventually(async () => {
      expect(refusal(await house.post('/v1/agents/1002/pause'))).toEqual([503, 'pbx_away']);
      return true;
    });
  });
}
