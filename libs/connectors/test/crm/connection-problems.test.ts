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
