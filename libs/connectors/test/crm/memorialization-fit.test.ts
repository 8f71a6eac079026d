import { crmConnection, memorialization } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { memorializationFitProblems } from '../../src/index.ts';
import { houseCrm } from './proprietary/described.ts';

const connection = (connector: string, more: object = {}) =>
  crmConnection.parse({ id: 'c', name: 'C', connector, baseUrl: 'https://crm.example', ...more });
const entity = (module: string) => ({ module, fields: [{ field: 'city', item: 'notes' }] });
const problems = (more: object, of: ReturnType<typeof connection>) =>
  memorializationFitProblems(memorialization.parse({ id: 'm', name: 'M', connection: 'c', ...more }), of);

test('what a described CRM cannot do is said with the place and the remedy', () => {
  const of = connection('proprietary', { described: { requests: { test: {} } } });
  expect(problems({ entities: [entity('contact')] }, of)).toEqual([
    { path: 'timeline', expected: expect.stringMatching(/^false: .+ logs no calls\. ./) },
    { path: 'entities', expected: expect.stringMatching(/^none: .+ changes no records\. ./) },
  ]);
});

test('modules are known of a described CRM, and not of others', () => {
  const described = connection('proprietary', { described: houseCrm });
  expect(problems({ entities: [entity('contact')] }, described)).toEqual([]);
  expect(problems({ entities: [entity('contact'), entity('ship')] }, described)).toEqual([
    { path: 'entities[1].module', expected: expect.stringContaining('contact') },
  ]);
  expect(problems({ entities: [entity('Anything__c')] }, connection('salesforce'))).toEqual([]);
});
