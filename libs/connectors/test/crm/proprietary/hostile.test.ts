import { crmConnection, Failure } from '@patchcord/contracts';
import type { EgressRequest } from '@patchcord/egress';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCrmApi } from '../../../src/crm/api.ts';
import type { CallEntry, CrmApi, CrmConnector } from '../../../src/crm/port.ts';
import { recordOf, rowsOf } from '../../../src/proprietary/answer.ts';
import { proprietary } from '../../../src/proprietary/connector.ts';
import type { Settings } from '../../../src/proprietary/settings.ts';
import { readXml } from '../../../src/proprietary/xml.ts';
import { proprietaryI } from '../../../src/proprietary-i/connector.ts';
import { entry } from '../conformance/subject.ts';

const dictionary = [
  '../../admin',
  '..',
  '.',
  '%2e%2e%2f',
  '?x=1&y=2#z',
  'a/b\\c',
  '"},{"admin":true,"x":"',
  '</text><admin/><text>',
  ']]>--><!--',
  '&lt;&amp;&#0;',
  'a\r\nx-admin: 1\r\n\r\nGET /',
  '{record.id}{{}}',
  '__proto__',
  '\u0000\uD800\uFFFF',
  "O'Hara & Söhne 😀",
];
const hostile = fc.oneof(fc.constantFrom(...dictionary), fc.string({ unit: 'binary' }), fc.string());

/** What leaves us when this is asked. */
async function requestOf(
  connector: CrmConnector<Settings>,
  described: object,
  act: (api: CrmApi<Settings>) => Promise<unknown>,
): Promise<EgressRequest | Failure> {
  const sent: EgressRequest[] = [];
  const connection = crmConnection.parse({
    id: 'crm',
    name: 'CRM',
    connector: connector.name,
    baseUrl: 'https://crm.example.test/base?key=1',
    described: { ...described },
  });
  const api = createCrmApi(connector, {
    connection,
    send: (request) => {
      sent.push(request);
      return Promise.resolve({ ok: true, status: 200, headers: {}, body: '', durationMs: 1 });
    },
    sessions: { current: () => Promise.reject(new Error('no session')) },
    logIn: () => Promise.reject(new Error('no log-in')),
    region: 'US',
    deadline: Date.now() + 10_000,
  });
  try {
    await act(api);
  } catch (thrown) {
    if (sent.length === 0 && thrown instanceof Failure) return thrown;
  }
  const [request, ...others] = sent;
  expect(others).toEqual([]);
  return request ?? expect.fail('nothing was sent');
}

const logging = (more: object) => ({ requests: { test: {}, logCall: { method: 'POST', ...more } } });
const log =
  (notes: string, more: Partial<CallEntry> = {}) =>
  (api: CrmApi<Settings>): Promise<unknown> =>
    proprietary.logCall(api, { ...entry, notes, ...more });

test('no value changes host, path, names of parameters, or headers', async () => {
  const described = logging({
    path: 'a/{call.notes}/b-{call.notes}',
    query: { first: '{call.notes}', second: 'x{call.notes}' },
    headers: { 'x-note': 'n {call.notes}' },
    form: { text: '{call.notes}', same: 'y' },
  });
  await fc.assert(
    fc.asyncProperty(hostile, async (value) => {
      const request = await requestOf(proprietary, described, log(value));
      if (request instanceof Failure) {
        expect(request.code).toBe('path_value_missing');
        expect(['', '.', '..']).toContain(value);
        return;
      }
      const text = value.toWellFormed();
      const url = new URL(request.url);
      expect(url.origin + url.hash).toBe('https://crm.example.test');
      expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'base', 'a', text, `b-${text}`]);
      expect([...url.searchParams]).toEqual([
        ['key', '1'],
        ['first', text],
        ['second', `x${text}`],
      ]);
      expect(Object.keys(request.headers ?? {}).toSorted()).toEqual(['content-type', 'x-note']);
      expect(request.headers?.['x-note']).toMatch(/^n [\x20-\x7e]*$/);
      expect([...new URLSearchParams(request.body)]).toEqual([
        ['text', text],
        ['same', 'y'],
      ]);
    }),
    { numRuns: 500 },
  );
});

test('no value changes the form of JSON, and each keeps its type', async () => {
  const described = logging({
    json: {
      note: '{call.notes}',
      in: [{ text: 'n: {call.notes}' }],
      seconds: '{call.durationSeconds}',
      '...': '{call.fields}',
    },
  });
  await fc.assert(
    fc.asyncProperty(hostile, fc.json(), async (value, json) => {
      const request = await requestOf(proprietary, described, log(value, { fields: { own: JSON.parse(json) } }));
      if (request instanceof Failure) throw request;
      const text = value.toWellFormed();
      const { note, ...others } = JSON.parse(request.body ?? '');
      expect(note.toWellFormed()).toBe(text);
      expect(others).toEqual({ in: [{ text: `n: ${text}` }], seconds: 281, own: JSON.parse(json) });
    }),
    { numRuns: 500 },
  );
});

test('no value changes the form of XML', async () => {
  const described = logging({
    xml: '<log id="{call.notes}" x="1"><text>{call.notes}</text><end/></log>',
    answer: { format: 'xml' },
  });
  described.requests.test = { answer: { format: 'xml' } };
  await fc.assert(
    fc.asyncProperty(hostile, async (value) => {
      const request = await requestOf(proprietaryI, described, log(value));
      if (request instanceof Failure) throw request;
      const legal = value.toWellFormed().replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
      expect(readXml(request.body ?? '')).toEqual({ log: { '@id': legal, '@x': '1', text: legal.trim(), end: '' } });
    }),
    { numRuns: 500 },
  );
});

test('whatever is answered, it is records or a failure', () => {
  const formats = fc.constantFrom('json' as const, 'xml' as const, 'lines' as const, 'pairs' as const);
  const texts = fc.oneof(
    hostile,
    fc.json(),
    fc.json().map((json) => `<a><b id="1">${json}</b></a>`),
  );
  fc.assert(
    fc.property(formats, texts, fc.constantFrom(undefined, 'a.b', '0', 'data'), (format, text, records) => {
      const described = {
        format,
        notFoundStatus: [404],
        matchesItself: false,
        records,
        success: { path: 'a.b.0', is: [1] },
      };
      try {
        for (const row of rowsOf(described, { status: 200, headers: {}, text, json: undefined }))
          recordOf({ ...described, id: '0', url: 'b', modifiedAt: 'c' }, 'm', row);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Failure);
      }
    }),
    { numRuns: 1000 },
  );
});

test('XML with a document type, entities of its own, or without an end is none', () => {
  const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>';
  for (const text of [
    bomb,
    '<a>&c;</a>',
    '<a><b></a>',
    '<a',
    'a',
    '',
    '<a/><b/>',
    '<a>'.repeat(100) + '</a>'.repeat(100),
  ])
    expect([text, readXml(text)]).toEqual([text, undefined]);
  expect(readXml('<?xml version="1.0"?>\n<s:a xmlns:s="u"><b>1</b><b k="2">x &amp; &#8364;</b></s:a>')).toEqual({
    a: { '@s': 'u', b: ['1', { '@k': '2', '#': 'x & €' }] },
  });
});
