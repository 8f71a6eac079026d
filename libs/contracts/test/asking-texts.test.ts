import { expect, test } from 'vitest';
import { askedInputs, brokenReferences, emptyTenantConfig, identification, routingRule } from '../src/index.ts';

const rule = { id: 'r', name: 'R', fieldName: 'tier', default: { type: 'hangup' } };
const node = {
  id: 'n',
  name: 'N',
  kind: 'true-false',
  onSuccess: { type: 'hangup' },
  onFailure: { type: 'hangup' },
};

/** What is said of the same texts in a rule and in an identification. */
function problemsOf(url: string, headers: Record<string, string> = {}): string[] {
  const config = {
    ...emptyTenantConfig(),
    'routing-rule': new Map([['r', routingRule.parse({ ...rule, url, headers })]]),
    identification: new Map([['n', identification.parse({ ...node, url, headers })]]),
  };
  const said = brokenReferences(config).map(({ kind, path, expected }) => ({ kind, text: `${path}: ${expected}` }));
  const of = (wanted: string): string[] => said.filter(({ kind }) => kind === wanted).map(({ text }) => text);
  expect(of('identification')).toEqual(of('routing-rule'));
  return of('routing-rule');
}

const all =
  '{call.id}, {call.from}, {call.from.number}, {call.from.national}, {call.from.kind}, {call.ani}, {call.to}, ' +
  '{call.to.number}, {call.to.national}, {call.to.kind}, {call.dnis}, {call.did}, {call.digits}';

test('asking texts - what is not known while a caller waits is refused, with what is', () => {
  const expected = (name: string): string => `no {${name}}: while a caller waits there are ${all}`;
  expect(problemsOf('https://crm.example/{ivr.email}', { 'X-R': 'a {app.inputReader.reference}' })).toEqual([
    `url: ${expected('ivr.email')}`,
    `headers.X-R: ${expected('app.inputReader.reference')}`,
  ]);
  expect(problemsOf('https://crm.example/{call.form|x}')).toEqual([`url: ${expected('call.form')}`]);
});

test.each([
  ['https://{call.from}.crm.example/', /^url: no placeholder in the host/],
  ['https://crm.example:{call.digits}/', /^url: /],
  ['https://{call.from}@crm.example/', /^url: no placeholders in a URL with a user/],
  ['https://ann:pw@crm.example/{call.from}', /^url: no placeholders in a URL with a user/],
])('asking texts - %s: a caller chooses neither whom we ask nor as whom', (url, message) => {
  // Not even a URL, for some.
  const isUrl = routingRule.safeParse({ ...rule, url }).success;
  if (isUrl) expect(problemsOf(url)).toEqual([expect.stringMatching(message)]);
  else expect(url).toContain(':{');
});

test.each([
  ['https://crm.example/{call.from}/{call.id}?to={call.to|none}', { X: '{call.digits}' }],
  ['https://crm.example/?x={1}&y={{ivr.email}}&z={contact.name}', { X: '{"a":{}}' }],
  ['https://ann:pw@crm.example/', {}],
])('asking texts - %s: fits', (url, headers) => {
  expect(problemsOf(url, headers)).toEqual([]);
});

test('asking texts - what a question tells is known, so that answers are kept for the right caller', () => {
  const url = 'https://crm.example/{call.from.number}';
  expect([...askedInputs({ url, headers: { X: '{call.did}', Y: '{call.id}' } })]).toEqual(['ani', 'dnis', 'callId']);
  expect([...askedInputs({ url: 'https://crm.example/{1}', headers: {} })]).toEqual([]);
});
