import { crmConnection, crmKinds } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { abilities, aboutConnection, allCrmKinds, crmConnectors } from '../../src/index.ts';

const kindOf = (name: string) => allCrmKinds().find(({ kind }) => kind === name);

test('every kind is told of once: by what one gets in, what it can and cannot', () => {
  const kinds = allCrmKinds();
  expect(kinds.map(({ kind }) => kind)).toEqual([...crmKinds]);
  for (const { kind, can, cannot, signIn } of kinds) {
    expect([kind, [...can, ...Object.keys(cannot)].toSorted()]).toEqual([kind, [...abilities].toSorted()]);
    expect([kind, signIn.hint.length > 20 || kind === 'http-json']).toEqual([kind, true]);
  }
});

test('every kind that can be told anything tells of its settings', () => {
  for (const { name, settingsSchema, signIn } of Object.values(crmConnectors)) {
    expect([name, signIn !== undefined]).toEqual([name, true]);
    expect([name, settingsSchema !== undefined || name.startsWith('proprietary')]).toEqual([name, true]);
  }
});

test('every setting can be given: a connection takes texts, numbers, yes and no', () => {
  const types = allCrmKinds().flatMap(({ kind, settings }) => settings.map(({ name, type }) => [kind, name, type]));
  const takes = ['string', 'choice', 'number', 'integer', 'boolean'];
  expect(types.filter(([, , type]) => !takes.includes(type ?? ''))).toEqual([]);
});

test('a setting is told with its type, its default, its choices and the remedy', () => {
  expect(kindOf('salesforce')?.settings).toContainEqual({
    name: 'callKeyField',
    type: 'string',
    required: false,
    expected: 'expected the API name of a field, such as CTI_Call_Id__c',
  });
  expect(kindOf('odoo')?.settings).toContainEqual({
    name: 'log',
    type: 'choice',
    required: false,
    choices: ['message', 'activity'],
    default: 'message',
    expected: 'expected message or activity',
  });
  expect(kindOf('bullhorn')?.settings[0]).toEqual({
    name: 'clientId',
    type: 'string',
    required: true,
    expected: 'expected the client id of the API key',
  });
});

test('what a connection can is as its settings have it', () => {
  const connection = crmConnection.parse({
    id: 'c',
    name: 'C',
    connector: 'http-json',
    baseUrl: 'https://crm.example',
  });
  expect(aboutConnection(connection)).toMatchObject({ kind: 'http-json', can: ['log-call', 'update-call'] });
  expect(aboutConnection({ ...connection, connector: 'vtiger' })).toMatchObject({ kind: 'vtiger', title: 'Vtiger' });
});
