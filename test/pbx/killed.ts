import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import { supportNumber } from './lab/dialplan.ts';
import { isLive, type PbxWorld } from './pbx-world.ts';

/** The call goes on without us: nothing of it depends on a service that runs. */
async function talkWithoutIngest(at: PbxWorld) {
  const agent = await at.agent('1001');
  const placed = await at.calls(supportNumber);
  await at.becomes(placed.callId, { state: 'talking' });
  await at.world.service('call-ingest').kill();
  expect([placed.call.isOver, agent.calls[0]?.isOver]).toEqual([false, false]);
  return { ...placed, agent };
}

async function startIngest(at: PbxWorld): Promise<void> {
  await at.world.service('call-ingest').start();
  await isLive(at.world);
}

/** Each moment once, whoever was killed. */
const toldOnce = async (at: PbxWorld, callId: string): Promise<void> => {
  const events = (): string[] => at.told(callId).map(({ event }) => event);
  await eventually(() => events().includes('ended'), { what: 'the end at the CRM', deadlineMs: 15_000 });
  expect(events().toSorted()).toEqual(['agent-ringing', 'answered', 'ended', 'offered', 'queued']);
};

export function killTests(world: () => PbxWorld): void {
  test('our ear killed during a call that outlives it: the rest is heard, nothing is told twice', async () => {
    const at = world();
    const { call, callId } = await talkWithoutIngest(at);
    await startIngest(at);
    call.hangUp();
    const session = await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'customer' });
    expect(session.interactions).toMatchObject([{ agent: { agentId: '1001' }, state: 'ended' }]);
    await eventually(() => at.records(callId).length === 1, { what: 'the record of the call' });
    await toldOnce(at, callId);
  });

  test('the call ends while nobody listens: found when we are back, closed as lost, recorded once', async () => {
    const at = world();
    const { call, callId } = await talkWithoutIngest(at);
    call.hangUp();
    await eventually(async () => (await at.lab.cli('core show channels')).includes('0 active channels'));
    expect(await at.session(callId)).toMatchObject({ state: 'talking' });
    await startIngest(at);
    const session = await at.becomes(callId, { state: 'ended', outcome: 'answered', endReason: 'lost' });
    expect(session).toMatchObject({ endedBy: 'unknown', interactions: [{ state: 'ended' }] });
    await eventually(() => at.records(callId).length === 1, { what: 'the record of the call' });
    await toldOnce(at, callId);
  });

  test('the call begins and is answered while nobody listens: it is taken up where it is', async () => {
    const at = world();
    await at.world.service('call-ingest').kill();
    await at.agent('1001');
    const { call, callId } = await at.calls(supportNumber);
    await eventually(async () => (await at.lab.cli('core show channels')).includes('2 active channels'));
    await startIngest(at);
    await at.becomes(callId, { state: 'talking', interactions: [{ agent: { agentId: '1001' }, queue: 'support' }] });
    call.hangUp();
    await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'customer' });
  });

  test('what reads and what tells killed together during a call: both go on where they were', async () => {
    const at = world();
    await at.agent('1001');
    const { call, callId } = await at.calls(supportNumber);
    await at.becomes(callId, { state: 'talking' });
    const killed = (['session-store', 'crm-dispatcher'] as const).map((name) => at.world.service(name));
    await Promise.all(killed.map((service) => service.kill()));
    call.hangUp();
    await eventually(() => call.isOver);
    await Promise.all(killed.map((service) => service.start()));
    await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'customer' });
    await toldOnce(at, callId);
  });
}

export function pbxRestartTests(world: () => PbxWorld): void {
  const talking = async (at: PbxWorld): Promise<string> => {
    await at.agent('1001');
    const { callId } = await at.calls(supportNumber);
    await at.becomes(callId, { state: 'talking' });
    return callId;
  };

  test('the PBX is restarted during a call: ended by it, and neither the agent nor the caller hung up', async () => {
    const at = world();
    const callId = await talking(at);
    await at.lab.restart();
    await at.observeAgain();
    await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'system' });
    await isLive(at.world);
  });

  test('the PBX crashes during a call, and says nothing: its call is closed when it is back', async () => {
    const at = world();
    const callId = await talking(at);
    await at.lab.kill();
    expect(await at.session(callId)).toMatchObject({ state: 'talking' });
    await at.lab.restart();
    await at.observeAgain();
    await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'system', endReason: 'pbx-crash' });
    await isLive(at.world);
    const next = await talking(at);
    expect(next).not.toBe(callId);
  });
}
