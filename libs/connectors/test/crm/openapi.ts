import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { CrmCall } from './fake-http.ts';

/** A vendor's own description of its API. Kept outside of the project: tests that need it are skipped without it. */
export interface Contract {
  /** What is wrong with a request by the description; undefined: no operation of it has this method and path. */
  faultsOf(this: void, call: CrmCall): readonly string[] | undefined;
  /** The answer that it gives as an example. `path` as it is written there. */
  exampleOf(this: void, method: string, path: string, status: string): unknown;
}

const folder = fileURLToPath(new URL('../../../../../shared/contracts/', import.meta.url));

/** Where a description is, below `shared/contracts`; undefined: it is not there. */
export function contractFile(name: string): string | undefined {
  const file = `${folder}${name}`;
  return existsSync(file) ? file : undefined;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Reads an OpenAPI 3 description. `base`: segments of the path before those of the description. */
export function readContract(file: string, base: readonly string[] = []): Contract {
  const description = objectOf(parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }));
  const paths = Object.entries(objectOf(description.paths)).map(([path, methods]) => ({
    segments: [...base, ...path.split('/').filter((part) => part !== '')],
    methods: objectOf(methods),
  }));
  const { check, resolved } = checker(description);
  return {
    faultsOf: (call) => {
      const fitting = paths
        .filter(
          ({ segments, methods }) => fits(segments, call.path) && methods[call.method.toLowerCase()] !== undefined,
        )
        .sort((a, b) => placeholders(a.segments) - placeholders(b.segments));
      const [first] = fitting;
      if (first === undefined) return undefined;
      const operation = objectOf(first.methods[call.method.toLowerCase()]);
      const parameters = [...listOf(first.methods.parameters), ...listOf(operation.parameters)].map(resolved);
      return [...queryFaults(check, parameters, call), ...bodyFaults(check, operation, call)];
    },
    exampleOf: (...[method, path, status]) =>
      ['paths', path, method, 'responses', status, 'content', 'application/json', 'example'].reduce<unknown>(
        (within, name) => objectOf(within)[name],
        description,
      ),
  };
}

const isPlaceholder = (segment: string): boolean => segment.startsWith('{');
const placeholders = (segments: readonly string[]): number => segments.filter(isPlaceholder).length;
const fits = (segments: readonly string[], path: readonly string[]): boolean =>
  segments.length === path.length && segments.every((one, at) => isPlaceholder(one) || one === path[at]);

/** What is wrong with a value by a schema. */
type Check = (schema: unknown, value: unknown, at: string) => readonly string[];

function queryFaults(check: Check, parameters: readonly Json[], { query }: CrmCall): string[] {
  const known = parameters.filter((one) => one.in === 'query');
  const names = known.map(({ name }) => String(name));
  const unknown = [...query.keys()].filter((name) => !names.includes(name)).map((name) => `query ${name}: unknown`);
  const faults = known.flatMap(({ name, required, schema }) => {
    const value = query.get(String(name));
    if (value === null) return required === true ? [`query ${String(name)}: missing`] : [];
    return check(schema, typed(objectOf(schema), value), `query ${String(name)}`);
  });
  return [...unknown, ...faults];
}

/** A parameter is a text; its schema says what it stands for. */
function typed({ type }: Json, value: string): unknown {
  if (type === 'integer' || type === 'number') return value === '' ? value : Number(value);
  if (type === 'boolean') return value === 'true' || (value === 'false' ? false : value);
  return type === 'array' ? value.split(',') : value;
}

function bodyFaults(check: Check, operation: Json, { body, json, headers }: CrmCall): readonly string[] {
  const content = objectOf(objectOf(operation.requestBody).content);
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (body === '') return Object.keys(content).length === 0 ? [] : ['body: missing'];
  const schema = content[type];
  if (schema === undefined) return [`body: ${type} is none of ${Object.keys(content).join(', ') || 'nothing'}`];
  return type === 'application/json' ? check(objectOf(schema).schema, json, 'body') : [];
}

/** What a reference means; nothing is known of one to another file. */
function checker(description: Json): { readonly check: Check; readonly resolved: (given: unknown) => Json } {
  const resolved = (schema: unknown): Json => {
    const { $ref: ref } = objectOf(schema);
    if (typeof ref !== 'string') return objectOf(schema);
    return resolved(
      ref
        .slice(2)
        .split('/')
        .reduce<unknown>((within, name) => objectOf(within)[name], description),
    );
  };
  /** All of its parts as one. */
  const whole = (given: unknown): Json => {
    const schema = resolved(given);
    const parts = [schema, ...listOf(schema.allOf).map(whole)];
    if (parts.length === 1) return schema;
    const properties = parts.map((part) => part.properties).filter(isObject);
    return {
      ...Object.assign({}, ...parts.toReversed()),
      ...(properties.length === 0 ? {} : { properties: Object.assign({}, ...properties) }),
      required: parts.flatMap((part) => listOf(part.required)),
    };
  };
  const check: Check = (given, value, at) => {
    const schema = whole(given);
    const some = [...listOf(schema.oneOf), ...listOf(schema.anyOf)];
    const isNone = some.length > 0 && some.every((one) => check(one, value, at).length > 0);
    return [...(isNone ? [`${at}: none of the alternatives`] : []), ...own(check, schema, value, at)];
  };
  return { check, resolved };
}

function own(check: Check, schema: Json, value: unknown, at: string): readonly string[] {
  const { type, nullable, enum: choices } = schema;
  if (value === null) return nullable === true ? [] : [`${at}: null`];
  if (!isOfType(type, value)) return [`${at}: no ${String(type)}`];
  if (Array.isArray(choices) && !choices.includes(value)) return [`${at}: none of ${choices.join(', ')}`];
  if (Array.isArray(value)) return value.flatMap((one) => check(schema.items, one, `${at}[]`));
  return isObject(value) ? propertyFaults(check, schema, value, at) : [];
}

function propertyFaults(check: Check, schema: Json, value: Json, at: string): readonly string[] {
  const { required, properties, additionalProperties } = schema;
  const missing = listOf(required).filter((name) => !(String(name) in value));
  const known = objectOf(properties);
  const isOpen = properties === undefined || additionalProperties !== undefined;
  const inside = Object.entries(value).flatMap(([name, one]) => {
    if (name in known) return check(known[name], one, `${at}.${name}`);
    if (isObject(additionalProperties)) return check(additionalProperties, one, `${at}.${name}`);
    return isOpen ? [] : [`${at}.${name}: unknown`];
  });
  return [...missing.map((name) => `${at}.${String(name)}: missing`), ...inside];
}

function isOfType(type: unknown, value: unknown): boolean {
  if (type === 'string' || type === 'boolean') return typeof value === type;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return typeof value === 'number';
  if (type === 'array') return Array.isArray(value);
  return type !== 'object' || isObject(value);
}
