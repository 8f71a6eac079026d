import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { token } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/**
 * Nothing inline and nothing from elsewhere, but what the agent desk shows in a frame: the CRM's own pages. Rules that the
 * component library writes while it runs carry the nonce of this one page.
 */
const policyOf = (nonce: string, ancestors: readonly string[] = []): string =>
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
    `frame-ancestors ${ancestors.length === 0 ? "'none'" : ancestors.join(' ')}`,
  ].join('; ');

/** Where the pages are, from the source, and from the bundle or a chunk of it. */
const folders = ['../../web/dist', 'console-web', '../console-web'].map((to) => join(import.meta.dirname, to));

/** First parts of the addresses within the application: its router shows what belongs there. */
export const pagePlaces = ['desk', 'live', 'operations', 'admin', 'log-in'] as const;

/** The window in which one signs in for a frame. */
export const signInWindowPlace = 'frame-sign-in';
/** It speaks with the frame that opened it, which is in a page of another site. */
export const speaksWithOpener = ['cross-origin-opener-policy', 'unsafe-none'] as const;

export interface PageOptions {
  /** The telephone of the demo; only there. */
  readonly demoUrl?: string | undefined;
  /** Who may hold the desk of a tenant in a frame. */
  readonly frameOriginsOf: (tenantId: string) => readonly string[];
}

/** The application at `/` and at its places, and its files under `/assets`. */
export async function registerPage(app: HttpServer, { demoUrl, frameOriginsOf }: PageOptions): Promise<void> {
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
  const send = (reply: FastifyReply, origins: readonly string[] = []): FastifyReply => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policyOf(nonce, origins))
      .header('cache-control', 'no-store')
      .send(html.replace('{{nonce}}', nonce).replace('{{frame}}', origins.join(' ')));
  };
  for (const path of ['/', ...pagePlaces.flatMap((place) => [`/${place}`, `/${place}/*`])]) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => send(reply));
  }
  registerFrame(app, { send, frameOriginsOf });
  registerHostScript(app, folder);
}

interface FrameOptions extends Pick<PageOptions, 'frameOriginsOf'> {
  readonly send: (reply: FastifyReply, origins?: readonly string[]) => FastifyReply;
}

/** The desk for a frame of another page, and the window in which one signs in for it. */
function registerFrame(app: HttpServer, { send, frameOriginsOf }: FrameOptions): void {
  const params = z.object({ tenantId: token });
  // What the policy says holds; the older header knows of no list.
  const onSend = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!String(reply.getHeader('content-security-policy')).includes("frame-ancestors 'none'"))
      reply.removeHeader('x-frame-options');
  };
  app.get('/frame/:tenantId', { schema: { hide: true, params }, onSend }, async (request, reply) =>
    send(reply, [...new Set(frameOriginsOf(request.params.tenantId))]),
  );
  app.get(`/${signInWindowPlace}`, { schema: { hide: true } }, async (_request, reply) =>
    send(reply.header(...speaksWithOpener)),
  );
}

/** What pages of others load to speak with the frame: the same for everybody, and without a secret. */
function registerHostScript(app: HttpServer, folder: string): void {
  for (const name of ['patchcord.js', 'patchcord.global.js']) {
    const script = readFileSync(join(folder, 'embed', name), 'utf8');
    app.get(`/embed/${name}`, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type('text/javascript; charset=utf-8')
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('cache-control', 'public, max-age=300')
        .send(script),
    );
  }
}
