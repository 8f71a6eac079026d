import { z } from 'zod';
import type { CrmApi, CrmField, CrmModule, FieldType } from '../crm/port.ts';
import { path, type Settings } from './settings.ts';
import { definitionOf } from './tables.ts';

const label = z
  .looseObject({ UserLocalizedLabel: z.looseObject({ Label: z.string() }).nullish() })
  .nullish()
  .transform((one) => one?.UserLocalizedLabel?.Label);

const tables = z.object({
  value: z.array(
    z.looseObject({ LogicalName: z.string(), DisplayName: label, IsCustomEntity: z.boolean().default(false) }),
  ),
});

/** Tables that people have no name for are the machinery's own. */
export async function listModules(api: CrmApi<Settings>): Promise<readonly CrmModule[]> {
  const query = { $select: 'LogicalName,DisplayName,IsCustomEntity' };
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'EntityDefinitions'), query });
  return tables
    .parse(json)
    .value.flatMap(({ LogicalName, DisplayName, IsCustomEntity }) =>
      DisplayName === undefined
        ? []
        : [{ name: LogicalName, label: DisplayName, ...(IsCustomEntity ? { isCustom: true } : {}) }],
    );
}

const columns = z.object({
  value: z.array(
    z.looseObject({
      LogicalName: z.string(),
      DisplayName: label,
      AttributeType: z.string(),
      AttributeOf: z.string().nullish(),
      RequiredLevel: z.looseObject({ Value: z.string() }).optional(),
      IsValidForCreate: z.boolean().default(false),
      IsValidForUpdate: z.boolean().default(false),
    }),
  ),
});

const lengths = z.object({
  value: z.array(
    z.looseObject({ LogicalName: z.string(), MaxLength: z.number().nullish(), Format: z.string().nullish() }),
  ),
});

const choices = z.object({
  value: z.array(
    z.looseObject({
      LogicalName: z.string(),
      OptionSet: z.looseObject({ Options: z.array(z.looseObject({ Value: z.number(), Label: label })) }).nullish(),
    }),
  ),
});

/** Lengths and choices are told by kind of column only: four requests. */
export async function listFields(api: CrmApi<Settings>, module: string): Promise<readonly CrmField[]> {
  const ask = async (kind: readonly string[], query: Record<string, string>): Promise<unknown> => {
    const asked = path(api.settings, definitionOf(module), 'Attributes', ...kind);
    return (await api.ask({ method: 'GET', path: asked, query })).json;
  };
  const cast = (kind: string) => [`Microsoft.Dynamics.CRM.${kind}AttributeMetadata`];
  const about = 'LogicalName,DisplayName,AttributeType,AttributeOf,RequiredLevel,IsValidForCreate,IsValidForUpdate';
  const [all, strings, memos, picklists] = await Promise.all([
    ask([], { $select: about }),
    ask(cast('String'), { $select: 'LogicalName,MaxLength,Format' }),
    ask(cast('Memo'), { $select: 'LogicalName,MaxLength' }),
    ask(cast('Picklist'), { $select: 'LogicalName', $expand: 'OptionSet($select=Options)' }),
  ]);
  const texts = [...lengths.parse(strings).value, ...lengths.parse(memos).value];
  const lists = choices.parse(picklists).value;
  return columns.parse(all).value.flatMap((column) => {
    const { LogicalName: name } = column;
    if (typeof column.AttributeOf === 'string') return [];
    const text = texts.find((one) => one.LogicalName === name);
    const options = lists.find((one) => one.LogicalName === name)?.OptionSet?.Options ?? [];
    return [fieldOf(column, text, options)];
  });
}

function fieldOf(
  column: z.infer<typeof columns>['value'][number],
  text: z.infer<typeof lengths>['value'][number] | undefined,
  options: readonly { readonly Value: number; readonly Label: string | undefined }[],
): CrmField {
  const { LogicalName: name, AttributeType, IsValidForCreate, IsValidForUpdate } = column;
  const maxLength = text?.MaxLength ?? undefined;
  return {
    name,
    label: column.DisplayName ?? name,
    type: formats[text?.Format ?? ''] ?? types[AttributeType] ?? 'other',
    required: column.RequiredLevel?.Value === 'ApplicationRequired' && IsValidForCreate,
    writable: IsValidForCreate || IsValidForUpdate,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(options.length === 0
      ? {}
      : { choices: options.map(({ Value, Label = String(Value) }) => ({ value: String(Value), label: Label })) }),
  };
}

const formats: Readonly<Record<string, FieldType>> = { Phone: 'phone', Email: 'email', Url: 'url' };

const types: Readonly<Record<string, FieldType>> = {
  String: 'text',
  Memo: 'text',
  Integer: 'number',
  BigInt: 'number',
  Decimal: 'number',
  Double: 'number',
  Money: 'number',
  Boolean: 'boolean',
  DateTime: 'datetime',
  Picklist: 'choice',
  State: 'choice',
  Status: 'choice',
  Lookup: 'reference',
  Customer: 'reference',
  Owner: 'reference',
  Uniqueidentifier: 'reference',
};
