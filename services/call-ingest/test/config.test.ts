import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError, settings, settingsSummary } from '@patchcord/runtime';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { amiConnections, settingsSchema } from '../src/config.ts';

const dir = mkdtempSync(join(tmpdir(), 'patchcord-ingest-'));
afterAll(() => rmSync(dir, { recursive: true }));

const base = { pbxId: 'main', tenantId: 'acme', host: '10.0.0.5', username: 'cti', secret: 's3cret' };
const read = (value: unknown) => settings(settingsSchema, { AMI_CONNECTIONS: JSON.stringify(value) });

function problems(text: string): string {
  try {
    settings(settingsSchema, { AMI_CONNECTIONS: text });
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.join('\n');
  }
  throw new Error('was accepted');
}

test('AMI settings - none is no PBX', () => {
  expect(settings(settingsSchema, {}).AMI_CONNECTIONS).toEqual([]);
});

test('AMI settings - several PBXs, with the usual port', () => {
  const [first, second] = read([
    base,
    { ...base, pbxId: 'two', port: 5039, tls: true, trunks: ['PJSIP/carrier'] },
  ]).AMI_CONNECTIONS;
  expect(first).toMatchObject({ pbxId: 'main', tenantId: 'acme', host: '10.0.0.5', port: 5038 });
  expect(first?.tls).toBeUndefined();
  expect(second).toMatchObject({ port: 5039, tls: {}, trunks: ['PJSIP/carrier'] });
  expect(first?.secret.reveal()).toBe('s3cret');
});

test('AMI settings - the secret comes from a file or a variable, and is shown nowhere', () => {
  const file = join(dir, 'secret');
  writeFileSync(file, 'from-file\n');
  const { secret: _, ...rest } = base;
  const schema = z.object({ AMI_CONNECTIONS: amiConnections({ AMI_TWO: 'from-env' }) });
  const value = JSON.stringify([
    { ...rest, secretFile: file },
    { ...rest, pbxId: 'two', secretEnv: 'AMI_TWO' },
  ]);
  const values = settings(schema, { AMI_CONNECTIONS: value });
  expect(values.AMI_CONNECTIONS.map(({ secret }) => secret.reveal())).toEqual(['from-file', 'from-env']);
  expect(JSON.stringify(settingsSummary(values))).not.toMatch(/from-(file|env)/);
});

test('AMI settings - the list itself may stand in a file', () => {
  const file = join(dir, 'pbxs.json');
  writeFileSync(file, JSON.stringify([base]));
  expect(settings(settingsSchema, { AMI_CONNECTIONS_FILE: file }).AMI_CONNECTIONS).toHaveLength(1);
});

test.each([
  ['text that is no JSON', '[{', 'expected a JSON list'],
  ['an object', '{}', 'expected a JSON list'],
  ['a missing host', JSON.stringify([{ ...base, host: undefined }]), '[0].host'],
  ['a misspelt name', JSON.stringify([{ ...base, hots: 'x' }]), 'hots'],
  ['a port out of range', JSON.stringify([{ ...base, port: 70_000 }]), '[0].port'],
  ['an id that is no token', JSON.stringify([{ ...base, pbxId: 'a.b' }]), '[0].pbxId'],
  ['two secrets', JSON.stringify([{ ...base, secretEnv: 'X' }]), '[0]: expected exactly one of'],
  ['no secret', JSON.stringify([{ ...base, secret: undefined }]), '[0]: expected exactly one of'],
  ['a variable that is not set', JSON.stringify([{ ...base, secret: undefined, secretEnv: 'NO_SUCH' }]), 'NO_SUCH'],
  ['a file that is not there', JSON.stringify([{ ...base, secret: undefined, secretFile: '/no/such' }]), '/no/such'],
  ['an id twice', JSON.stringify([base, { ...base, tenantId: 'umbrella' }]), '[1].pbxId'],
])('refuses %s, and says where', (_, text, expected) => {
  const message = problems(text);
  expect(message).toContain('AMI_CONNECTIONS');
  expect(message).toContain(expected);
  expect(message).not.toContain('s3cret');
});

test('AMI settings - how calls enter the dialplan', () => {
  expect(read([base]).AMI_CONNECTIONS[0]?.dialplan).toEqual({ context: 'from-internal', priority: 1 });
  const originate = { context: 'out', callerId: '"Acme" <+12025550100>' };
  expect(read([{ ...base, originate }]).AMI_CONNECTIONS[0]?.dialplan).toEqual({ ...originate, priority: 1 });
  const found = problems(JSON.stringify([{ ...base, originate: { context: 'a b', callerId: 'x\r\ny' } }]));
  expect(found).toContain('[0].originate.context: expected the name of a dialplan context');
  expect(found).toContain('[0].originate.callerId: expected one line');
});
