import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCrm, startFakeCrm } from '../src/index.ts';

let crm: FakeCrm;
beforeEach(async () => {
  crm = await startFakeCrm();
});
afterEach(() => crm.close());

const send = (path: string, init: RequestInit = {}) => fetch(`${crm.url}${path}`, { method: 'POST', ...init });
const withKey = (key: string, body = '{}') => ({ headers: { 'idempotency-key': key }, body });

describe('fake CRM', () => {
  it('hooks - are recorded as they came', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', traceparent: '00-a' };
    expect((await send('/hooks/a?x=1', { headers, body: 'a=b' })).status).toBe(200);
    expect(crm.requests()).toMatchObject([
      { method: 'POST', path: '/hooks/a', query: { x: '1' }, body: 'a=b', headers: { traceparent: '00-a' } },
    ]);
  });

  it('repeated key - is counted, answered as the first time and done once', async () => {
    const first = await send('/call-records/r1', { method: 'PUT', ...withKey('k', '{"n":1}') });
    const again = await send('/call-records/r1', { method: 'PUT', ...withKey('k', '{"n":2}') });
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual(await first.json());
    expect(crm.records().get('r1')).toEqual({ n: 1 });
    expect(crm.idempotencyKeys().get('k')).toBe(2);
    expect(crm.accepted().size).toBe(1);
  });

  it('lookup - answers by field name, and 404 when it knows nothing', async () => {
    crm.answerLookup('tier', 'gold');
    const answer = await fetch(`${crm.url}/lookup?field_name=tier&caller=1`);
    expect(await answer.json()).toEqual({ value: 'gold' });
    expect((await fetch(`${crm.url}/lookup?field_name=other`)).status).toBe(404);
  });

  it('script - holds for its path and its number of times; a refused key is not accepted', async () => {
    crm.script('/hooks/slow', { status: 503, headers: { 'retry-after': '7' }, body: 'busy', times: 1 });
    expect((await send('/hooks/other', withKey('o'))).status).toBe(200);
    const refused = await send('/hooks/slow', withKey('k'));
    expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([503, '7', 'busy']);
    expect(crm.accepted().has('k')).toBe(false);
    expect((await send('/hooks/slow', withKey('k'))).status).toBe(200);
    expect(crm.accepted().has('k')).toBe(true);
  });

  it('script - resets, hangs and delays', async () => {
    crm.script('/hooks/reset', { reset: true });
    crm.script('/hooks/hang', { hang: true });
    crm.script('/hooks/late', { delayMs: 60 });
    await expect(send('/hooks/reset')).rejects.toThrow();
    await expect(send('/hooks/hang', { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    const began = performance.now();
    expect((await send('/hooks/late')).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(50);
    crm.clearScript();
    expect((await send('/hooks/reset')).status).toBe(200);
    expect(crm.requests()).toHaveLength(4);
  });
});
