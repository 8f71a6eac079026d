import { expect, test } from 'vitest';
import { brokenReferences, emptyTenantConfig, eventIssues, routingRule } from '../src/index.ts';

const destination = { type: 'queue', target: 'gold' };
const parse = (...rows: { operator: string; value?: string }[]) =>
  routingRule.safeParse({
    id: 'level',
    name: 'Level',
    url: 'https://crm.example.com/lookup',
    fieldName: 'level',
    rows: rows.map((row) => ({ ...row, destination })),
    default: destination,
  });

test.each([
  { operator: '=', value: 'GOLD' },
  { operator: '=', value: '' },
  { operator: '<', value: '10' },
  { operator: '>=', value: ' -3.50 ' },
  { operator: 'regex', value: '(?i)^gold|silver$' },
  { operator: 'contains', value: 'gold' },
  { operator: 'set' },
  { operator: 'not-set' },
])('routing rule - takes the row %j', (row) => {
  expect(parse(row).success).toBe(true);
});

test.each([
  { row: { operator: '<', value: 'GOLD' }, message: /expected a number/ },
  { row: { operator: '>=' }, message: /expected a number/ },
  { row: { operator: 'regex', value: '[' }, message: /RE2.*missing closing/ },
  { row: { operator: 'regex', value: '(?=a)' }, message: /no look-around/ },
  { row: { operator: 'regex' }, message: /expected a pattern/ },
  { row: { operator: 'contains', value: ' ' }, message: /expected a text/ },
  { row: { operator: 'starts-with' }, message: /expected a text/ },
])('refuses the row $row, which could never match, by its path', ({ row, message }) => {
  const { error } = parse({ operator: '=', value: 'x' }, row);
  expect(error && eventIssues(error)).toEqual([{ path: 'rows[1].value', message: expect.stringMatching(message) }]);
});

const rule = { id: 'level', name: 'Level', url: 'https://crm.example.com', fieldName: 'level', default: destination };
const prompt = { prompt: 'enter-number' };

test('routing rule - one that was stored before its newer fields stays valid, and means what it did', () => {
  const parsed = routingRule.parse(rule);
  expect(parsed).toMatchObject({ cacheSeconds: 0, send: 'full', default: { voicemail: 'not-set' } });
  expect(parsed.prefetch.enabled).toBe(false);
  expect(parsed).not.toHaveProperty('location');
  expect(parsed).not.toHaveProperty('authentication');
});

test.each([
  [{ location: { type: 'did', dids: [] } }, 'location.dids', /at least one number/],
  [{ location: { type: 'did', dids: ['front desk'] } }, 'location.dids[0]', /telephone number/],
  [{ greeting: prompt }, 'greeting', /location.type "ivr"/],
  [{ location: { type: 'did', dids: ['1'] }, greeting: prompt }, 'greeting', /location.type "ivr"/],
  [{ location: { type: 'ivr' }, greeting: { prompt: '' } }, 'greeting.prompt', /name of a recording/],
  [{ default: { type: 'hangup', voicemail: 'yes' } }, 'default.voicemail', /expected "no" or "not-set"/],
  [{ default: { ...destination, voicemail: 'perhaps' } }, 'default.voicemail', /"yes"\|"no"\|"not-set"/],
  [{ cacheSeconds: -1 }, 'cacheSeconds', />=0/],
  [{ prefetch: { enabled: true } }, 'prefetch.enabled', /location.type "did"/],
  [{ prefetch: { enabled: true }, location: { type: 'ivr' } }, 'prefetch.enabled', /location.type "did"/],
  [{ prefetch: { keepMs: 0 } }, 'prefetch.keepMs', />=1000/],
  [{ budgetMs: 10_001 }, 'budgetMs', /<=10000/],
  [{ headers: { 'a b': 'c' } }, 'headers.a b', /./],
])('refuses the rule with %j by the name of the field', (more, path, message) => {
  const { error } = routingRule.safeParse({ ...rule, ...more });
  expect(error && eventIssues(error)).toEqual([{ path, message: expect.stringMatching(message) }]);
});

function problemsOf(...rules: object[]): string[] {
  const parsed = rules.map((more, at) => routingRule.parse({ ...rule, id: `r${at}`, ...more }));
  const config = { ...emptyTenantConfig(), 'routing-rule': new Map(parsed.map((one) => [one.id, one])) };
  return brokenReferences(config).map(({ id, path, expected }) => `${id}.${path}: expected ${expected}`);
}

test.each([
  [{ url: 'http://crm.example.com' }, /^r0.url: expected an https:.*egress.allowHttp/],
  [{ authentication: 'nosuch' }, /^r0.authentication: expected an existing site-authentication/],
  [{ default: { type: 'queue' } }, /^r0.default.target: expected the name or number of the queue/],
  [{ on: { error: { type: 'play-recording' } } }, /^r0.on.error.target: expected the name of the recording/],
  [
    { rows: [{ operator: 'set', destination: { type: 'ivr', target: ' ' } }] },
    /^r0.rows\[0\].destination.target: expected the name or number of the IVR/,
  ],
])('refuses to store the rule with %j, with the remedy', (more, message) => {
  expect(problemsOf(more)).toEqual([expect.stringMatching(message)]);
});

test('routing rule - plain http where it is allowed, and a call that is hung up, are no problems', () => {
  expect(problemsOf({ url: 'http://10.0.0.5/', egress: { allowHttp: true }, default: { type: 'hangup' } })).toEqual([]);
});

test('refuses a DID that another rule has, however it is written', () => {
  const did = (...dids: string[]) => ({ location: { type: 'did', dids } });
  expect(problemsOf(did('+1 202 555 0100', '+12025550101'), did('12025550100'))).toEqual([
    'r1.location.dids[0]: expected a value that routing-rule "r0" does not have already',
  ]);
});

test.each([
  [{ url: undefined }, 'url', /expected either "url".* or "crm"/],
  [{ crm: { connection: 'suite' } }, 'url', /expected either "url".* or "crm"/],
  [
    { url: undefined, crm: { connection: 'suite' }, authentication: 'a' },
    'authentication',
    /the connection .* its own/,
  ],
  [{ url: undefined, crm: { connection: 'suite', dtmfField: 'code' } }, 'crm.module', /expected the module/],
  [
    { url: undefined, crm: { connection: 'suite' }, location: { type: 'ivr' }, greeting: { prompt: 'enter' } },
    'crm.dtmfField',
    /expected the field that the digits/,
  ],
])('refuses a rule of a CRM that is connected with %j, and names %s', (more, path, message) => {
  const { error } = routingRule.safeParse({ ...rule, ...more });
  const found = error?.issues.map((issue) => [issue.path.join('.'), issue.message]);
  expect(found).toEqual([[path, expect.stringMatching(message)]]);
});

test('refuses a rule whose CRM is not connected', () => {
  expect(problemsOf({ url: undefined, crm: { connection: 'nosuch' } })).toEqual([
    'r0.crm.connection: expected an existing crm-connection, not "nosuch"',
  ]);
});
