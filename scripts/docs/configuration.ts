import { type ConfigKind, configKinds, configSchemas } from '@patchcord/contracts';
import { z } from 'zod';
import { page, table } from './markdown.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly const?: string | number | boolean;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: Schema | boolean;
}

/** Every field of every configuration entity. */
export function configurationPage(): string {
  return page(
    'Configuration entities',
    'libs/contracts/src/config',
    'Kept in the key-value bucket, changed by the admin API or by `patchcord config apply FILE`, in force everywhere ' +
      'within a second. An invalid entity is refused with the path of the field, and what was there stays.',
    ...configKinds.map(section),
  );
}

const columns = ['field', 'type', 'default', 'limits'];

function section(kind: ConfigKind): string {
  const schema = z.toJSONSchema(configSchemas[kind], { io: 'input', unrepresentable: 'any' }) as Schema;
  const tables = variants(schema).map((variant) => {
    const title = discriminator(variant);
    return `${title === undefined ? '' : `### ${title}\n\n`}${table(columns, fields(variant, ''))}`;
  });
  return [`## ${kind}`, ...tables].join('\n\n');
}

/** The shapes that something may have; one for what is no union. */
const variants = (schema: Schema): readonly Schema[] => schema.oneOf ?? schema.anyOf ?? [schema];

/** The field by whose value the shapes of a union are told apart, e.g. `kind: basic`. */
function discriminator({ properties = {} }: Schema): string | undefined {
  const found = Object.entries(properties).find(([, { const: value }]) => value !== undefined);
  return found === undefined ? undefined : `${found[0]}: ${String(found[1].const)}`;
}

function fields(schema: Schema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    const row = [`\`${path}\``, typeName(field), required ? '**required**' : defaultOf(field), limits(field)];
    return [row, ...(field.items === undefined ? fields(field, `${path}.`) : itemFields(field.items, path))];
  });
}

function itemFields(items: Schema, path: string): string[][] {
  return variants(items).flatMap((variant) => {
    const which = discriminator(variant);
    const title = which === undefined ? [] : [[`\`${path}[]\` with \`${which}\``, 'object', '', '']];
    return [...title, ...fields(variant, `${path}[].`)];
  });
}

function typeName(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (schema.type === 'array') return `list of ${itemNames(schema.items ?? {})}`;
  if (schema.type === 'object' && schema.properties === undefined) return 'name to value';
  return schema.type ?? 'text';
}

const itemNames = (items: Schema): string =>
  [...new Set(variants(items).map((variant) => (variant.properties ? 'objects' : typeName(variant))))].join(' or ');

const defaultOf = (schema: Schema): string =>
  schema.default === undefined || schema.properties !== undefined ? '' : `\`${JSON.stringify(schema.default)}\``;

function limits(schema: Schema): string {
  const parts = [
    schema.minimum === undefined ? undefined : `at least ${schema.minimum}`,
    schema.maximum === undefined || schema.maximum === Number.MAX_SAFE_INTEGER
      ? undefined
      : `at most ${schema.maximum}`,
    schema.maxLength === undefined ? undefined : `${schema.maxLength} characters`,
    schema.maxItems === undefined ? undefined : `${schema.maxItems} entries`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
