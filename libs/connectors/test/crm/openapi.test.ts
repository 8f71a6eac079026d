import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CrmCall } from './fake-http.ts';
import { readContract } from './openapi.ts';

const description = `
openapi: 3.0.1
paths:
  /persons/{id}:
    patch:
      parameters:
        - { in: path, name: id, required: true, schema: { type: integer } }
        - { in: query, name: limit, required: true, schema: { type: integer } }
        - { in: query, name: fields, schema: { type: string, enum: [name, phone] } }
      requestBody:
        content:
          application/json:
            schema:
              allOf:
                - { $ref: '#/components/schemas/Named' }
                - { type: object, properties: { phones: { type: array, items: { type: string } } } }
components:
  schemas:
    Named: { type: object, required: [name], properties: { name: { type: string } } }
`;

function call(query: string, json: unknown, more: Partial<CrmCall> = {}): CrmCall {
  const body = JSON.stringify(json);
  const headers = { 'content-type': 'application/json' };
  const path = ['v1', 'persons', '7'];
  return {
    method: 'PATCH',
    path,
    query: new URLSearchParams(query),
    headers,
    body,
    json,
    form: new URLSearchParams(),
    ...more,
  };
}

test('what is wrong with a request by a description', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'contract-')), 'api.yaml');
  writeFileSync(file, description);
  const { faultsOf } = readContract(file, ['v1']);
  expect(faultsOf(call('limit=5&fields=phone', { name: 'Ann', phones: ['1'] }))).toEqual([]);
  expect(faultsOf(call('limit=5', { name: 'Ann' }, { path: ['v2', 'persons', '7'] }))).toBeUndefined();
  expect(faultsOf(call('limit=5', { name: 'Ann' }, { method: 'PUT' }))).toBeUndefined();
  expect(faultsOf(call('limit=x&fields=mail&nope=1', { phones: [1] }))).toEqual([
    'query nope: unknown',
    'query limit: no integer',
    'query fields: none of name, phone',
    'body.name: missing',
    'body.phones[]: no string',
  ]);
  expect(faultsOf(call('', { name: 'Ann', mail: '' }))).toEqual(['query limit: missing', 'body.mail: unknown']);
  expect(faultsOf(call('limit=5', {}, { headers: { 'content-type': 'text/plain' } }))).toEqual([
    'body: text/plain is none of application/json',
  ]);
  expect(faultsOf(call('limit=5', undefined, { body: '' }))).toEqual(['body: missing']);
});
