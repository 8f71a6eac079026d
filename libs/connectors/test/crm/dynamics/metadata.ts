import type { Reply } from '../fake-http.ts';
import type { FakeTable } from './tables.ts';

type Tables = Readonly<Record<string, FakeTable>>;

const label = (text: string) => ({ UserLocalizedLabel: { Label: text, LanguageCode: 1033 } });
const missing: Reply = { status: 404, body: { error: { code: '0x80060888', message: 'Could not find an entity' } } };

/** The description of tables. Without `$select` it would be megabytes: it is wanted here. */
export function describe(tables: Tables, [what = '', ...rest]: string[], query: URLSearchParams): Reply {
  if (!query.has('$select')) return { status: 400, body: { error: { code: '0x0', message: 'what?' } } };
  if (what === 'EntityDefinitions') return { body: { value: [...Object.entries(tables).map(definition), nameless] } };
  const [, name = ''] = /^EntityDefinitions\(LogicalName='(\w+)'\)$/.exec(what) ?? [];
  const table = tables[name];
  if (table === undefined) return missing;
  const [part, kind] = rest;
  if (part === undefined) return { body: definition([name, table]) };
  if (part === 'ManyToOneRelationships') return relationships(table, query.get('$filter') ?? '');
  return part === 'Attributes' ? { body: { value: attributes(table, kind) } } : missing;
}

const nameless = { LogicalName: 'aciviewmapper', DisplayName: { UserLocalizedLabel: null }, IsCustomEntity: false };

const definition = ([name, { set, idColumn, nameColumn }]: [string, FakeTable]) => ({
  LogicalName: name,
  EntitySetName: set,
  PrimaryIdAttribute: idColumn,
  PrimaryNameAttribute: nameColumn,
  DisplayName: label(name),
  IsCustomEntity: name.startsWith('new_'),
});

function relationships({ leads }: FakeTable, filter: string): Reply {
  const [, target] = /^ReferencingAttribute eq 'regardingobjectid' and ReferencedEntity eq '(\w+)'$/.exec(filter) ?? [];
  const value = Object.entries(leads)
    .filter(([property, table]) => property.startsWith('regardingobjectid') && table === target)
    .map(([property]) => ({ ReferencingEntityNavigationPropertyName: property }));
  return { body: { value } };
}

function attributes({ columns }: FakeTable, kind: string | undefined): unknown[] {
  if (kind === undefined) return [...columns.map(column), { ...shadow }];
  const [, type] = /^Microsoft\.Dynamics\.CRM\.(String|Memo|Picklist)AttributeMetadata$/.exec(kind) ?? [];
  return columns
    .filter((one) => one.type === type)
    .map(({ name, maxLength, format }) => ({ LogicalName: name, MaxLength: maxLength, Format: format ?? null }));
}

const column = ({ name, type, required, isFixed }: FakeTable['columns'][number]) => ({
  LogicalName: name,
  DisplayName: name === 'modifiedon' ? { UserLocalizedLabel: null } : label(name),
  AttributeType: type,
  AttributeOf: null,
  RequiredLevel: { Value: required === true ? 'ApplicationRequired' : 'None' },
  IsValidForCreate: isFixed !== true,
  IsValidForUpdate: isFixed !== true,
});

/** A column that only tells another's name is none of its own. */
const shadow = { ...column({ name: 'owneridname', type: 'String' }), AttributeOf: 'ownerid' };
