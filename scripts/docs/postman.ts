import { createHash } from 'node:crypto';
import { convertV2 } from 'openapi-to-postmanv2';
import { type OpenApi, operationsOf, type ServiceApi } from './openapi-document.ts';

/** A Postman collection 2.1, as far as it is looked into here. */
export interface PostmanCollection {
  readonly info: Readonly<Record<string, string>>;
  readonly auth: unknown;
  readonly variable: readonly { readonly key: string; readonly value: string }[];
  readonly item: readonly PostmanItem[];
}

/** A folder with items, or a request. */
export interface PostmanItem {
  readonly id?: string;
  readonly name: string;
  readonly item?: readonly PostmanItem[];
  readonly request?: PostmanRequest;
  readonly [more: string]: unknown;
}

interface PostmanRequest {
  readonly method: string;
  readonly url: {
    readonly host: readonly string[];
    readonly path: readonly string[];
    readonly [more: string]: unknown;
  };
  readonly auth?: unknown;
  readonly [more: string]: unknown;
}

/** One collection for all services: a folder for each, with its address and the API token as variables. */
export async function postmanCollection(apis: readonly ServiceApi[]): Promise<PostmanCollection> {
  const folders = await Promise.all(apis.filter(({ api }) => operationsOf(api).length > 0).map(folderOf));
  return {
    info: {
      _postman_id: idOf('collection'),
      name: 'Patchcord',
      description: 'Every operation of every service. Set the variable `token` to an API token of your tenant.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      ...apis.map(({ service, port }) => ({ key: urlVariable(service), value: `http://127.0.0.1:${port}` })),
      { key: 'token', value: '' },
      ...idVariables(folders).map((key) => ({ key, value: '' })),
    ],
    item: folders,
  };
}

const idVariables = (items: readonly PostmanItem[]): string[] => {
  const paths = JSON.stringify(items).matchAll(/"path":\[[^\]]*\]|"value":"\{\{\w+\}\}"/g);
  return [
    ...new Set([...paths].flatMap(([path]) => [...path.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name))),
  ];
};

/** `sessionStoreUrl` */
const urlVariable = (service: string): string =>
  `${service.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Url`;

async function folderOf(one: ServiceApi): Promise<PostmanItem> {
  const items = await convert(one.api);
  return { id: idOf(one.service), name: one.service, item: items.map((item) => ownItem(one, item)) };
}

const options = {
  folderStrategy: 'Tags',
  parametersResolution: 'Schema',
  enableOptionalParameters: false,
  includeAuthInfoInExample: false,
  alwaysInheritAuthentication: true,
} as const;

function convert(api: OpenApi): Promise<readonly PostmanItem[]> {
  return new Promise((resolve, reject) => {
    convertV2({ type: 'json', data: settled(api) as object }, options, (error, converted) => {
      const collection = converted?.output?.[0]?.data as { item?: readonly PostmanItem[] } | undefined;
      if (collection?.item !== undefined) return resolve(collection.item);
      reject(error ?? new Error(`no Postman collection came of "${api.info.title}": ${converted?.reason}`));
    });
  });
}

/**
 * The converter draws lots where it may choose: a text for each pattern, a value of each enum, a form of each union, the
 * keys of what has any keys, all of what may be anything.
 */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (schemaKeys.includes(key) && isRecord(inner)) return [key, settledSchema(inner)];
      if (schemaListKeys.includes(key) && Array.isArray(inner)) return [key, inner.map(settledSchema)];
      if (schemaMapKeys.includes(key) && isRecord(inner)) return [key, mapped(inner, settledSchema)];
      return [key, settled(inner)];
    }),
  );
}

type JsonRecord = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const mapped = (record: JsonRecord, change: (value: unknown) => unknown): JsonRecord =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/** Where schemas stand in a document and in each other. */
const schemaKeys = ['schema', 'items', 'additionalProperties', 'propertyNames', 'not'];
const schemaListKeys = ['anyOf', 'oneOf', 'allOf'];
const schemaMapKeys = ['properties', 'schemas'];
/** Without one of these a schema takes anything. */
const tellingKeys = ['$ref', 'type', 'const', 'enum', ...schemaListKeys];

function settledSchema(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  const { pattern: _pattern, ...kept } = schema;
  const example = exampleOf(kept);
  const own = example === undefined || 'default' in kept ? kept : { ...kept, default: example };
  const forms = ['anyOf', 'oneOf'].flatMap((key) => {
    const given = own[key];
    return Array.isArray(given) ? [[key, given.slice(0, 1)]] : [];
  });
  return settled({ ...own, ...Object.fromEntries(forms) });
}

/** The value that stands for a schema: its own example, or that of one which leaves it open; undefined: the converter writes `<string>` and the like. */
function exampleOf(schema: JsonRecord): unknown {
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0];
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const isOpen = !tellingKeys.some((key) => key in schema);
  const isMap = schema.type === 'object' && schema.properties === undefined;
  return isOpen || isMap ? {} : undefined;
}

/** With our variable as its address and an id that stays; without the answers, which the OpenAPI document describes. */
function ownItem(one: ServiceApi, item: PostmanItem, folder = ''): PostmanItem {
  const path = `${folder}/${item.name}`;
  const inner = item.item?.map((each) => ownItem(one, each, path));
  if (item.request === undefined) return { id: idOf(`${one.service} ${path}`), name: item.name, item: inner ?? [] };
  const { request } = item;
  const { method, url } = request;
  const place = placeOf(url.path);
  const operation = operationsOf(one.api).find((each) => each.method === method && each.path === place);
  const { auth: _auth, ...kept } = request;
  return {
    id: idOf(`${one.service} ${method} ${place}`),
    name: item.name,
    request: {
      ...kept,
      url: { ...url, ...pathVariables(url.variable), host: [`{{${urlVariable(one.service)}}}`] },
      ...(operation?.needsToken === false ? { auth: { type: 'noauth' } } : {}),
    },
    response: [],
    ...remembering(place, method),
  };
}

/**
 * What stands in a path is a variable of the collection, so that it is set once for all requests. But not the token of a
 * link: the variable of that name is the API token, which belongs into no address.
 */
function pathVariables(given: unknown): { variable?: readonly unknown[] } {
  if (!Array.isArray(given)) return {};
  return {
    variable: given.map((one: unknown) =>
      isRecord(one) && one.value === '<string>' && one.key !== 'token'
        ? { ...one, value: `{{${String(one.key)}}}` }
        : one,
    ),
  };
}

/** Lists of calls: the first one is the call of the requests that follow. */
const firstCall: Readonly<Record<string, string>> = {
  'GET /v1/calls': 'calls?.[0]?.callId',
  'GET /api/v2/calls/reporting': 'items?.[0]?.id',
};

function remembering(place: string, method: string): { event?: readonly unknown[] } {
  const path = firstCall[`${method} ${place}`];
  if (path === undefined) return {};
  const exec = [`const id = pm.response.json().${path};`, "if (id) pm.collectionVariables.set('callId', id);"];
  return { event: [{ listen: 'test', script: { type: 'text/javascript', exec } }] };
}

/** The path as OpenAPI writes it. A part such as `{id}:replay` is none of Postman's, so its id is a variable there. */
export const placeOf = (path: readonly string[]): string =>
  `/${path.map((part) => part.replace(/^:(.+)$/, '{$1}').replace(/\{\{(.+?)\}\}/g, '{$1}')).join('/')}`;

/** A UUID that is the same for the same text. */
const idOf = (text: string): string =>
  createHash('sha256')
    .update(`patchcord ${text}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
