import { expect, test } from 'vitest';
import { type AskingFacts, renderAsking } from '../../src/index.ts';

const facts: AskingFacts = {
  tenantId: 'acme',
  region: 'US',
  callId: 'c-1',
  ani: '(415) 555-0123',
  dnis: '+12025550100',
  dtmf: '42#',
};
const asking = (url: string, headers: Record<string, string> = {}, given: Partial<AskingFacts> = facts) => {
  const rendered = renderAsking({ url, headers }, { tenantId: 'acme', ...given });
  if (!rendered.ok) throw new Error(rendered.message);
  return rendered.value;
};

test.each([
  'https://crm.example?x={1}&y={{call.from}}',
  'https://CRM.example:443/ä b/../{x}',
  'https://u:p@crm.example/#{call}',
])('asking - %s: without placeholders of the call it stays byte for byte', (url) => {
  const headers = { 'X-Key': '{1} {call.}', Accept: '*/*' };
  expect(asking(url, headers)).toEqual({ url, headers });
});

test('asking - what the dialplan said, encoded for where it stands', () => {
  const url = 'https://crm.example/{call.from}/{call.ani}?id={call.id}&to={call.to.national}&d={call.digits}';
  expect(asking(url, { 'X-Caller': '{call.from.number}', 'X-Key': 'k' })).toEqual({
    url: 'https://crm.example/%2B14155550123/(415)%20555-0123?id=c-1&to=2025550100&d=42%23',
    headers: { 'X-Key': 'k', 'x-caller': '+14155550123' },
  });
});

test('asking - what is not known is empty in a path and left out elsewhere', () => {
  const url = 'https://crm.example/a/{call.from}?id={call.id}&d={call.digits}&did={call.did|none}';
  expect(asking(url, { 'X-Caller': '{call.from}', 'X-Of': 'of {call.from}' }, {})).toEqual({
    url: 'https://crm.example/a/?did=none',
    headers: { 'x-of': 'of ' },
  });
});

test('asking - names of the session have no value: nobody asks for it while a caller waits', () => {
  expect(asking('https://crm.example/?a={ivr.email}&s={call.state}&v={call.version}').url).toBe('https://crm.example/');
});

test.each([
  'https://{call.from}.crm.example/',
  'https://crm{call.from}/a',
  'https:///{call.from}/a',
  'https:////{call.from}',
])('asking - of %s, stored before placeholders were, a caller chose who is asked', (url) => {
  const rendered = renderAsking({ url, headers: {} }, { tenantId: 'acme', ani: 'evil.example' });
  expect(rendered).toMatchObject({ ok: false, parameter: '{call.from}' });
});

test.each(['https://crm.example?{call.from}', 'https://crm.example#{call.from}', 'https://crm.example:/{call.from}'])(
  'asking - a placeholder right behind the host: %s',
  (url) => {
    expect(new URL(asking(url).url).host).toBe('crm.example');
  },
);
