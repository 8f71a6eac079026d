import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture } from './fixture.ts';
import { offeredIds, scene, settled, shown, withdrawn } from './pop-scene.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica();
});
afterAll(() => fixture.stop());

describe('screen pops - late', () => {
  it('what we heard of minutes ago is not pushed, but can be read', async () => {
    await fixture.addSite('backlog', shown);
    const { agentId, popId, news, change } = await scene(fixture, 'backlog');
    const at = new Date().toISOString();
    const recordedtime = new Date(Date.now() - 120_000).toISOString();
    await fixture.publish({ ...change('answered', { answeredAt: at }, { at }), recordedtime });
    await settled(fixture, 'backlog');
    expect(await eventually(async () => (await fixture.openPops(agentId))[0])).toMatchObject({ popId });
    expect(news).toEqual([]);
  });

  it('a PBX whose clock is wrong by a day is believed that it is now', async () => {
    await fixture.addSite('skewed', shown);
    const { popId, news, change } = await scene(fixture, 'skewed');
    const at = new Date(Date.now() - 24 * 3_600_000).toISOString();
    await fixture.publish({
      ...change('answered', { answeredAt: at }, { at }),
      recordedtime: new Date().toISOString(),
    });
    await eventually(() => news.length === 1);
    expect(offeredIds(news)).toEqual([popId]);
  });
});

describe('screen pops - withdrawn', () => {
  it.each([
    ['no-answer', 'missed'],
    ['declined', 'missed'],
    ['answered-elsewhere', 'answered-elsewhere'],
    ['caller-gone', 'ended'],
  ] as const)('the phone stops ringing (%s) - %s', async (missedReason, reason) => {
    const site = `rings-${missedReason}`;
    await fixture.addSite(site, { ...shown, fireOn: ['agent-ringing', 'answered'] });
    const { agentId, popId, news, change } = await scene(fixture, site, 'agent-ringing');
    const at = new Date().toISOString();
    const ringing = change('agent-ringing', { state: 'ringing', ringingAt: at }, { at });
    await fixture.publish(ringing);
    await eventually(() => offeredIds(news).length === 1);
    const endedAt = new Date(Date.parse(at) + 10).toISOString();
    const over = { state: 'missed', ringingAt: at, endedAt, missedReason } as const;
    await fixture.publish(change('agent-missed', over, { at: endedAt }));
    await eventually(() => withdrawn(news).length === 1);
    expect(withdrawn(news)).toEqual([{ news: 'withdrawn', popId, reason }]);
    expect(await fixture.openPops(agentId)).toEqual([]);

    // Redelivered, and late: neither brings it back.
    await fixture.publish({ ...ringing, id: `${ringing.id}-again` });
    const late = change('queued', over, { at });
    await fixture.publish({ ...late, data: { ...late.data, late: true } });
    await settled(fixture, site);
    expect(offeredIds(news)).toEqual([popId]);
    expect(await fixture.openPops(agentId)).toEqual([]);
  });

  it('the end is known before the beginning is heard of - nothing flickers', async () => {
    await fixture.addSite('reversed', { ...shown, fireOn: ['agent-ringing', 'answered'] });
    const { news, change } = await scene(fixture, 'reversed');
    const at = new Date().toISOString();
    const ringing = change('agent-ringing', { state: 'ringing', ringingAt: at }, { at });
    const over = change(
      'agent-missed',
      { state: 'missed', ringingAt: at, endedAt: at, missedReason: 'declined' },
      { at },
    );
    await fixture.publish(over);
    await settled(fixture, 'reversed');
    await fixture.publish(ringing);
    await settled(fixture, 'reversed');
    expect(news).toEqual([]);
  });

  it('a phone that was thought missed and then answered is shown its site', async () => {
    await fixture.addSite('revived', { ...shown, fireOn: ['agent-ringing', 'answered'] });
    const { callId, news, change } = await scene(fixture, 'revived');
    const at = new Date().toISOString();
    await fixture.publish(
      change('agent-missed', { state: 'missed', ringingAt: at, endedAt: at, missedReason: 'failed' }, { at }),
      change('answered', { ringingAt: at, answeredAt: at }, { at }),
    );
    await eventually(() => news.length === 1);
    expect(offeredIds(news)).toEqual([`w.${callId}.site-revived.answered.i-${callId}`]);
  });

  it('the end of a conversation is known before its beginning is heard of - it does not stay for hours', async () => {
    await fixture.addSite('late-start', { ...shown, fireOn: ['answered', 'ended'] }, { acw: { timeoutMs: 90_000 } });
    const { agentId, change } = await scene(fixture, 'late-start');
    const at = new Date().toISOString();
    const answered = change('answered', { answeredAt: at }, { at });
    const endedAt = new Date(Date.parse(at) + 10).toISOString();
    const over = { answeredAt: at, state: 'ended', endedAt, endedBy: 'customer' } as const;
    await fixture.publish(change('ended', over, { at: endedAt, endedAt }));
    await settled(fixture, 'late-start');
    expect(await fixture.openPops(agentId)).toHaveLength(1);
    await fixture.publish(answered);
    const pops = await eventually(async () => {
      const open = await fixture.openPops(agentId);
      return open.length === 2 ? open : undefined;
    });
    for (const { expiresAt } of pops) expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(91_000);
  });

  it('after a conversation it stays for the after-call work, and no longer', async () => {
    await fixture.addSite('stays', shown, { acw: { timeoutMs: 90_000 } });
    const { agentId, news, change } = await scene(fixture, 'stays');
    const at = new Date().toISOString();
    await fixture.publish(change('answered', { answeredAt: at }, { at }));
    await eventually(() => news.length === 1);
    const [before] = await fixture.openPops(agentId);
    expect(Date.parse(before?.expiresAt ?? '') - Date.now()).toBeGreaterThan(3_600_000);
    const endedAt = new Date(Date.parse(at) + 10).toISOString();
    const over = { answeredAt: at, state: 'ended', endedAt, endedBy: 'customer' } as const;
    await fixture.publish(
      change('agent-released', over, { at: endedAt }),
      change('ended', over, { at: endedAt, endedAt }),
    );
    const [after] = await eventually(async () => {
      const pops = await fixture.openPops(agentId);
      return pops[0]?.expiresAt === before?.expiresAt ? undefined : pops;
    });
    expect(Date.parse(after?.expiresAt ?? '') - Date.now()).toBeGreaterThan(80_000);
    expect(Date.parse(after?.expiresAt ?? '') - Date.now()).toBeLessThan(91_000);
    expect(withdrawn(news)).toEqual([]);
  });
});
