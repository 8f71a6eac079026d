import { crmConnection } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { connectionProblems } from '../../src/index.ts';

const problems = (more: object) =>
  connectionProblems(crmConnection.parse({ id: 'crm', name: 'CRM', baseUrl: 'https://crm.example.test', ...more }));

test('a setting that this kind of CRM does not have, by its name', () => {
  expect(problems({ connector: 'suitecrm', settings: { apiPaht: 'legacy/Api' } })).toEqual([
    { path: 'settings', expected: expect.stringContaining('apiPaht') as string },
  ]);
  expect(problems({ connector: 'suitecrm', settings: { apiPath: 7 } })).toMatchObject([{ path: 'settings.apiPath' }]);
  expect(problems({ connector: 'suitecrm', settings: { apiPath: 'legacy/Api' } })).toEqual([]);
});

test('a CRM with log-ins of its own needs a user and a password', () => {
  const paths = problems({ connector: 'vtiger' }).map(({ path }) => path);
  expect(paths).toEqual(['username', 'password']);
  expect(problems({ connector: 'vtiger', username: 'cti', password: 'vtiger-key' })).toEqual([]);
});

test('what an EspoCRM call can be about is a text with commas, as settings are no lists', () => {
  const espo = (parents: unknown) => problems({ connector: 'espocrm', settings: { parents } });
  expect(espo('Account, Case')).toEqual([]);
  expect(espo('Account; Case')).toMatchObject([{ path: 'settings.parents.0' }]);
});

test('a module in which calls are to be looked for, and in which this CRM keeps no numbers', () => {
  const modules = (of: object, ...names: string[]) => problems({ ...of, logging: { modules: names } });
  const sugar = { connector: 'sugarcrm', username: 'cti', password: 'sugar-key' };
  expect(modules(sugar, 'Contacts', 'Leads')).toEqual([]);
  expect(modules(sugar, 'Contacts', 'contact', 'Cases')).toEqual([
    { path: 'logging.modules[1]', expected: 'one of Contacts, Leads, Accounts' },
    { path: 'logging.modules[2]', expected: 'one of Contacts, Leads, Accounts' },
  ]);
  const settings = { withoutAttributes: 'accounts.PhoneNumber' };
  expect(modules({ connector: 'oracle', settings }, 'accounts')).toEqual([
    { path: 'logging.modules[0]', expected: 'one of contacts' },
  ]);
});

test('presence in a CRM that shows none, with the reason, and in one whose users are not known', () => {
  const presence = { enabled: true };
  const without = (expected: string) => [
    { path: 'presence.enabled', expected: expect.stringMatching(`^false: .*${expected}`) as string },
  ];
  expect(problems({ connector: 'hubspot', presence })).toEqual(without('HubSpot'));
  expect(problems({ connector: 'http-json', presence })).toEqual(without('http-json'));
  expect(problems({ connector: 'proprietary', presence, described: { requests: { test: {} } } })).toEqual(
    without('described.requests.setPresence'),
  );
  expect(problems({ connector: 'hubspot', presence: { agents: ['1001'] } })).toEqual([]);
  for (const connector of ['servicenow', 'zendesk']) {
    expect(problems({ connector, presence })).toEqual([
      { path: 'agentSystem', expected: expect.stringContaining('external-system') as string },
    ]);
    expect(problems({ connector, presence, agentSystem: 'users' })).toEqual([]);
  }
});

test('what is shown of an agent is one of four words', () => {
  const refused = (presence: object) =>
    crmConnection
      .safeParse({ id: 'crm', name: 'CRM', connector: 'zendesk', baseUrl: 'https://crm.example.test', presence })
      .error?.issues.map(({ path }) => path.join('.'));
  expect(refused({ states: { acw: 'working' } })).toEqual(['presence.states.acw']);
  expect(refused({ states: { lunch: 'away' } })).toEqual(['presence.states']);
  expect(refused({ pauses: { lunch: 'gone' } })).toEqual(['presence.pauses.lunch']);
  expect(refused({ agents: [] })).toEqual(['presence.agents']);
  expect(refused({ states: { acw: 'busy' }, pauses: { Lunch: 'away' }, words: { away: 'On break' } })).toBeUndefined();
});
