import { crmKinds } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { crmConnectors } from '../../src/index.ts';

test('every CRM stands under its own name', () => {
  for (const [name, connector] of Object.entries(crmConnectors)) expect(connector.name).toBe(name);
});

test('a connection can be of each kind, and of no other', () => {
  expect(Object.keys(crmConnectors).toSorted()).toEqual(crmKinds.filter((kind) => kind !== 'http-json').toSorted());
});

test('standard modules are told apart, and what is mandatory is among what is made', () => {
  for (const { modules, title } of Object.values(crmConnectors)) {
    const labels = modules.map(({ label }) => label);
    expect([title, new Set(labels).size]).toEqual([title, labels.length]);
    for (const { mandatory, createFields } of modules)
      expect(createFields).toEqual(expect.arrayContaining([...mandatory]));
  }
});
