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
    ],
    item: await Promise.all(apis.filter(({ api }) => operationsOf(api).length > 0).map(folderOf)),
  };
}

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
    convertV2({ type: 'json', data: plain(api) }, options, (error, converted) => {
      const collection = converted?.output?.[0]?.data as { item?: readonly PostmanItem[] } | undefined;
      if (collection?.item !== undefined) return resolve(collection.item);
      reject(error ?? new Error(`no Postman collection came of "${api.info.title}": ${converted?.reason}`));
    });
  });
}

/** The converter draws lots where it may choose: a text for each pattern, a value of each enum, a form of each union. */
const plain = (api: OpenApi): object => settled(api) as object;

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  const { pattern, ...rest } = value as Readonly<Record<string, unknown>>;
  const kept = typeof pattern === 'string' ? rest : value;
  const { enum: choices, default: given, anyOf, oneOf } = kept as Readonly<Record<string, unknown>>;
  const first = Array.isArray(choices) && given === undefined ? { default: choices[0] } : {};
  const one = { ...firstOf('anyOf', anyOf), ...firstOf('oneOf', oneOf) };
  const all = Object.entries({ ...kept, ...one, ...first });
  return Object.fromEntries(all.map(([key, inner]) => [key, settled(inner)]));
}

const firstOf = (key: string, forms: unknown): object => (Array.isArray(forms) ? { [key]: forms.slice(0, 1) } : {});

/** With our variable as its address and an id that stays; without the answers, which the OpenAPI document describes. */
function ownItem(one: ServiceApi, item: PostmanItem, folder = ''): PostmanItem {
  const path = `${folder}/${item.name}`;
  const inner = item.item?.map((each) => ownItem(one, each, path));
  if (item.request === undefined) return { id: idOf(`${one.service} ${path}`), name: item.name, item: inner ?? [] };
  const { request } = item;
  const { method, url } = request;
  const place = `/${url.path.map((part) => part.replace(/^:(.+)$/, '{$1}')).join('/')}`;
  const operation = operationsOf(one.api).find((each) => each.method === method && each.path === place);
  const { auth: _auth, ...kept } = request;
  return {
    id: idOf(`${one.service} ${method} ${place}`),
    name: item.name,
    request: {
      ...kept,
      url: { ...url, host: [`{{${urlVariable(one.service)}}}`] },
      ...(operation?.needsToken === false ? { auth: { type: 'noauth' } } : {}),
    },
    response: [],
  };
}

/** A UUID that is the same for the same text. */
const idOf = (text: string): string =>
  createHash('sha256')
    .update(`patchcord ${text}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
