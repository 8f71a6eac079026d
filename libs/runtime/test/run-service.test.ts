import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually, type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

let nats: ServerProcess;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());

interface Child {
  readonly process: ChildProcess;
  output(): string;
  /** Exit code, when it has ended. */
  ended: Promise<number | null>;
  url(): Promise<string>;
}

function startChild(env: Record<string, string> = {}): Child {
  const path = fileURLToPath(new URL('./child-service.ts', import.meta.url));
  const child = spawn(process.execPath, [path], {
    env: { PATH: process.env.PATH, NATS_URL: nats.url, HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = (): Promise<string> =>
    eventually(() => /"url":"(http:[^"]+)"/.exec(output)?.[1], { what: 'the service listens', deadlineMs: 20_000 });
  return { process: child, output: () => output, ended, url };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'process - serves, and %s stops it cleanly with exit code 0',
  async (signal) => {
    const child = startChild();
    const ready = await fetch(new URL('/readyz', await child.url()));
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { ready: true, checks: [{ name: 'nats', ok: true }] },
    ]);
    const startedAt = performance.now();
    child.process.kill(signal);
    expect(await child.ended).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(child.output()).toContain('service stopped');
  },
);

test('process - a part that hangs is left behind after its time', async () => {
  const child = startChild({ PATCHCORD_TEST_FAULT: 'hang' });
  await child.url();
  const startedAt = performance.now();
  child.process.kill('SIGTERM');
  expect(await child.ended).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(child.output()).toContain('a part did not stop cleanly');
});

test('process - a second signal ends it at once', async () => {
  const child = startChild({ PATCHCORD_TEST_FAULT: 'hang' });
  await child.url();
  child.process.kill('SIGTERM');
  await eventually(() => child.output().includes('"stopping"'));
  const startedAt = performance.now();
  child.process.kill('SIGTERM');
  expect(await child.ended).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test.each(['reject', 'throw'])(
  'process - an error that nobody handled (%s) is logged and ends it with 1',
  async (fault) => {
    const child = startChild({ PATCHCORD_TEST_FAULT: fault });
    await fetch(new URL('/fault', await child.url())).catch(() => undefined);
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain('an error that nobody handled');
  },
);

test('process - wrong settings are told all at once before anything is started', async () => {
  const child = startChild({ HTTP_PORT: 'web', LOG_LEVEL: 'loud', PATCHCORD_TESTFAULT: 'x', NATS_PASSWORD: 'hunter2' });
  expect(await child.ended).toBe(1);
  for (const name of ['HTTP_PORT', 'LOG_LEVEL', 'PATCHCORD_TESTFAULT']) expect(child.output()).toContain(name);
  expect(child.output()).toContain('Did you mean PATCHCORD_TEST_FAULT?');
  expect(child.output()).not.toContain('hunter2');
});

test('process - a busy port is told by number and setting, with exit code 1', async () => {
  const busy = createServer();
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void busy.close());
  const address = busy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const child = startChild({ HTTP_PORT: String(port) });
  expect(await child.ended).toBe(1);
  expect(child.output()).toContain(`port ${port} on 127.0.0.1 is in use`);
  expect(child.output()).toContain('HTTP_PORT');
});

test('process - waits for NATS and says so, is stopped while it waits', async () => {
  const child = startChild({ NATS_URL: 'nats://127.0.0.1:9' });
  await eventually(() => child.output().includes('NATS does not let us in'));
  child.process.kill('SIGTERM');
  expect(await child.ended).toBe(0);
});
