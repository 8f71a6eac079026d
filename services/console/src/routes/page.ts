import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { HttpServer } from '@patchcord/runtime';

/**
 * Nothing inline and nothing from elsewhere, but what the agent desk shows in a frame: the CRM's own pages. Rules that the
 * component library writes while it runs carry the nonce of this one page.
 */
const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self' https: http:",
    "img-src 'self' data:",
    "font-src 'self'",
    'frame-src https: http:',
    "base-uri 'none'",
    "form-action 'self' https: http:",
    "frame-ancestors 'none'",
  ].join('; ');

/** Where the pages are, from the source, and from the bundle or a chunk of it. */
const folders = ['../../web/dist', 'console-web', '../console-web'].map((to) => join(import.meta.dirname, to));

/** First parts of the addresses within the application: its router shows what belongs there. */
export const pagePlaces = ['desk', 'live', 'work', 'admin', 'log-in'] as const;

export interface PageOptions {
  /** The telephone of the demo; only there. */
  readonly demoUrl?: string | undefined;
}

/** The application at `/` and at its places, and its files under `/assets`. */
export async function registerPage(app: HttpServer, { demoUrl }: PageOptions = {}): Promise<void> {
  const demoOrigin = demoUrl === undefined ? '' : new URL(demoUrl).origin;
  const folder = folders.find((candidate) => existsSync(join(candidate, 'index.html')));
  if (folder === undefined) throw new Error('the pages of the console are not built: npm run setup builds them');
  const html = readFileSync(join(folder, 'index.html'), 'utf8').replace('{{demo}}', demoOrigin);
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    // Their names change with what is in them.
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
  });
  for (const path of ['/', ...pagePlaces.flatMap((place) => [`/${place}`, `/${place}/*`])]) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      const nonce = randomBytes(16).toString('base64');
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', policyOf(nonce))
        .header('cache-control', 'no-store')
        .send(html.replace('{{nonce}}', nonce));
    });
  }
}
