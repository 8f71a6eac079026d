import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpServer } from '@patchcord/runtime';

/** Nothing inline, nothing from elsewhere: a caller's name that is a script stays a name. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const files = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/app.js', file: 'app.js', type: 'text/javascript; charset=utf-8' },
  { path: '/style.css', file: 'style.css', type: 'text/css; charset=utf-8' },
] as const;

/** From the source, and from the bundle or a chunk of it. */
const folders = ['../../public', 'console-public', '../console-public'].map((to) => join(import.meta.dirname, to));

/** The page at `/` and its two files. */
export function registerPage(app: HttpServer): void {
  const folder = folders.find((candidate) => existsSync(join(candidate, 'index.html'))) ?? folders[0] ?? '';
  for (const { path, file, type } of files) {
    const content = readFileSync(join(folder, file));
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('content-security-policy', policy).header('cache-control', 'no-cache').send(content),
    );
  }
}
