import { z } from 'zod';
import type { CrmAnswer, CrmApi, CrmField, CrmRecord, FailureMeaning, FieldType } from '../crm/port.ts';
import type { CrmRequest } from '../crm/request.ts';
import { textOf } from '../crm/values.ts';
import { resourceOf } from './resources.ts';
import { path, type Settings } from './settings.ts';

export const item = z.record(z.string(), z.unknown());
export type Item = z.infer<typeof item>;
export const items = z.object({ items: z.array(item), hasMore: z.boolean().default(false) });

/** A request at a resource, in the version of the framework that its queries are written for. */
export const ask = (
  api: CrmApi<Settings>,
  place: readonly string[],
  { headers, ...request }: Omit<CrmRequest, 'path'>,
): Promise<CrmAnswer> =>
  api.ask({
    ...request,
    path: path(api.settings, ...place),
    headers: { ...headers, 'rest-framework-version': String(api.settings.frameworkVersion) },
  });

export function recordOf(module: string, fields: Item): CrmRecord {
  const { number, name } = resourceOf(module);
  const id = textOf(fields[number]);
  const said = name.map((one) => textOf(fields[one])).filter((part) => part !== '');
  const modifiedAt = fields.LastUpdateDate;
  return { module, id, name: said.join(' ') || id, fields, ...(typeof modifiedAt === 'string' ? { modifiedAt } : {}) };
}

const described = z.looseObject({
  name: z.string(),
  type: z.string().default(''),
  title: z.string().optional(),
  mandatory: z.boolean().default(false),
  updatable: z.boolean().default(false),
  maxLength: z.union([z.number(), z.string()]).nullish(),
});
const description = z.object({
  Resources: z.record(z.string(), z.looseObject({ attributes: z.array(described) })),
});

export const attributesOf = (json: unknown, module: string): CrmField[] =>
  (description.parse(json).Resources[module]?.attributes ?? []).map(fieldOf);

const types: Readonly<Record<string, FieldType>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
};

function fieldOf({ name, type, title, mandatory, updatable, maxLength }: z.infer<typeof described>): CrmField {
  const most = Number(maxLength ?? 0);
  return {
    name,
    label: title ?? name,
    type: /(Phone|Mobile)Number$/.test(name) ? 'phone' : (types[type] ?? 'other'),
    required: mandatory,
    writable: updatable,
    ...(Number.isInteger(most) && most > 0 ? { maxLength: most } : {}),
  };
}

/** What an answer means that its status alone does not tell. Bodies of errors are JSON, or a text and nothing else. */
export function failureOf({ status, json, text }: CrmAnswer): FailureMeaning | undefined {
  if (status < 300) return json === undefined && text !== '' ? strange : undefined;
  if (status === 401) return credentialsRefused;
  if (changedMeanwhile.test(text) || status === 412)
    return {
      class: 'transient',
      code: 'crm_locked',
      message: 'somebody else is changing the record in Oracle just now',
    };
  if (status < 400 || status === 408 || status === 429 || status >= 500) return undefined;
  const remedy = status === 403 ? ': give the user of the connection a role that may do this' : '';
  return {
    class: 'permanent',
    code: status === 403 ? 'crm_forbidden' : 'crm_refused',
    message: `Oracle refused it: ${reasonOf(text) ?? `status ${status}`}${remedy}`,
  };
}

/** The framework's own code for a row that another transaction changed. */
const changedMeanwhile = /JBO-25014\b/;

const credentialsRefused: FailureMeaning = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message: 'Oracle refused the credentials: they are wrong, or the user is locked',
};
/** The page to sign in at comes with status 200. */
const strange: FailureMeaning = {
  class: 'transient',
  code: 'crm_answer',
  message:
    'the answer is none of the REST API of Oracle: check the base URL, apiPath, and that the pod is not in maintenance',
};

/** The framework's code, and the attribute that it is about: its texts may quote values of records. */
function reasonOf(text: string): string | undefined {
  const [code] = /\b(JBO|FND|ZCA|MOO|ORA|SVC|ZMM)-\d{4,6}\b/.exec(text) ?? [];
  const [, attribute] = /\battribute "?([A-Z]\w{1,60})/i.exec(text) ?? [];
  const said = [code, attribute === undefined ? undefined : `attribute ${attribute}`].filter(
    (one) => one !== undefined,
  );
  return said.length === 0 ? undefined : said.join(', ');
}
