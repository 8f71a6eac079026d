import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, '../../deploy/standalone/src/main.ts');

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

const started: ChildProcess[] = [];
let dataDir = '';
let busy: Server;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'patchcord-standalone-'));
  busy = createServer().listen(8080, '127.0.0.1');
  // Somebody else may have the port already, which is as good.
  await Promise.race([once(busy, 'listening'), once(busy, 'error')]);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  busy.close();
  await rm(dataDir, { recursive: true, force: true });
});

function run(...args: string[]): Run {
  const { NATS_URL: _, REDIS_URL: __, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...env, PATCHCORD_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output: () => text, ended };
}

describe('npm start', () => {
  it('--once - plays a recorded call, tells every step, and ends with 0 because everything arrived', async () => {
    const { ended, output } = run('--once', '--speed', '20');
    expect(await ended, output()).toBe(0);
    const steps = [
      /port 8080 \(console\) is busy: taking \d+/,
      /event +inbound call from \+14155550123 to \+12025550101/,
      /session +queued/,
      /route +rule plan, digits 4711 -> queue support/,
      /CRM +received POST \/hooks\/call-answered \{"callId":"c-demo-/,
      /screen +agent 1001 sees "Customer card" \(embedded\): http:.*\/customers\/4711\?agent=ana&plan=gold/,
      /CRM +received POST \/hooks\/disposition customer=4711&result=Solved&form=eyJ/,
      /trace [0-9a-f]{32}/,
      /agent +chooses a disposition: Solved/,
      /CRM +received PUT \/call-records\/i-demo-.*"disposition":\{"optionId":"solved"/,
      /everything arrived/,
    ];
    for (const step of steps) expect(output()).toMatch(step);
  });

  it('stays up, plays on the data of the run before, and ends cleanly within 10 s of Ctrl-C', async () => {
    const { child, ended, output } = run('--speed', '20');
    await eventually(() => output().includes('Ctrl-C ends'), { deadlineMs: 60_000, what: 'the welcome' });
    expect(output()).toContain('everything arrived');
    const second = run('--once');
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`in use by process ${child.pid}`);
    const asked = performance.now();
    child.kill('SIGINT');
    expect(await ended, output()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(await readdir(dataDir)).toEqual(expect.arrayContaining(['nats', 'redis']));
    expect(await readdir(dataDir)).not.toContain('lock');
  }, 90_000);

  it.each([
    [['--speed', 'fast'], /--speed must be a number above 0, not "fast"/],
    [['--sped', '2'], /Unknown option '--sped'/],
  ])('%j - is refused by name', async (args, message) => {
    const { ended, output } = run(...args);
    expect(await ended).toBe(1);
    expect(output()).toMatch(message);
    expect(output()).not.toMatch(/at .*\.ts:\d+/);
  });

  it('--help - says what it does', async () => {
    const { ended, output } = run('--help');
    expect(await ended).toBe(0);
    expect(output()).toContain('--once');
  });
});
