import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredWork } from './call.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { newAgent, scene, shown } from './pop-scene.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica();
});
afterAll(() => fixture.stop());

const parameters = Array.from(
  { length: 100 },
  (_, at) => ({ family: 'variable', key: 'notes', name: `notes${at}` }) as const,
);

describe('screen pops - large', () => {
  it('one that no message could hold is shown to people as work that cannot be sent, and the rest of its call goes on', async () => {
    await fixture.addSite('told', {});
    await fixture.addSite(
      'large',
      { ...shown, method: 'POST', format: 'urlencoded', parameters },
      { sites: ['large', 'told'] },
    );
    const { callId, popId, news, change } = await scene(fixture, 'large');
    const at = new Date().toISOString();
    await fixture.publish(change('answered', { answeredAt: at }, { at, variables: { notes: 'ñ'.repeat(8192) } }));
    await fixture.until(answeredWork(callId, 'told'), 'succeeded');
    const dead = await fixture.until(popId, 'dead');
    expect(dead.attempts[0]?.failure).toMatchObject({ class: 'permanent', message: expect.stringContaining('large') });
    expect(news).toEqual([]);
  });

  it('more than one message holds - the newest can be read again', async () => {
    const few = parameters.slice(0, 7);
    await fixture.addSite('many', { ...shown, method: 'POST', format: 'urlencoded', parameters: few });
    const agentId = newAgent();
    const popIds: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const { change, popId } = await scene(fixture, 'many');
      const at = new Date().toISOString();
      const of = { answeredAt: at, agent: { agentId, name: 'Ann' } };
      await fixture.publish(change('answered', of, { at, variables: { notes: 'ñ'.repeat(4000) } }));
      popIds.push(popId);
      await eventually(async () => (await fixture.openPops(agentId)).at(-1)?.popId === popId);
    }
    const open = (await fixture.openPops(agentId)).map(({ popId }) => popId);
    expect(open.length).toBeGreaterThan(10);
    expect(open).toEqual(popIds.slice(-open.length));
  });
});
