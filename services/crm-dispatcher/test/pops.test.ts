import type { Interaction, ScreenPopNews, Session, SessionChanged } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed, newCallId, part, tenantId } from './call.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica();
});
afterAll(() => fixture.stop());

const enteredAt = new Date().toISOString();
const through = (queue: string) => ({ queues: [{ queue, enteredAt }] });
let agents = 0;
const newAgent = (): string => `90${++agents}`;

const shown = { trigger: 'automatic', method: 'GET', target: 'embedded' } as const;

interface Scene {
  readonly callId: string;
  readonly agentId: string;
  readonly popId: string;
  readonly news: readonly ScreenPopNews[];
  /** A change of this agent's part, as the session-store tells it. */
  readonly change: (
    event: Parameters<typeof changed>[1],
    of: Partial<Interaction>,
    more?: Partial<Session> & { at?: string },
  ) => SessionChanged;
}

/** A call of a queue whose campaign shows a site, and an agent of his own. */
async function scene(site: string, cause = 'answered'): Promise<Scene> {
  const callId = newCallId();
  const agentId = newAgent();
  let version = 0;
  return {
    callId,
    agentId,
    popId: `w.${callId}.site-${site}.${cause}.i-${callId}`,
    news: await fixture.watch(agentId),
    change: (event, of, more = {}) =>
      changed(callId, event, {
        ...through(site),
        version: ++version,
        interactions: [part(callId, { agent: { agentId, name: 'Ann' }, ...of })],
        ...more,
      }),
  };
}

const offeredIds = (news: readonly ScreenPopNews[]): string[] =>
  news.flatMap((each) => (each.news === 'offered' ? [each.pop.popId] : []));
const withdrawn = (news: readonly ScreenPopNews[]) => news.filter((each) => each.news === 'withdrawn');

/** Whether all that was published before has been handled: another call's pop has come. */
async function settled(site: string): Promise<void> {
  const probe = await scene(site);
  const at = new Date().toISOString();
  await fixture.publish(probe.change('answered', { answeredAt: at }, { at }));
  await eventually(() => probe.news.length === 1);
}

