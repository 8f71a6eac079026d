import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import {
  baseSettings,
  booleanText,
  httpPort,
  integerText,
  listText,
  Secret,
  SettingsError,
  secretText,
  settings,
  settingsSummary,
} from '../src/index.ts';

const schema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8101),
  PATCHCORD_DEMO: booleanText().default(false),
  PATCHCORD_LIMIT: integerText(1, 10).default(5).meta({ example: '5' }),
  PATCHCORD_NAMES: listText().default([]),
  ADMIN_URL: z.string().meta({ description: 'the address of the CRM', example: 'https://crm.example' }),
});
const good = { ADMIN_URL: 'https://crm.example' };

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    settings(schema, env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error('the settings were taken');
}

test('settings - defaults where nothing is set, an empty variable counts as not set', () => {
  const values = settings(schema, { ...good, LOG_LEVEL: '', PATH: '/bin' });
  expect(values).toMatchObject({ HTTP_PORT: 8101, LOG_LEVEL: 'info', PATCHCORD_DEMO: false, PATCHCORD_LIMIT: 5 });
});

test.each([
  ['true', true],
  ['FALSE', false],
  ['no', false],
  ['1', true],
  ['0', false],
])('settings - the text %s is the boolean %s', (text, expected) => {
  expect(settings(schema, { ...good, PATCHCORD_DEMO: text }).PATCHCORD_DEMO).toBe(expected);
});

test('settings - names every problem at once, with variable, expectation and remedy', () => {
  const problems = problemsOf({
    HTTP_PORT: '99999',
    PATCHCORD_DEMO: 'maybe',
    NATS_URL: 'http://nats',
    LOG_LEVEL: 'loud',
  });
  expect(problems).toEqual([
    'NATS_URL: expected a URL that begins with nats:// or tls:// or ws:// or wss://. Correct it, e.g. NATS_URL=nats://127.0.0.1:4222, or unset it to take the default.',
    'HTTP_PORT: expected a whole number from 0 to 65535. Correct it, e.g. HTTP_PORT=8101, or unset it to take the default.',
    'LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent. Correct it, e.g. LOG_LEVEL=info, or unset it to take the default.',
    'PATCHCORD_DEMO: expected true or false. Correct it, or unset it to take the default.',
    'ADMIN_URL is not set: expected the address of the CRM. Set it, e.g. ADMIN_URL=https://crm.example.',
  ]);
});

test.each(['', ' ', '1.5', '0x10', '-1', '11', '1e1'])('settings - refuses %j as a number from 1 to 10', (text) => {
  const env = { ...good, PATCHCORD_LIMIT: text };
  if (text === '') expect(settings(schema, env).PATCHCORD_LIMIT).toBe(5);
  else expect(problemsOf(env)).toEqual([expect.stringContaining('PATCHCORD_LIMIT: expected a whole number')]);
});

test('settings - refuses an unknown variable with our prefix and guesses what was meant', () => {
  expect(problemsOf({ ...good, PATCHCORD_LIMITS: '3', PATCHCORD_ENTIRELY_ELSE: '1' })).toEqual([
    'PATCHCORD_LIMITS is not a setting of this service. Did you mean PATCHCORD_LIMIT? Otherwise unset it.',
    'PATCHCORD_ENTIRELY_ELSE is not a setting of this service. Unset it.',
  ]);
});

test('settings - variables of the command line and of other services are no typos', () => {
  const env = { ...good, PATCHCORD_TOKEN: 'x', PATCHCORD_OTHER: 'y' };
  expect(settings(schema, env, { alsoKnown: ['PATCHCORD_OTHER'] }).ADMIN_URL).toBe('https://crm.example');
});

function fileWith(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchcord-settings-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'secret'), text);
  return join(dir, 'secret');
}

test('settings - X_FILE gives the secret X, without the line break at its end', () => {
  const values = settings(schema, { ...good, NATS_PASSWORD_FILE: fileWith('s3cret\n') });
  expect(values.NATS_PASSWORD?.reveal()).toBe('s3cret');
});

test('settings - refuses X beside X_FILE, and a file that cannot be read', () => {
  const both = problemsOf({ ...good, NATS_PASSWORD: 'a', NATS_PASSWORD_FILE: fileWith('b') });
  expect(both).toEqual([expect.stringContaining('NATS_PASSWORD and NATS_PASSWORD_FILE are both set')]);
  const missing = problemsOf({ ...good, NATS_PASSWORD_FILE: '/nonexistent/secret' });
  expect(missing).toEqual([expect.stringMatching(/^NATS_PASSWORD_FILE: expected a readable file \(ENOENT\)/)]);
});

test('settings - a message never shows the value that was given', () => {
  const problems = problemsOf({ ...good, NATS_URL: 'hunter2', PATCHCORD_LIMIT: 'hunter2' });
  expect(problems.join('\n')).not.toContain('hunter2');
});

test('secret - every text form is masked', () => {
  const secret = new Secret('hunter2');
  expect(
    [String(secret), JSON.stringify({ secret }), inspect({ secret }), String(Object.values(secret))].join(),
  ).not.toContain('hunter2');
  expect(secretText().parse('hunter2').reveal()).toBe('hunter2');
});

test('summary - secrets and passwords in URLs are masked', () => {
  const env = { ...good, NATS_PASSWORD: 'hunter2', REDIS_URL: 'redis://user:hunter2@redis:6379/1' };
  const summary = JSON.stringify(settingsSummary(settings(schema, env)));
  expect(summary).not.toContain('hunter2');
  expect(summary).toContain('redis://user:***@redis:6379/1');
});
