import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@patchcord/testkit';

/** `npm start` as a newcomer runs it. */
export interface DemoProcess {
  /** As printed. */
  readonly agentLink: string;
  readonly administratorLink: string;
  readonly crmUrl: string;
  readonly token: string;
  /** Of the demo's telephone. */
  readonly phoneUrl: string;
  output(): string;
  stop(): Promise<void>;
}

const main = join(import.meta.dirname, '../../deploy/standalone/src/main.ts');

/** Resolves when it has said what to open. */
export async function startDemo(): Promise<DemoProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'patchcord-demo-'));
  const { NATS_URL: _, REDIS_URL: __, ...env } = process.env;
  const child = spawn(process.execPath, [main, '--speed', '20'], {
    env: { ...env, PATCHCORD_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await eventually(() => text.includes('Ctrl-C ends'), { deadlineMs: 80_000, what: 'the welcome' });
  } catch (error) {
    await stop();
    throw new Error(`the demo does not start:\n${text}`, { cause: error });
  }
  const printed = (name: string): string => new RegExp(`^ +${name} +(\\S+)$`, 'm').exec(text)?.[1] ?? '';
  const agentLink = printed('agent desk');
  return {
    agentLink,
    administratorLink: printed('administration'),
    crmUrl: printed('demo CRM'),
    token: printed('API token'),
    phoneUrl: new URL(agentLink).origin,
    output: () => text,
    stop,
  };
}
