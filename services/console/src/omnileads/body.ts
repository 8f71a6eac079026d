import { Busboy } from '@fastify/busboy';
import { Failure } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import type { FastifyRequest } from 'fastify';
import type { Fields } from './fields.ts';

const maxFields = 500;
const maxFieldBytes = 65_536;

/** Bodies as the original took them: JSON, urlencoded, multipart; and none at all. Files are read past. */
export function acceptForms(app: HttpServer): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, body: unknown) =>
    jsonFields(String(body)),
  );
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, body: unknown): Promise<Fields> => new Map(new URLSearchParams(String(body))),
  );
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => multipartFields(request.headers['content-type'] ?? '', body),
  );
}

const malformed = (message: string, cause?: unknown): Failure =>
  new Failure('permanent', 'malformed_body', message, { cause });

function jsonFields(text: string): Fields {
  if (text.trim() === '') return new Map();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed('the body is no JSON', cause);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw malformed('expected an object of fields as the body');
}

async function multipartFields(contentType: string, body: Buffer): Promise<Fields> {
  const fields = new Map<string, unknown>();
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown): void => reject(malformed('the multipart body cannot be read', cause));
    try {
      const limits = { fields: maxFields, fieldSize: maxFieldBytes, files: maxFields, parts: 2 * maxFields };
      const parser = new Busboy({ headers: { 'content-type': contentType }, limits });
      parser.on('field', (name, value) => fields.set(name, value));
      parser.on('file', (_name, stream) => stream.resume());
      parser.on('finish', resolve);
      parser.on('error', fail);
      parser.end(body);
    } catch (error) {
      fail(error);
    }
  });
  return fields;
}
