import { eventually, followServerSent } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { csvOf } from '../src/domain/csv.ts';
import { callEvent } from './call-script.ts';
import { linkedId, type SessionFixture, startSessions } from './session-support.ts';

let fixture: SessionFixture;
beforeAll(async () => {
  fixture = await startSessions();
  await fixture.call('ringing', 1);
  await fixture.call('queued', 5);
  await fixture.call('talking', 9);
  await fixture.call('over', 16);
  const hidden = { direction: 'outbound', dnis: '+441632960000', legId: 'l-1', pbxId: 'lab', callerName: '=cmd()' };
  await fixture.publisher.publish(callEvent({ call: 'hidden' }, 60_000, ['offered', hidden]));
  await eventually(async () => (await fixture.changes('c-lab-hidden')).length === 1);
});
afterAll(() => fixture.stop());

const names = (ids: readonly string[]): string[] => ids.map((id) => id.replace('c-lab-', ''));
const found = async (query: string): Promise<string[]> => {
  const { body } = await fixture.ask('GET', `/v1/calls?${query}`);
  return names(body.calls.map(({ callId }) => callId)).toSorted();
};

describe('calls - filters', () => {
  it.each([
    ['', ['hidden', 'queued', 'ringing', 'talking']],
    ['state=queued&state=talking', ['queued', 'talking']],
    ['state=ended', ['over']],
    ['state=ended&state=ringing', ['hidden', 'over', 'ringing']],
    ['direction=outbound', ['hidden']],
    ['type=inbound', ['queued', 'ringing', 'talking']],
    ['from=14155550123', ['queued', 'ringing', 'talking']],
    ['from=%2B1%20(415)%20555-0123&state=talking', ['talking']],
    ['to=%2B441632960000', ['hidden']],
    ['agentId=1002', ['talking']],
    ['agentId=1001', []],
    ['agentId=1001&state=ended', ['over']],
    ['queue=support', ['queued', 'talking']],
    ['queue=sales', []],
    [`sessionId=${linkedId('queued')}`, ['queued']],
    ['callId=c-lab-over', ['over']],
    ['callId=c-lab-over&state=queued', []],
    ['outcome=answered', ['over']],
    ['outcome=missed', []],
    ['finishReason=hangup', ['over']],
    ['anonymous=true', ['hidden']],
    ['anonymous=false&state=ringing', ['ringing']],
    ['time.start=2026-11-20T23:42:00Z', ['hidden']],
    ['time.end=1795218120', ['queued', 'ringing', 'talking']],
    ['q=Agent%201002', ['talking']],
    ['q=632960', ['hidden']],
    ['parentId=c-lab-over', []],
  ])('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('refuses what is no filter, by its name', async () => {
    for (const query of ['stat=queued', 'state=over', 'limit=0', 'time.start=yesterday', 'cursor=xyz']) {
      expect((await fixture.ask('GET', `/v1/calls?${query}`)).status, query).toBe(400);
    }
  });

  it('pages - every call once, those under way first', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const more = cursor === undefined ? '' : `&cursor=${cursor}`;
      const states = ['ringing', 'ivr', 'queued', 'talking', 'held', 'ended']
        .map((state) => `state=${state}`)
        .join('&');
      const { body } = await fixture.ask('GET', `/v1/calls?limit=2&${states}${more}`);
      seen.push(...names(body.calls.map(({ callId }) => callId)));
      ({ cursor } = body);
    } while (cursor !== undefined);
    expect(seen).toEqual(['hidden', 'talking', 'ringing', 'queued', 'over']);
  });
});

describe('calls - CSV', () => {
  it('by format and by Accept; a name that is a formula is none', async () => {
    const byFormat = await fixture.ask('GET', '/v1/calls?format=csv&limit=1');
    expect(byFormat.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(byFormat.headers.get('x-next-cursor')).not.toBeNull();
    const byAccept = await fixture.ask('GET', '/v1/calls?limit=1', { headers: { accept: 'text/csv' } });
    expect(byAccept.text).toBe(byFormat.text);
    const [heading, line, rest] = byFormat.text.split('\r\n');
    expect(heading).toMatch(/^callId,version,state,direction,from,callerName,to,/);
    expect(line).toMatch(/^c-lab-hidden,1,ringing,outbound,,'=cmd\(\),\+441632960000,/);
    expect(rest).toBe('');
  });

  it('quotes what needs it', () => {
    const cells = ['a,b', 'say "x"', 'two\r\nlines', '@SUM(1)', '-1', '+1415', '\t=1', ' x', undefined, 7];
    expect(csvOf([cells])).toBe('"a,b","say ""x""","two\r\nlines",\'@SUM(1),-1,+1415,\'\t=1," x",,7\r\n');
  });
});

describe('calls - stream', () => {
  const stream = async (query = '', token = fixture.crm) => {
    const url = `${fixture.service.url}/v1/calls/stream${query}`;
    const followed = await followServerSent(url, { authorization: `Bearer ${token}` });
    onTestFinished(() => followed.leave());
    return followed;
  };
  const parsed = (data = '{}') => JSON.parse(data) as { callId: string; state: string; calls: { callId: string }[] };

  it('the state first, then each change; a call that fits no more is gone', async () => {
    await fixture.call('live', 4);
    const { seen } = await stream('?queue=support&callId=c-lab-live');
    await eventually(() => seen.length === 1);
    expect(parsed(seen[0]?.data).calls).toEqual([]);
    await fixture.call('live', 9);
    await fixture.call('live', 15);
    await eventually(() => seen.at(-1)?.event === 'gone');
    const changes = seen.slice(1).map(({ event, data }) => [event, parsed(data).state]);
    expect(changes[0]).toEqual(['call', 'queued']);
    expect(changes.at(-1)).toEqual(['gone', 'ended']);
    expect(seen.slice(1).every(({ data }) => parsed(data).callId === 'c-lab-live')).toBe(true);
  });

  it('no gap - calls that begin while streams open are in each of them once, in the state or after it', async () => {
    const opening = Array.from({ length: 10 }, () => stream('?q=gap'));
    const calls = Array.from({ length: 20 }, (_, at) => fixture.call(`gap${at}`, 1));
    const streams = await Promise.all(opening);
    await Promise.all(calls);
    for (const { seen } of streams) {
      const ids = await eventually(() => {
        const [state, ...changes] = seen;
        const all = [...parsed(state?.data).calls, ...changes.map(({ data }) => parsed(data))].map((one) => one.callId);
        return all.length >= 20 && all;
      });
      expect(new Set(ids).size).toBe(20);
      expect(ids).toHaveLength(20);
    }
  });

  it('a tenant and an agent see their own calls only', async () => {
    const [other, agent] = [await fixture.token({ tenantId: 'other' }), await fixture.token({ agentId: '1002' })];
    const [theirs, his] = [await stream('', other), await stream('', agent)];
    await eventually(() => theirs.seen.length === 1 && his.seen.length === 1);
    expect(parsed(theirs.seen[0]?.data).calls).toEqual([]);
    expect(names(parsed(his.seen[0]?.data).calls.map(({ callId }) => callId))).toEqual(['talking']);
    expect((await stream('?agentId=1001', agent)).status).toBe(403);
  });

  it('NATS was away - the state comes again', async () => {
    const { seen } = await stream();
    await eventually(() => seen.length === 1);
    await fixture.servers.nats.kill();
    await fixture.servers.nats.restart();
    await eventually(() => seen.filter(({ event }) => event === 'state').length >= 2, { deadlineMs: 20_000 });
  });
});
