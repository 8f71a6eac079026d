import { describe, expect, it } from 'vitest';
import { brokenReferences, dataMapping, emptyTenantConfig, mappedFields, mappedModulesOf } from '../src/index.ts';

const mapping = (modules: object[], id = 'crm') => ({ id, name: 'CRM', connection: 'main', modules });
const issuesOf = (value: unknown): string[] =>
  (dataMapping.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('data mapping', () => {
  it('needs of a record the fields that it shows, those of its title, and the account, each once', () => {
    const fields = [{ field: 'Email', label: 'Mail', kind: 'email' }];
    const [contact] = dataMapping.parse(
      mapping([{ module: 'Contact', title: '{First|} {Last}', fields, account: 'Account' }]),
    ).modules;
    expect(contact && mappedFields(contact)).toEqual(['Email', 'First', 'Last', 'Account']);
  });

  it('is refused with the field that is wrong', () => {
    const field = { field: 'A', label: 'A' };
    expect(issuesOf(mapping([]))).toEqual([expect.stringContaining('modules')]);
    expect(issuesOf(mapping([{ module: 'C', fields: [field, field] }]))).toEqual([
      'modules.0.fields.1.field: expected a field that is not shown already',
    ]);
    expect(issuesOf(mapping([{ module: 'C' }, { module: 'C' }]))).toEqual([
      'modules.1.module: expected a module of its own, not "C" again',
    ]);
    expect(issuesOf(mapping([{ module: 'C', title: '{Last' }]))).toEqual([expect.stringContaining('modules.0.title')]);
    expect(issuesOf(mapping([{ module: 'C', match: [{ field: 'No', item: '{ivr.a b}' }] }]))).toEqual([
      expect.stringContaining('modules.0.match.0.item'),
    ]);
  });

  it('of a connection that is not there is refused', () => {
    const config = {
      ...emptyTenantConfig(),
      'data-mapping': new Map([['crm', dataMapping.parse(mapping([{ module: 'C' }]))]]),
    };
    expect(brokenReferences(config)).toEqual([
      { kind: 'data-mapping', id: 'crm', path: 'connection', expected: 'an existing crm-connection, not "main"' },
    ]);
  });

  it('of a module that two describe is the first by id', () => {
    const [b, a] = [
      mapping([{ module: 'C', label: 'b' }], 'b'),
      mapping([{ module: 'C', label: 'a' }, { module: 'D' }], 'a'),
    ];
    const all = new Map([b, a].map((one) => [one.id, dataMapping.parse(one)]));
    expect(mappedModulesOf(all, 'main').map(({ module, label }) => [module, label])).toEqual([
      ['C', 'a'],
      ['D', undefined],
    ]);
    expect(mappedModulesOf(all, 'other')).toEqual([]);
  });
});