describe('screen pops', () => {
  it('an answered call - its agent is told within ms, and reads it again when he connects again', async () => {
    const parameters = [{ family: 'call', key: 'ani', name: 'phone' }] as const;
    await fixture.addSite('shown', { ...shown, name: 'Orders', parameters: [...parameters] });
    const { callId, agentId, popId, news, change } = await scene('shown');
    const at = new Date().toISOString();
    const begin = performance.now();
    await fixture.publish(change('answered', { answeredAt: at }, { at }));
    await eventually(() => news.length === 1);
    console.info(`event to browser: ${(performance.now() - begin).toFixed(1)} ms, with the polling of the test`);
    const pop = {
      popId,
      tenantId,
      agentId,
      callId,
      interactionId: `i-${callId}`,
      campaignId: 'shown',
      site: { id: 'shown', name: 'Orders' },
      trigger: 'automatic',
      target: 'embedded',
      action: { kind: 'navigate', url: `${fixture.crm.url}/hooks/shown?phone=%2B14155550123` },
      contacts: [],
    };
    expect(news).toMatchObject([{ news: 'offered', pop }]);
    expect(await fixture.openPops(agentId)).toMatchObject([pop]);
    // We send nothing ourselves.
    expect(await fixture.delivery(popId)).toBeUndefined();
    expect(fixture.crm.requests().filter(({ path }) => path === '/hooks/shown')).toEqual([]);
  });

  it('a button waits for its agent; a form is a form', async () => {
    const parameters = [{ family: 'fixed', key: 'a"b & c', name: 'x' }] as const;
    await fixture.addSite('pressed', {
      trigger: 'agent',
      format: 'urlencoded',
      target: 'new-tab',
      parameters: [...parameters],
    });
    const { news, change } = await scene('pressed');
    const at = new Date().toISOString();
    await fixture.publish(change('answered', { answeredAt: at }, { at }));
    await eventually(() => news.length === 1);
    expect(news).toMatchObject([
      {
        pop: {
          trigger: 'agent',
          target: 'new-tab',
          action: { kind: 'form', enctype: 'application/x-www-form-urlencoded', fields: [['x', 'a"b & c']] },
        },
      },
    ]);
  });

  it('the same firing told twice, and an old message again, is one pop', async () => {
    await fixture.addSite('once', shown);
    const { agentId, popId, news, change } = await scene('once');
    const at = new Date().toISOString();
    const event = change('answered', { answeredAt: at }, { at });
    await fixture.publish(event, { ...event, id: `${event.id}-again` });
    await eventually(() => news.length > 0);
    await fixture.publish({ ...event, id: `${event.id}-late` });
    await settled('once');
    expect(offeredIds(news)).toEqual([popId]);
    expect(await fixture.openPops(agentId)).toHaveLength(1);
  });

  it('a moment without an agent shows nothing to nobody', async () => {
    await fixture.addSite('nobody', { ...shown, fireOn: ['offered', 'answered'] });
    const { callId, agentId, news } = await scene('nobody');
    await fixture.publish(changed(callId, 'offered', { ...through('nobody'), interactions: [] }));
    await settled('nobody');
    expect(news).toEqual([]);
    expect(await fixture.openPops(agentId)).toEqual([]);
  });

  it('the call is passed on: who gets it sees it, who gave it does not any more', async () => {
    await fixture.addSite('passed', { ...shown, fireOn: ['answered', 'transferred'] });
    const { callId, agentId, popId, news, change } = await scene('passed');
    const [at, later] = [new Date().toISOString(), new Date(Date.now() + 5).toISOString()];
    await fixture.publish(change('answered', { answeredAt: at }, { at }));
    await eventually(() => news.length === 1);
    const receiver = newAgent();
    const receiverNews = await fixture.watch(receiver);
    const from = { agentId };
    const gone = part(callId, { agent: from, answeredAt: at, state: 'ended', endedAt: later, endedBy: 'transfer' });
    const taken = part(callId, {
      agent: { agentId: receiver },
      interactionId: 'i-2',
      legId: 'l-2',
      answeredAt: later,
    });
    const transfers: Session['transfers'] = [
      { kind: 'attended', at: later, from, to: { agent: { agentId: receiver } } },
    ];
    const both = { interactions: [gone, taken], transfers, at: later };
    await fixture.publish(change('transferred', {}, both), change('agent-released', {}, both));
    await eventually(() => withdrawn(news).length > 0);
    expect(withdrawn(news)).toContainEqual({ news: 'withdrawn', popId, reason: 'transferred' });
    await eventually(() => receiverNews.length === 1);
    expect(receiverNews).toMatchObject([{ pop: { agentId: receiver, interactionId: 'i-2' } }]);
    expect(await fixture.openPops(agentId)).toEqual([]);
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
    const { agentId, popId, news, change } = await scene(site, 'agent-ringing');
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
    await settled(site);
    expect(offeredIds(news)).toEqual([popId]);
    expect(await fixture.openPops(agentId)).toEqual([]);
  });

  it('the end is known before the beginning is heard of - nothing flickers', async () => {
    await fixture.addSite('reversed', { ...shown, fireOn: ['agent-ringing', 'answered'] });
    const { news, change } = await scene('reversed');
    const at = new Date().toISOString();
    const ringing = change('agent-ringing', { state: 'ringing', ringingAt: at }, { at });
    const over = change(
      'agent-missed',
      { state: 'missed', ringingAt: at, endedAt: at, missedReason: 'declined' },
      { at },
    );
    await fixture.publish(over);
    await settled('reversed');
    await fixture.publish(ringing);
    await settled('reversed');
    expect(news).toEqual([]);
  });

  it('a phone that was thought missed and then answered is shown its site', async () => {
    await fixture.addSite('revived', { ...shown, fireOn: ['agent-ringing', 'answered'] });
    const { callId, news, change } = await scene('revived');
    const at = new Date().toISOString();
    await fixture.publish(
      change('agent-missed', { state: 'missed', ringingAt: at, endedAt: at, missedReason: 'failed' }, { at }),
      change('answered', { ringingAt: at, answeredAt: at }, { at }),
    );
    await eventually(() => news.length === 1);
    expect(offeredIds(news)).toEqual([`w.${callId}.site-revived.answered.i-${callId}`]);
  });

  it('after a conversation it stays for the after-call work, and no longer', async () => {
    await fixture.addSite('stays', shown, { acw: { timeoutMs: 90_000 } });
    const { agentId, news, change } = await scene('stays');
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

describe('screen pops - of a crowd', () => {
  it('an agent has 50 at most', async () => {
    await fixture.addSite('many', shown);
    const agentId = newAgent();
    const events = Array.from({ length: 60 }, () => {
      const callId = newCallId();
      const at = new Date().toISOString();
      return changed(callId, 'answered', {
        ...through('many'),
        at,
        interactions: [part(callId, { agent: { agentId }, answeredAt: at })],
      });
    });
    await fixture.publish(...events);
    await settled('many');
    await eventually(async () => (await fixture.openPops(agentId)).length === 50);
  });

  it('two replicas tell each pop once', async () => {
    const second = await fixture.startReplica();
    await fixture.addSite('shared', shown);
    const scenes = await Promise.all(Array.from({ length: 40 }, () => scene('shared')));
    const at = new Date().toISOString();
    const events = scenes.map(({ change }) => change('answered', { answeredAt: at }, { at }));
    await fixture.publish(...events, ...events.map((event) => ({ ...event, id: `${event.id}-again` })));
    await eventually(() => scenes.every(({ news }) => news.length > 0));
    await settled('shared');
    expect(scenes.map(({ news }) => offeredIds(news))).toEqual(scenes.map(({ popId }) => [popId]));
    await second.stop();
  });

  it('a parameter that must not be missing - no pop, but dead work that says which', async () => {
    const parameters = [{ family: 'dialplan', key: 'Omlcrmid', name: 'id', missing: 'fail' }] as const;
    await fixture.addSite('lacking', { ...shown, parameters: [...parameters] });
    const { popId, news, change } = await scene('lacking');
    const at = new Date().toISOString();
    await fixture.publish(change('answered', { answeredAt: at }, { at }));
    const row = await fixture.until(popId, 'dead');
    expect(row.attempts).toMatchObject([{ failure: { class: 'permanent', code: 'parameter_missing' } }]);
    expect(row.attempts[0]?.failure?.message).toContain('id');
    expect(news).toEqual([]);
  });
});
