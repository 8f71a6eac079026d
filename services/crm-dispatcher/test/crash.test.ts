import { once } from 'node:events';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredWork, changed, newCallId, part } from './call.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { createProcesses } from './process.ts';

let fixture: Fixture;
const processes = createProcesses(() => fixture.servers);
const { start: startProcess, kill } = processes;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(async () => {
  await processes.killAll();
  await fixture.stop();
});

async function calls(site: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newCallId);
  const queues = [{ queue: site, enteredAt: '2026-11-20T23:41:21.100Z' }];
  await fixture.publish(...ids.map((callId) => changed(callId, 'answered', { queues })));
  return ids.map((callId) => answeredWork(callId, site));
}

describe('dispatcher processes', () => {
  it('killed in the middle of the work - another goes on within 10 s, and nothing is lost', async () => {
    await fixture.addSite('mid');
    fixture.crm.script('/hooks/mid', { delayMs: 20 });
    const first = await startProcess();
    const works = await calls('mid', 300);
    await eventually(() => works.filter((workId) => fixture.seen(workId) > 0).length > 50);
    await kill(first);
    const killedAt = Date.now();
    expect(works.some((workId) => fixture.seen(workId) === 0)).toBe(true);
    await startProcess();
    await eventually(() => works.every((workId) => fixture.crm.accepted().has(workId)), { deadlineMs: 15_000 });
    const took = Date.now() - killedAt;
    expect(took).toBeLessThan(12_000);
    // Only what was under way when it was killed was sent twice, under the same key.
    const twice = works.filter((workId) => fixture.seen(workId) > 1);
    expect(twice.length).toBeLessThanOrEqual(50);
  });

  it('two replicas share the work, and each piece is done once', async () => {
    await fixture.addSite('both', { concurrency: 5 });
    fixture.crm.script('/hooks/both', { delayMs: 10 });
    await startProcess();
    const works = await calls('both', 200);
    await eventually(() => works.every((workId) => fixture.seen(workId) > 0));
    expect(works.filter((workId) => fixture.seen(workId) !== 1)).toEqual([]);
  });

  it.each(['redis', 'nats'] as const)(
    '%s killed and started again in the middle - everything arrives',
    async (which) => {
      await processes.killAll();
      // The process reads its configuration before it takes work.
      await fixture.addSite(which);
      await startProcess();
      fixture.crm.script(`/hooks/${which}`, { delayMs: 20 });
      const works = await calls(which, 200);
      await eventually(() => works.filter((workId) => fixture.seen(workId) > 0).length > 30);
      await fixture.servers[which].kill();
      await fixture.servers[which].restart();
      await eventually(() => works.every((workId) => fixture.crm.accepted().has(workId)), { deadlineMs: 20_000 });
      const [last = ''] = works.slice(-1);
      await eventually(async () => (await fixture.delivery(last))?.state === 'succeeded', { deadlineMs: 15_000 });
    },
  );

  it('killed while it tells agents - every pop is there once, and nobody is told of one twice', async () => {
    await processes.killAll();
    await fixture.addSite('popping', { trigger: 'automatic', method: 'GET', target: 'embedded' });
    const agents = Array.from({ length: 20 }, (_, n) => `60${n}`);
    const news = await Promise.all(agents.map((agentId) => fixture.watch(agentId)));
    const first = await startProcess();
    const expected = agents.map(() => new Set<string>());
    const events = Array.from({ length: 600 }, (_, n) => {
      const callId = newCallId();
      const at = new Date().toISOString();
      expected[n % 20]?.add(`w.${callId}.site-popping.answered.i-${callId}`);
      const interactions = [part(callId, { agent: { agentId: agents[n % 20] ?? '' }, answeredAt: at })];
      return changed(callId, 'answered', { at, interactions, queues: [{ queue: 'popping', enteredAt: at }] });
    });
    const published = fixture.publish(...events);
    await eventually(() => news.flat().length > 50);
    await kill(first);
    await published;
    await startProcess();
    const open = await eventually(
      async () => {
        const pops = await Promise.all(agents.map((agentId) => fixture.openPops(agentId)));
        return pops.flat().length >= 600 ? pops : undefined;
      },
      { deadlineMs: 20_000 },
    );
    expect(open.map((pops) => new Set(pops.map(({ popId }) => popId)))).toEqual(expected);
    expect(open.map((pops) => pops.length)).toEqual(agents.map(() => 30));
    const told = news.flat().flatMap((one) => (one.news === 'offered' ? [one.pop.popId] : []));
    expect(new Set(told).size).toBe(told.length);
  });

  it('ends within 10 s of SIGTERM, also with a CRM that hangs', async () => {
    await fixture.addSite('stuck', { timeoutMs: 60_000 });
    fixture.crm.script('/hooks/stuck', { hang: true });
    await processes.killAll();
    const child = await startProcess();
    const [work = ''] = await calls('stuck', 1);
    await eventually(() => fixture.seen(work) === 1);
    const begin = Date.now();
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    expect(Date.now() - begin).toBeLessThan(10_000);
  });
});
