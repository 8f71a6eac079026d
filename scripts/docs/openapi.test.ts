import { beforeAll, describe, expect, it } from 'vitest';
import { serviceApis } from './openapi.ts';
import { inOrder, operationsOf, type ServiceApi } from './openapi-document.ts';
import { type PostmanItem, placeOf, postmanCollection } from './postman.ts';

let apis: readonly ServiceApi[];
beforeAll(async () => {
  apis = await serviceApis();
});

describe('OpenAPI', () => {
  it('every service is there, with the address of none', () => {
    expect(apis.map(({ service }) => service)).toEqual([
      'call-ingest',
      'console',
      'crm-dispatcher',
      'disposition',
      'routing-decider',
      'session-store',
    ]);
    for (const { service, api } of apis) {
      expect(api.openapi, service).toMatch(/^3\.1\./);
      expect(JSON.stringify(api)).not.toMatch(/"servers"|127\.0\.0\.1:\d/);
    }
  });

  it('operations stand in order, and every schema that is named is there', () => {
    const sessions = apis.find(({ service }) => service === 'session-store');
    expect(operationsOf(sessions?.api ?? { openapi: '', info: { title: '', version: '' }, paths: {} })).toContainEqual({
      method: 'GET',
      path: '/v1/recordings/file',
      needsToken: false,
    });
    for (const { api, service } of apis) {
      expect(Object.keys(api.paths)).toEqual(Object.keys(api.paths).toSorted());
      const named = [...JSON.stringify(api).matchAll(/#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
      const there = Object.keys(api.components?.schemas ?? {});
      expect(new Set(named), service).toEqual(new Set(there));
    }
  });

  it('the order in which services register routes and schemas changes nothing', () => {
    for (const { api } of apis) {
      const reversed = { ...api, paths: Object.fromEntries(Object.entries(api.paths).toReversed()) };
      expect(JSON.stringify(inOrder(reversed))).toBe(JSON.stringify(api));
    }
  });
});

interface Request {
  readonly id: string;
  readonly operation: string;
  readonly host: string;
  readonly auth: unknown;
}

const requestsOf = (items: readonly PostmanItem[]): Request[] =>
  items.flatMap(({ id = '', item = [], request }) => {
    if (request === undefined) return requestsOf(item);
    return [
      {
        id,
        operation: `${request.method} ${placeOf(request.url.path)}`,
        host: request.url.host.join('.'),
        auth: request.auth,
      },
    ];
  });

describe('Postman collection', () => {
  it('a folder for each service, and in it each of its operations once', async () => {
    const { info, item, variable } = await postmanCollection(apis);
    expect(info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json');
    const documented = apis.filter(({ api }) => operationsOf(api).length > 0);
    expect(item.map(({ name }) => name)).toEqual(documented.map(({ service }) => service));
    for (const { service, api } of documented) {
      const requests = requestsOf(item.find(({ name }) => name === service)?.item ?? []);
      const operations = operationsOf(api).map(({ method, path }) => `${method} ${path}`);
      expect(requests.map(({ operation }) => operation).toSorted()).toEqual(operations.toSorted());
    }
    const names = variable.map(({ key }) => `{{${key}}}`);
    for (const { host } of requestsOf(item)) expect(names).toContain(host);
    for (const [name] of JSON.stringify(item).matchAll(/\{\{\w+\}\}/g)) expect(names).toContain(name);
  });

  it('view active calls, check the session of one, write into it: nothing has to be filled in but the token', async () => {
    const { item, variable } = await postmanCollection(apis);
    const text = JSON.stringify(item.find(({ name }) => name === 'session-store'));
    expect(text).toContain("pm.collectionVariables.set('callId', id)");
    expect(text).toMatch(/"path":\["v1","calls",":callId","variables"\].{0,200}"value":"\{\{callId\}\}"/);
    expect(text).toContain(String.raw`\"ivr.premium\": true`);
    expect(variable.filter(({ key }) => key === 'token')).toHaveLength(1);
  });

  it('only what needs no token is sent without one', async () => {
    const { item, auth } = await postmanCollection(apis);
    expect(JSON.stringify(auth)).toContain('{{token}}');
    const open = apis.flatMap(({ api }) => operationsOf(api).filter(({ needsToken }) => !needsToken));
    const without = requestsOf(item).filter((request) => request.auth !== undefined);
    expect(without.map(({ operation }) => operation).toSorted()).toEqual(
      open.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  it('is the same each time, with ids that nothing else has', async () => {
    const first = await postmanCollection(apis);
    expect(JSON.stringify(await postmanCollection(apis))).toBe(JSON.stringify(first));
    const ids = requestsOf(first.item).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
