import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCompose, root } from './compose-file.ts';

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program of Node's with an environment of its own. */
const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr });
    });
  });

describe('bundle', () => {
  let app: string;
  const inApp = (path: string): string => join(app, path);

  beforeAll(async () => {
    app = await mkdtemp(join(tmpdir(), 'patchcord-bundle-'));
    const built = await run(['deploy/docker/bundle.ts', '--out', inApp('dist')]);
    expect(built).toEqual({ code: 0, output: '' });
  });
  afterAll(() => rm(app, { recursive: true, force: true }));

  it('holds every entry that the compose file starts', () => {
    const words = Object.values(loadCompose().services).flatMap(({ command, entrypoint, healthcheck }) =>
      [command, entrypoint, healthcheck?.test].flat().filter((word) => /\bdist\/.+\.mjs$/.test(String(word))),
    );
    const entries = [...new Set(words.map((word) => String(word).replace('/app/', '')))];
    expect(entries.length).toBeGreaterThan(readdirSync(join(root, 'services')).length);
    expect(entries.filter((entry) => !existsSync(inApp(entry)))).toEqual([]);
  });

  it("holds the console's page and the licences of what it is made of", async () => {
    expect(existsSync(inApp('dist/console-web/index.html'))).toBe(true);
    const licences = await readFile(inApp('dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licences).toMatch(/^fastify@[\d.]+ \(MIT\)$/m);
    expect(licences).toMatch(/^bullmq@[\d.]+ \(MIT\)$/m);
  });

  it.each(readdirSync(join(root, 'services')))('%s starts from it as far as its settings', async (name) => {
    const ended = await run([inApp(`dist/${name}.mjs`)], { HTTP_PORT: 'none' });
    expect(ended.code).toBe(1);
    expect(ended.output).toContain('HTTP_PORT: expected a whole number');
  });

  it('the command line runs from it', async () => {
    expect(await run([inApp('dist/cli.mjs'), '--help'])).toMatchObject({ code: 0 });
  });

  it.each([
    [200, 0],
    [503, 1],
  ])('the health check of a service that answers %i ends with %i', async (status, code) => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/readyz' ? status : 500;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await run([inApp('dist/healthcheck.mjs')], { HTTP_PORT: String(port) })).toEqual({ code, output: '' });
    server.close();
    await once(server, 'close');
    expect(await run([inApp('dist/healthcheck.mjs')], { HTTP_PORT: String(port) })).toEqual({ code: 1, output: '' });
  });
});
