import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SettingsError, settings } from '@patchcord/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { settingsSchema } from '../src/config.ts';

const base = { NATS_URL: 'nats://127.0.0.1:4222', REDIS_URL: 'redis://127.0.0.1:6379' };

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    settings(settingsSchema, { ...base, ...env });
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const right = 'https://tempo.example.com/trace/{traceId}';

test.each([right, 'http://127.0.0.1:16686/trace/{traceId}?tab=1', 'https://traces.example.com/?id={traceId}'])(
  'the address of traces may be %s',
  (url) => expect(problemsOf({ CONSOLE_TRACE_URL: url })).toEqual([]),
);

test.each([
  ['no place for the trace', 'https://tempo.example.com/trace/'],
  ['another name for it', 'https://tempo.example.com/trace/{trace}'],
  ['no address', 'tempo/{traceId}'],
  ['a script in place of an address', 'javascript:alert("{traceId}")'],
  ['the trace for the protocol', '{traceId}://tempo.example.com'],
])('the address of traces is refused: %s', (_why, url) => {
  const what = 'CONSOLE_TRACE_URL: expected an http or https address with {traceId} in it.';
  const remedy = `Correct it, e.g. CONSOLE_TRACE_URL=${right}, or unset it to take the default.`;
  expect(problemsOf({ CONSOLE_TRACE_URL: url })).toEqual([`${what} ${remedy}`]);
});

test('with a wrong address of traces the console does not start, and says which setting is wrong and why', async () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const env = { PATH: process.env.PATH, ...base, HTTP_PORT: '0', CONSOLE_TRACE_URL: 'https://tempo.example.com' };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).not.toBe(0);
  expect(output).toContain('CONSOLE_TRACE_URL: expected an http or https address with {traceId} in it');
  expect(output).not.toContain('tempo.example.com"');
});
