import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, type ConfigStore, connectBus, ensureTopology, openConfig } from '@patchcord/bus';
import { createConsole, settingsSchema } from '@patchcord/console';
import { connectRedis, createLogger, mintToken, settings } from '@patchcord/runtime';
import { startServers } from '@patchcord/testkit';
import { onTestFinished, vi } from 'vitest';
import { run } from '../src/index.ts';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string>>;

const main = join(import.meta.dirname, '../src/main.ts');

/** Runs the command as a process of its own. */
export function patchcordProcess(args: readonly string[], env: Env = {}, input = ''): Promise<Ran> {
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH, ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

/** Runs the command in this process, which is much quicker; only one at a time. */
export async function patchcord(args: readonly string[], env: Env = {}): Promise<Ran> {
  const [out, err] = [captured(process.stdout), captured(process.stderr)];
  for (const [name, value] of Object.entries({ ...unset, ...env })) vi.stubEnv(name, value);
  try {
    return { code: await run(args), out: out(), err: err() };
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}

const unset = { PATCHCORD_URL: undefined, PATCHCORD_TOKEN: undefined, PATCHCORD_TOKEN_FILE: undefined };

function captured(stream: NodeJS.WriteStream): () => string {
  let text = '';
  vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  return () => text;
}

export interface CliFixture {
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly env: Env;
  readonly run: (args: readonly string[]) => Promise<Ran>;
  /** Where another service finds NATS and Redis. */
  readonly serverUrls: { readonly NATS_URL: string; readonly REDIS_URL: string };
}

/** The command with a console, NATS and Redis behind it. */
export async function startCli(): Promise<CliFixture> {
  const servers = await startServers();
  onTestFinished(() => servers.stop());
  const redisUrl = servers.redis.url;
  const log = createLogger({ service: 'console', level: 'silent' });
  const redis = await connectRedis({ url: redisUrl, name: 'console', log });
  onTestFinished(() => redis.disconnect());
  const bus = await connectBus({ url: servers.nats.url, name: 'console' });
  onTestFinished(() => bus.close());
  await ensureTopology(bus, { storage: 'file' });
  const config = await openConfig(bus);
  onTestFinished(() => config.close());
  const values = settings(settingsSchema, { HTTP_PORT: '0' });
  const service = createConsole({ settings: values, bus, config, log, redis, redisUrl });
  await service.start();
  onTestFinished(() => service.stop());
  const { token, sha256 } = mintToken('acme');
  await config.put('acme', 'api-token', { id: 'admin', name: 'Admin', sha256, scopes: ['admin'] });
  const env = { PATCHCORD_URL: service.url ?? '', PATCHCORD_TOKEN: token };
  const serverUrls = { NATS_URL: servers.nats.url, REDIS_URL: redisUrl };
  return { bus, config, env, serverUrls, run: (args) => patchcord(args, env) };
}

/** A file with this text, until the test ends. */
export function fileWith(text: string, name = 'acme.yaml'): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchcord-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}
