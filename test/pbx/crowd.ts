import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import type { PbxWorld } from './pbx-world.ts';

const crowdNumber = '+12025550150';
const agents = ['1001', '1002', '1003'];
const callers = Array.from({ length: 15 }, (_, at) => `+141555501${String(at).padStart(2, '0')}`);

export const crowdTopic = {
  numbers: { [crowdNumber]: ['Answer()', 'Queue(crowd,tT,,,60)', 'Hangup()'] },
  queues: { crowd: { phones: agents } },
};

export function crowdTests(world: () => PbxWorld): void {
  test('fifteen callers at once for three agents: each has his own session, and each is told of once', async () => {
    const at = world();
    const phones = await Promise.all(agents.map((id) => at.agent(id)));
    const startedAt = performance.now();
    const sessions = await Promise.all(callers.map((number) => answered(at, number)));
    console.log(
      `tests: ${callers.length} callers at once were served in ${Math.round(performance.now() - startedAt)} ms`,
    );
    expect(sessions.map(({ ani }) => ani)).toEqual(callers);
    for (const { interactions } of sessions)
      expect(interactions.filter(({ answeredAt }) => answeredAt !== undefined)).toHaveLength(1);
    for (const { callId } of sessions) {
      const told = (): string[] => at.told(callId).map(({ event }) => event);
      await eventually(() => told().includes('ended'), { what: `the end of ${callId} at the CRM` });
      expect(told().filter((event) => event === 'answered')).toHaveLength(1);
    }
    const taken = phones.map(({ calls }) => calls.length);
    expect(taken.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(callers.length);
    expect(Math.min(...taken)).toBeGreaterThan(0);
  });
}

/** He hangs up as soon as he has spoken with somebody. */
async function answered(at: PbxWorld, number: string) {
  const { call, callId } = await at.calls(crowdNumber, number);
  await at.becomes(callId, { state: 'talking' }, 40_000);
  call.hangUp();
  return at.becomes(callId, { state: 'ended', outcome: 'answered', endedBy: 'customer', dnis: crowdNumber });
}
