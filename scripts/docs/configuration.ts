import { type ConfigKind, configKinds, configSchemas } from '@patchcord/contracts';
import { z } from 'zod';
import { page, table } from './markdown.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
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

function section(kind: ConfigKind): string {
  const schema = z.toJSONSchema(configSchemas[kind], { io: 'input', unrepresentable: 'any' }) as Schema;
  return `## ${kind}\n\n${table(['field', 'type', 'default', 'limits'], fields(schema, ''))}`;
}

function fields(schema: Schema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    const row = [`\`${path}\``, typeName(field), required ? '**required**' : defaultOf(field), limits(field)];
    const inner = field.items?.properties ? fields(field.items, `${path}[].`) : fields(field, `${path}.`);
    return [row, ...inner];
  });
}

function typeName(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (schema.type === 'array') return `list of ${schema.items?.properties ? 'objects' : typeName(schema.items ?? {})}`;
  if (schema.type === 'object' && schema.properties === undefined) return 'name to value';
  return schema.type ?? 'text';
}

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
