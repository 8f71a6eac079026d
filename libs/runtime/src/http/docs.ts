import { createHash } from 'node:crypto';
import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { HttpServer } from './http-server.ts';

/** The page brings its own script and styles; it may load nothing from elsewhere, and no other script may run in it. */
const docsPolicy = (page: unknown): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...scriptsOf(page).map((script) => `'sha256-${sha256(script)}'`)].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** What stands in the page as a script. It is made of our own configuration alone: nothing that anybody sends is in it. */
const scriptsOf = (page: unknown): string[] =>
  typeof page === 'string'
    ? [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs)].map(([, script = '']) => script)
    : [];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** OpenAPI 3.1 at `/openapi.json`, made of the routes' zod schemas, and a page to read and try it at `/docs`. */
export async function registerDocs(app: HttpServer, title: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An API token of the tenant' } },
      },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  app.addHook('onSend', async (request, reply, payload) => {
    const { url } = request.routeOptions;
    if (url?.startsWith('/docs'))
      reply.header('content-security-policy', docsPolicy(url === '/docs/' ? payload : undefined));
  });
  await app.register(scalar, {
    routePrefix: '/docs',
    logLevel: 'silent',
    configuration: { url: '/openapi.json', withDefaultFonts: false, telemetry: false },
  });
}
