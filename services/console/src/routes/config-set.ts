import type { ConfigStore } from '@patchcord/bus';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { stringify } from 'yaml';
import { z } from 'zod';
import { documentOf } from '../domain/config-document.ts';
import { applyConfig } from '../usecases/apply-config.ts';
import { bodyValue, YamlBody } from './yaml-body.ts';

const flag = z.enum(['true', 'false']).default('false');
const tags = ['configuration'];
const largestDocument = 8 * 1024 * 1024;

const change = z.object({
  kind: z.string(),
  id: z.string(),
  change: z.enum(['create', 'update', 'remove', 'unchanged']),
  fields: z.array(z.string()).readonly().optional(),
});

const applied = z.object({ dryRun: z.boolean(), changes: z.array(change) });

/** The configuration of a tenant as one document: kinds, each with the list of its entities. */
export function registerConfigSet(app: HttpServer, config: ConfigStore): void {
  const apply = {
    summary: 'Applies a document (JSON or YAML), all of it or nothing; with dryRun it only tells the differences',
    tags,
    querystring: z.object({ prune: flag, dryRun: flag }),
    body: z.unknown(),
    response: { 200: applied },
  };
  const onRequest = requireScope('admin');
  const options = { onRequest, bodyLimit: largestDocument, config: { yaml: true }, schema: apply };
  app.post('/v1/config::apply', options, async (request) => {
    const { body, query } = request;
    const { tenantId, tokenId } = identityOf(request);
    const dryRun = query.dryRun === 'true';
    const lines = body instanceof YamlBody ? { lineOf: body.lineOf } : {};
    const command = { tenantId, tokenId, document: bodyValue(body), prune: query.prune === 'true', dryRun, ...lines };
    return { dryRun, changes: await applyConfig(config, command) };
  });

  const querystring = z.object({ format: z.enum(['json', 'yaml']).optional() });
  const exported = { summary: 'The whole configuration as YAML or JSON; tokens by their hashes', tags, querystring };
  app.get('/v1/config::export', { onRequest, schema: exported }, async (request, reply) => {
    const document = documentOf(config.tenant(request.tenantId));
    const wantsYaml = request.query.format === 'yaml' || (request.headers.accept ?? '').includes('yaml');
    if (request.query.format === 'json' || !wantsYaml) return document;
    return reply.type('application/yaml; charset=utf-8').send(heading(request.tenantId) + stringify(document));
  });
}

const heading = (tenantId: string): string =>
  `# Configuration of the tenant "${tenantId}". API tokens stand here by their SHA-256 only: no token can be made of one.\n`;
