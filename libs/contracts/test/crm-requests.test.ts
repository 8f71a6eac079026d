import { expect, test } from 'vitest';
import { type DescribedCrm, describedCrm } from '../src/index.ts';

const problemsOf = (given: object) =>
  (describedCrm.safeParse({ requests: { test: {} }, ...given }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const withRequest = (request: object, name = 'logCall') => problemsOf({ requests: { test: {}, [name]: request } });

test('the least that a CRM is described by', () => {
  const crm: DescribedCrm = describedCrm.parse({ requests: { test: {} } });
  expect(crm).toMatchObject({
    modules: [],
    calls: { isKeyed: false },
    requests: { test: { method: 'GET', path: '' } },
  });
  expect(problemsOf({ requests: {} })).toEqual(['requests.test: expected a request that tells who we are']);
});

test('a request that there is not', () => {
  expect(withRequest({}, 'logout')).toEqual([expect.stringMatching(/^requests: expected test, searchByPhone, /)]);
});

test('a placeholder has a name that the request knows', () => {
  expect(withRequest({ query: { id: '{record.id}' } }, 'create')).toEqual([
    'requests.create.query.id: expected one of module, values, values.*, not "record.id"',
  ]);
  expect(
    withRequest({ path: '{call.key}', headers: { a: 'b {call.from|}' }, query: { c: '{call.about.1.id}' } }),
  ).toEqual([]);
  expect(withRequest({ query: { a: '{call.secret}' } }).join()).toContain('not "call.secret"');
  expect(problemsOf({ requests: { test: { path: '{call.key}' } } })).toEqual([
    'requests.test.path: expected no placeholder here, not "call.key"',
  ]);
});

test('braces that do not close are said where they stand, in JSON however deep', () => {
  expect(withRequest({ method: 'POST', json: { a: [{ b: '{call.key' }] } })).toEqual([
    expect.stringMatching(/^requests\.logCall\.json\.a\.0\.b: expected .* \(at character 1\)$/),
  ]);
});

test('a request has one body, and one of GET none', () => {
  expect(withRequest({ json: {} })).toEqual([
    'requests.logCall.json: expected another method than GET, which has no body',
  ]);
  expect(withRequest({ method: 'POST', json: {}, form: {} })).toEqual([
    'requests.logCall.form: expected one body: there is "json" too',
  ]);
});

test('a path is a path', () => {
  for (const path of ['a?b=1', 'a#b', 'a\\b'])
    expect(withRequest({ path })).toEqual([expect.stringContaining('parameters stand in "query"')]);
  for (const path of ['../a', 'a/./b']) expect(withRequest({ path })).toEqual([expect.stringContaining('".."')]);
  expect(withRequest({ path: '/a/{call.key}.json/' })).toEqual([]);
});

test('headers are visible ASCII', () => {
  expect(withRequest({ headers: { 'x-a': 'ä' } })).toEqual([
    'requests.logCall.headers.x-a: expected visible ASCII and blanks',
  ]);
  expect(withRequest({ headers: { 'x a': 'b' } }).join()).toContain('Invalid key');
});

test.each([
  '<a>{call.key}</a>',
  '<?xml version="1.0"?><!-- a --><a b="{call.key}" c=\'{call.from}>\'>x {call.notes}</a>',
  '<a b="1 > 2">{call.key}</a>',
])('in XML a value has its place: %s', (xml) => {
  expect(withRequest({ method: 'POST', xml })).toEqual([]);
});

test.each([
  '<{call.key}/>',
  '<a {call.key}="b"/>',
  '<a b={call.key}/>',
  '<!-- {call.key} --><a/>',
  '<a><![CDATA[{call.key}]]></a>',
  '<?a {call.key}?><a/>',
])('and none where it could be more than a value: %s', (xml) => {
  expect(withRequest({ method: 'POST', xml })).toEqual([expect.stringContaining('expected placeholders only as text')]);
});

test('what belongs together', () => {
  expect(problemsOf({ calls: { linksAbout: true } })).toEqual([
    'calls.linksAbout: expected a request "link" beside it',
  ]);
  expect(withRequest({}, 'searchByPhone')).toEqual([
    expect.stringMatching(/^modules: expected a module with "phoneFields"/),
  ]);
  const modules = [{ module: 'a', label: 'A', phoneFields: ['b'] }];
  const searchByPhone = { query: { q: '{number.suffix}' }, answer: { matchesItself: true } };
  expect(problemsOf({ modules, requests: { test: {}, searchByPhone } })).toEqual([
    'requests.searchByPhone.answer.matchesItself: expected false: the request asks by the last digits only',
  ]);
  expect(withRequest({ method: 'POST', form: { '...': 'x {call.fields}' } })).toEqual([
    expect.stringContaining('expected a single placeholder whose value has fields'),
  ]);
  expect(withRequest({ answer: { records: 'a..b' } }).join()).toContain('expected keys with dots between them');
});

test('a field with mail addresses needs a search that has a place for it, and tells it', () => {
  const modules = [{ module: 'contact', label: 'Contact', emailField: 'mail' }];
  const withSearch = (search?: object) =>
    problemsOf({ modules, requests: { test: {}, ...(search === undefined ? {} : { search }) } });
  expect(withSearch()).toEqual(['modules.0.emailField: expected a request "search" beside it']);
  expect(withSearch({ query: { city: '{filter.equals.city}' } }).join()).toContain('{filter.equals.mail}');
  for (const query of [
    { m: '{filter.equals.mail}' },
    { '...': '{filter.equals}' },
    { where: '{filter.field}', is: '{filter.value}' },
  ]) {
    expect(withSearch({ query })).toEqual([]);
    expect(withSearch({ query, answer: { fields: { city: 'city' } } }).join()).toContain('among the fields');
    expect(withSearch({ query, answer: { fields: { mail: 'e.mail' } } })).toEqual([]);
  }
});
