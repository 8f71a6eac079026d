import { egressPolicy } from '@patchcord/contracts';
import { createEgress, type Egress } from '@patchcord/egress';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CustomCrmQuestion, lookupCustomCrm, withPath, withQuery } from '../src/index.ts';
import { type FakeCrm, startFakeCrm } from './fake-crm.ts';

let crm: FakeCrm;
let egress: Egress;
beforeEach(async () => {
  crm = await startFakeCrm();
  egress = createEgress();
});
afterEach(async () => {
  await egress.close();
  await crm.close();
});

const input = { ani: '+14155550123', dnis: '+12025550100', callId: 'c-lab-1', dtmf: '12#' };

async function asked(path: string, more: Partial<CustomCrmQuestion> = {}) {
  crm.answerNext({ headers: { 'content-type': 'text/plain' }, body: 'GOLD' });
  const result = await lookupCustomCrm(egress, {
    url: `${crm.url}${path}`,
    fieldName: 'account tier',
    method: 'GET',
    headers: {},
    send: 'exact',
    input,
    policy: egressPolicy.parse({ allowHttp: true, allowCidrs: ['127.0.0.0/8'] }),
    timeoutMs: 2000,
    ...more,
  });
  expect(result).toEqual({ outcome: 'found', value: 'GOLD', read: 'text' });
  return crm.requests.at(-1);
}

describe('custom CRM lookup', () => {
  it('exact - sends the field and the digits, as PBXware does', async () => {
    expect((await asked('/crm'))?.url).toBe('/crm?field_name=account%20tier&dtmf=12%23');
  });

  it('exact - leaves dtmf out when none was collected', async () => {
    expect((await asked('/crm', { input: { ani: '+1415' } }))?.url).toBe('/crm?field_name=account%20tier');
  });

  it('full - adds who calls, whom, and which call', async () => {
    expect((await asked('/crm', { send: 'full' }))?.url).toBe(
      '/crm?field_name=account%20tier&dtmf=12%23&caller=%2B14155550123&called=%2B12025550100&call_id=c-lab-1&did=%2B12025550100',
    );
  });

  it('keeps a query string that is there, as it is written', async () => {
    expect((await asked('/crm?key=a%2Bb+c&x'))?.url).toBe('/crm?key=a%2Bb+c&x&field_name=account%20tier&dtmf=12%23');
  });

  it('POST - sends the same as JSON', async () => {
    const request = await asked('/crm?k=1', { method: 'POST', headers: { 'X-Key': 's' } });
    expect(request).toMatchObject({
      method: 'POST',
      url: '/crm?k=1',
      headers: { 'content-type': 'application/json', 'x-key': 's' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({ field_name: 'account tier', dtmf: '12#' });
  });
});

describe('URLs', () => {
  it.each([
    ['https://crm.example', 'https://crm.example/?a=1%262'],
    ['https://crm.example/?', 'https://crm.example/?a=1%262'],
    ['https://crm.example/x?b=2#top', 'https://crm.example/x?b=2&a=1%262'],
  ])('a parameter is added to %s', (base, expected) => expect(withQuery(base, [['a', '1&2']])).toBe(expected));

  it.each([
    ['https://crm.example', 'https://crm.example/call-records/r%2F1'],
    ['https://crm.example/api/', 'https://crm.example/api/call-records/r%2F1'],
    ['https://crm.example/api?key=1', 'https://crm.example/api/call-records/r%2F1?key=1'],
  ])('a path is added to %s', (base, expected) => expect(withPath(base, 'call-records', 'r/1')).toBe(expected));
});
