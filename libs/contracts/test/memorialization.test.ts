import { describe, expect, it } from 'vitest';
import {
  brokenReferences,
  type ConfigKind,
  configSchemas,
  dataItems,
  emptyTenantConfig,
  memorialization,
  openItems,
} from '../src/index.ts';

const issuesOf = (more: object): string[] => {
  const { error } = memorialization.safeParse({ id: 'm', name: 'M', connection: 'sf', ...more });
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
};

function problems(entities: Partial<Record<ConfigKind, readonly { readonly id: string }[]>>): string[] {
  const maps = Object.entries(entities).map(([kind, all]) => [
    kind,
    new Map(all.map((one) => [one.id, configSchemas[kind as ConfigKind].parse({ name: one.id, ...one })])),
  ]);
  const config = { ...emptyTenantConfig(), ...Object.fromEntries(maps) };
  return brokenReferences(config).map(({ kind, id, path, expected }) => `${kind}/${id}.${path}: ${expected}`);
}

describe('memorialization - what is refused, and with which remedy', () => {
  it.each([
    ['a row of no item', { fields: [{ field: 'A' }] }, 'timeline.fields.0.item: expected either "item" or "text"'],
    [
      'a row of both',
      { fields: [{ field: 'A', item: 'notes', text: 'x' }] },
      'timeline.fields.0.item: expected either "item" or "text"',
    ],
    ['an item that there is not', { fields: [{ field: 'A', item: 'agent.shoe' }] }, 'there is no "agent.shoe"'],
    ['a text with one', { subject: 'By {agent.shoe}' }, 'there is no "agent.shoe"'],
    [
      'a field twice for one channel',
      {
        fields: [
          { field: 'A', item: 'notes' },
          { field: 'A', item: 'summary', channel: 'voice' },
        ],
      },
      'timeline.fields.1.field: expected a field once: "A" is repeated',
    ],
  ])('%s', (_what, timeline, message) => {
    expect(issuesOf({ timeline }).join('\n')).toContain(message);
  });

  it('a field once for each channel is none of it', () => {
    const fields = [
      { field: 'A', item: 'call.digits', channel: 'voice' },
      { field: 'A', item: 'transcript', channel: 'digital' },
    ];
    expect(issuesOf({ timeline: { fields } })).toEqual([]);
  });

  it('nothing to write, and a module twice', () => {
    expect(issuesOf({ timeline: false })).toEqual(['entities: expected a timeline, or at least one entity']);
    const entity = { module: 'Contact', fields: [{ field: 'A', item: 'notes' }] };
    expect(issuesOf({ entities: [entity, entity] })).toEqual(['entities.1.module: expected "Contact" once']);
  });
});

describe('memorialization - what it names, and who names it', () => {
  const sf = { id: 'sf', connector: 'salesforce', baseUrl: 'https://crm.example' };
  const mapping = (id: string, more: object = {}) => ({ id, connection: 'sf', ...more });

  it('has to be there, and a CRM with fields', () => {
    const json = { ...sf, id: 'json', connector: 'http-json' };
    const all = [mapping('m'), mapping('n', { connection: 'json' })];
    expect(problems({ 'crm-connection': [json], memorialization: all })).toEqual([
      'memorialization/m.connection: an existing crm-connection, not "sf"',
      expect.stringMatching(/^memorialization\/n\.connection: a connection to a CRM with fields: "json" takes whole/),
    ]);
    const campaign = [{ id: 'c', memorialize: ['gone'] }];
    expect(problems({ campaign })).toEqual(['campaign/c.memorialize[0]: an existing memorialization, not "gone"']);
  });

  it('two of a campaign write no timeline of one CRM twice', () => {
    const campaign = [{ id: 'c', memorialize: ['m', 'n'] }];
    const entities = [{ module: 'Contact', fields: [{ field: 'A', item: 'notes' }] }];
    const of = (other: object) =>
      problems({ 'crm-connection': [sf], memorialization: [mapping('m'), mapping('n', other)], campaign });
    expect(of({})).toEqual([
      'campaign/c.memorialize[1]: one timeline in "sf" for each channel: "m" and "n" both write it',
    ]);
    expect(of({ timeline: false, entities })).toEqual([]);
    expect(
      problems({
        'crm-connection': [sf],
        memorialization: [mapping('m', { channels: ['voice'] }), mapping('n', { channels: ['digital'] })],
        campaign,
      }),
    ).toEqual([]);
  });
});

describe('data items', () => {
  it('have a name of their own, and examples of their type', () => {
    const names = [...dataItems, ...openItems].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type, example } of dataItems) {
      const is = Array.isArray(example) ? 'list' : typeof example === 'number' ? 'number' : 'text';
      expect([name, is]).toEqual([name, ['number', 'list'].includes(type) ? type : 'text']);
    }
  });

  it('those whose names others choose have a name after the point', () => {
    const isItem = (item: string): boolean => issuesOf({ timeline: { fields: [{ field: 'A', item }] } }).length === 0;
    expect(['ivr.order', 'form.city', 'form'].map(isItem)).toEqual([true, true, true]);
    expect(['ivr.', 'ivr', 'ivrs.x'].map(isItem)).toEqual([false, false, false]);
  });
});
