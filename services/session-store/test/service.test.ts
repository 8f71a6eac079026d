import { fold } from '@patchcord/call-model';
import { type CallEvent, callIdOf, sessionEvents } from '@patchcord/contracts';
import type { Service } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildSessions } from '../src/rebuild.ts';
import { callEvent, queueCall } from './call-script.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
let service: Service;
beforeAll(async () => {
  fixture = await startFixture();
  service = await fixture.startReplica();
});
afterAll(() => fixture.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${fixture.token}`, ...headers } });

/** Publishes events and waits until each is told of. */
async function played(events: readonly CallEvent[]) {
  await fixture.publisher.publishAll(events);
  const callId = events[0]?.subject ?? '';
  return eventually(async () => {
    const changes = await fixture.changes(callId, events[0]?.tenantid);
    return changes.length >= events.length && changes;
  });
}

describe('session events', () => {
  it('each event of a call is told once, in order, with the whole snapshot', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const events = queueCall({ call: 's1', traceparent });
    const changes = await played(events);
    expect(changes.map(({ causationid }) => causationid)).toEqual(events.map(({ id }) => id));
    expect(changes.map(({ data }) => data.session)).toEqual(events.map((_, at) => fold(events.slice(0, at + 1))));
    for (const [at, change] of changes.entries()) {
      expect(sessionEvents.sessionChanged.schema.safeParse(change).success).toBe(true);
      expect(change).toMatchObject({
        subject: callIdOf('lab', 's1'),
        correlationid: callIdOf('lab', 's1'),
        tenantid: 'acme',
        time: events[at]?.time,
        sequence: String(at + 1),
        traceparent,
        data: { cause: { id: events[at]?.id, type: events[at]?.type } },
      });
    }
    expect(changes.at(-1)?.data.session).toMatchObject({
      state: 'ended',
      variables: { CAMPAIGN: 'support', tier: 'gold' },
    });
  });

  it('a late event after the end is folded where it belongs', async () => {
    const events = queueCall({ call: 's2' });
    const late = events.splice(4, 1);
    await played(events);
    const changes = await played([...events, ...late]);
    expect(changes.at(-1)?.data.session).toEqual(fold([...events, ...late]));
    expect(changes.at(-1)?.data.session.state).toBe('ended');
    expect(changes.at(-1)?.data.cause.id).toBe(late[0]?.id);
  });

  it('the same ids of two PBXs and of two tenants are different events', async () => {
    const of = (source: string, tenantid: string) => callEvent({ call: 's3', source, tenantid }, 0, held('l-1'));
    const changes = await played([of('/pbx/a', 'acme')]);
    const others = await played([of('/pbx/a', 'other')]);
    expect(changes[0]?.tenantid).toBe('acme');
    expect(others[0]?.tenantid).toBe('other');
    const ofB = [of('/pbx/a', 'acme'), of('/pbx/b', 'acme')];
    expect((await played(ofB)).at(-1)?.data.session.version).toBe(2);
  });
});

const held = (legId: string) => ['held', { legId, by: 'agent' }] as const;

describe('session API', () => {
  it('one call - with its version as ETag', async () => {
    const events = queueCall({ call: 'a1' }).slice(0, 9);
    await played(events);
    const response = await get(`/v1/calls/${callIdOf('lab', 'a1')}`);
    expect(await response.json()).toEqual(fold(events));
    expect(response.headers.get('etag')).toBe('"9"');
    const again = await get(`/v1/calls/${callIdOf('lab', 'a1')}`, { 'if-none-match': '"9"' });
    expect(again.status).toBe(304);
  });

  it('refuses an unknown call, a foreign one and a request without token', async () => {
    await played([{ ...callEvent({ call: 'a2', tenantid: 'other' }, 0, held('l-1')) }]);
    const foreign = await get(`/v1/calls/${callIdOf('lab', 'a2')}`);
    expect(foreign.status).toBe(404);
    expect(await foreign.json()).toMatchObject({
      error: { code: 'not_found', message: /there is no call "c-lab-a2"/ },
    });
    expect((await get('/v1/calls', { authorization: '' })).status).toBe(401);
  });

  it('active calls - newest first, by state, queue and agent; ended ones are gone', async () => {
    const ringing = queueCall({ call: 'b1' }).slice(0, 1);
    const queued = queueCall({ call: 'b2' }).slice(0, 5);
    const talking = queueCall({ call: 'b3' }).slice(0, 9);
    for (const events of [ringing, queued, talking, queueCall({ call: 'b4' })]) await played(events);
    const ids = async (search: string) => {
      const body = (await (await get(`/v1/calls${search}`)).json()) as { calls: { callId: string }[] };
      return body.calls.map(({ callId }) => callId.replace('c-lab-', '')).filter((id) => id.startsWith('b'));
    };
    expect((await ids('')).toSorted()).toEqual(['b1', 'b2', 'b3']);
    expect(await ids('?state=queued')).toEqual(['b2']);
    expect(await ids('?agent=1002')).toEqual(['b3']);
    expect(await ids('?agent=1001')).toEqual([]);
    expect((await ids('?queue=support')).toSorted()).toEqual(['b2', 'b3']);
    expect(await ids('?state=ended')).toEqual(['b4']);
    expect((await get('/v1/calls?state=over')).status).toBe(400);
    expect((await get('/v1/calls?stat=queued')).status).toBe(400);
  });

  it('stale entries of the index are not shown and are removed', async () => {
    await fixture.redis.zadd('pc:1:{acme}:active-calls', 1, 'c-lab-ghost');
    expect(JSON.stringify(await (await get('/v1/calls')).json())).not.toContain('ghost');
    await eventually(async () => (await fixture.redis.zscore('pc:1:{acme}:active-calls', 'c-lab-ghost')) === null);
  });
});

describe('time to live', () => {
  it('a call is kept for a day while it lives, for an hour after its end', async () => {
    await played(queueCall({ call: 'ttl' }).slice(0, 3));
    const keys = (await fixture.redis.keys('pc:1:{acme:c-lab-ttl}:*')).toSorted();
    expect(keys).toEqual(['pc:1:{acme:c-lab-ttl}:events', 'pc:1:{acme:c-lab-ttl}:session']);
    const hours = async () =>
      Promise.all(keys.map(async (key) => Math.round((await fixture.redis.pttl(key)) / 3_600_000)));
    expect(await hours()).toEqual([24, 24]);
    await played(queueCall({ call: 'ttl' }));
    expect(await hours()).toEqual([1, 1]);
  });

  it('a recording that comes when the call is forgotten does not make a call out of nothing', async () => {
    const events = queueCall({ call: 'late' });
    await played(events.slice(0, -1));
    await fixture.redis.del('pc:1:{acme:c-lab-late}:events', 'pc:1:{acme:c-lab-late}:session');
    const changes = await played(events);
    expect(changes.at(-1)?.data.session).toEqual(fold(events));
    expect(changes).toHaveLength(events.length);
  });
});

describe('rebuild', () => {
  it('makes the same sessions from the stream, publishes nothing, and may run again', async () => {
    const events = ['r1', 'r2'].flatMap((call) => queueCall({ call, tenantid: 'rebuilt' }));
    await played(events.slice(0, 16));
    await played(events.slice(16));
    const keys = await fixture.redis.keys('pc:1:{rebuilt:*}:session');
    const sessions = () =>
      Promise.all(keys.map(async (key) => JSON.parse((await fixture.redis.hget(key, 'session')) ?? 'null')));
    const live = await sessions();
    await fixture.redis.del(...keys, ...keys.map((key) => key.replace(/session$/, 'events')));
    const told = (await fixture.bus.jsm.streams.info('SESSION_EVENTS')).state.last_seq;
    const progress: number[] = [];
    const options = { tenantId: 'rebuilt', onProgress: (now: { events: number }) => progress.push(now.events) };
    expect(await rebuildSessions(fixture, options)).toEqual({ events: 32, calls: 2 });
    expect(await rebuildSessions(fixture, options)).toEqual({ events: 32, calls: 2 });
    expect(progress.at(-1)).toBe(32);
    expect(await sessions()).toEqual(live);
    expect((await fixture.bus.jsm.streams.info('SESSION_EVENTS')).state.last_seq).toBe(told);
  });
});
