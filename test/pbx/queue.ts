import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import { supportNumber } from './lab/dialplan.ts';
import type { PbxWorld } from './pbx-world.ts';

/** The caller is given up on after 2 s. */
const impatientNumber = '+12025550111';

export const queueTopic = {
  numbers: { [impatientNumber]: ['Answer()', 'Queue(support,tT,,,2)', 'Playback(beep)', 'Hangup()'] },
};

const events = (at: PbxWorld, callId: string): string[] => at.told(callId).map(({ event }) => event);

export function queueTests(world: () => PbxWorld): void {
  answeredTests(world);
  unansweredTests(world);
}

function answeredTests(world: () => PbxWorld): void {
  test('an agent answers: the session tells it, the CRM is told each moment once, and gets the record', async () => {
    const at = world();
    const agent = await at.agent('1001');
    const { call, callId } = await at.calls(supportNumber);
    await at.becomes(callId, { state: 'talking', ani: '+14155550123', dnis: supportNumber, direction: 'inbound' });
    call.hangUp();
    const session = await at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'customer' });
    expect(session).toMatchObject({
      queues: [{ queue: 'support', reason: 'connected' }],
      interactions: [{ agent: { agentId: '1001', interface: 'PJSIP/1001' }, state: 'ended', queue: 'support' }],
      variables: { CAMPAIGN: 'support' },
      endReason: 'hangup',
    });
    expect(session.interactions[0]?.answeredAt).toBe(session.answeredAt);
    await eventually(() => events(at, callId).includes('ended'));
    expect(new Set(events(at, callId))).toEqual(new Set(['offered', 'queued', 'agent-ringing', 'answered', 'ended']));
    expect(events(at, callId)).toHaveLength(5);
    await eventually(() => at.records(callId).length === 1, { what: 'the record of the call' });
    expect(agent.calls).toHaveLength(1);
  });

  test('the agent hangs up: he ended it', async () => {
    const at = world();
    const agent = await at.agent('1001');
    const { call, callId } = await at.calls(supportNumber);
    await at.becomes(callId, { state: 'talking' });
    agent.calls[0]?.hangUp();
    await at.becomes(callId, { state: 'ended', endedBy: 'agent', outcome: 'answered' });
    await eventually(() => call.isOver);
  });

  test('one agent is busy, the next one answers: a missed call of the one, a talk of the other', async () => {
    const at = world();
    await at.agent('1001', 'is busy');
    await at.agent('1002');
    const { call, callId } = await at.calls(supportNumber);
    await at.becomes(callId, { state: 'talking' });
    call.hangUp();
    const session = await at.becomes(callId, { state: 'ended', outcome: 'answered' });
    const parts = session.interactions.map(({ agent, state }) => [agent.agentId, state]);
    expect(parts.at(-1)).toEqual(['1002', 'ended']);
    expect(parts.slice(0, -1).every(([id, state]) => id === '1001' && state === 'missed')).toBe(true);
    await eventually(() => events(at, callId).includes('ended'));
    expect(at.told(callId).filter(({ event }) => event === 'answered')).toMatchObject([{ agentId: '1002' }]);
  });
}

function unansweredTests(world: () => PbxWorld): void {
  test('the caller gives up in the queue', async () => {
    const at = world();
    const { call, callId } = await at.calls(supportNumber);
    await at.becomes(callId, { state: 'queued', queues: [{ queue: 'support' }] });
    call.hangUp();
    const abandoned = { during: 'queue', queue: 'support' };
    const session = await at.becomes(callId, { state: 'ended', outcome: 'abandoned', abandoned });
    expect(session).toMatchObject({ queues: [{ reason: 'abandoned' }], interactions: [] });
    await eventually(() => events(at, callId).includes('ended'));
    expect(events(at, callId).toSorted()).toEqual(['abandoned', 'ended', 'offered', 'queued']);
    await eventually(() => at.records(callId).length === 1, { what: 'the record of the call' });
  });

  test('the queue gives up on the caller, who hears of it and stays on the line: missed, not abandoned', async () => {
    const at = world();
    await at.agent('1001', 'rings');
    const { callId } = await at.calls(impatientNumber);
    const session = await at.becomes(callId, { state: 'ended' });
    expect(session).toMatchObject({ outcome: 'missed', queues: [{ queue: 'support', reason: 'timeout' }] });
    expect(session.abandoned).toBeUndefined();
    expect(session.interactions).toMatchObject([{ agent: { agentId: '1001' }, state: 'missed' }]);
  });
}
