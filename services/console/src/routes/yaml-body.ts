import { Failure } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import type { FastifyRequest } from 'fastify';
import type { DocumentPath } from '../domain/config-document.ts';
import { readYaml } from '../domain/yaml-document.ts';

/** A body that was sent as YAML: its data, and where its places stand. */
export class YamlBody {
  readonly value: unknown;
  readonly lineOf: (path: DocumentPath) => number | undefined;

  constructor(value: unknown, lineOf: (path: DocumentPath) => number | undefined) {
    this.value = value;
    this.lineOf = lineOf;
  }
}

const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes YAML too. */
    yaml?: boolean;
  }
}

/** Lets routes with the `yaml` of their config take it; such a route gets a {@link YamlBody}. Text that is no YAML is refused with its line. */
export function acceptYaml(app: HttpServer): void {
  app.addContentTypeParser(yamlTypes, { parseAs: 'string' }, async (request: FastifyRequest, text: string | Buffer) => {
    if (request.routeOptions.config.yaml !== true) {
      throw new Failure('permanent', 'unsupported_media_type', 'YAML is not taken here: send JSON');
    }
    const read = readYaml(String(text));
    if (read.ok) return new YamlBody(read.value, read.lineOf);
    const path = read.line === undefined ? '' : `line ${read.line}`;
    const failure = new Failure('permanent', 'invalid_request', `not YAML: ${read.message}`);
    throw Object.assign(failure, { issues: [{ path, message: read.message }] });
  });
}

/** The data of a body, however it was sent. */
export const bodyValue = (body: unknown): unknown => (body instanceof YamlBody ? body.value : body);
