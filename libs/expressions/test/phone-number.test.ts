import { expect, test } from 'vitest';
import { type NormalisedNumber, normaliseNumber } from '../src/index.ts';

const us = { kind: 'number', e164: '+14155550123', national: '4155550123' } as const;
const de = { kind: 'number', e164: '+493012345678', national: '3012345678' } as const;

const rows: readonly [raw: string, region: string, expected: NormalisedNumber][] = [
  ['+14155550123', 'US', us],
  ['+14155550123', 'DE', us],
  ['4155550123', 'US', us],
  ['14155550123', 'US', us],
  ['(415) 555-0123', 'US', us],
  ['011493012345678', 'US', de],
  ['00493012345678', 'DE', de],
  ['030 12345678', 'DE', de],
  ['sip:+14155550123@pbx.example.com;user=phone', 'US', us],
  ['tel:+1-415-555-0123', 'DE', us],
  ['"Ann Example" <sip:+14155550123@pbx.example.com>', 'US', us],
  // Dialled inside one area: no country can be told for certain.
  ['5550123', 'US', { kind: 'number', national: '5550123' }],
  ['4155550123', 'ZZ', { kind: 'number', national: '4155550123' }],
  ['+14155550123', 'ZZ', us],
  ['1001', 'US', { kind: 'extension' }],
  ['911', 'US', { kind: 'extension' }],
  ['112', 'DE', { kind: 'extension' }],
  ['*97', 'US', { kind: 'extension' }],
  ['*1234567890', 'US', { kind: 'extension' }],
  ['<sip:1001@10.0.0.5>', 'US', { kind: 'extension' }],
  ['alice', 'US', { kind: 'sip-user' }],
  ['sip:alice@example.com', 'US', { kind: 'sip-user' }],
  ['agent4155550123', 'US', { kind: 'sip-user' }],
  ['4155550123x9', 'US', { kind: 'sip-user' }],
  ['1-800-FLOWERS', 'US', { kind: 'sip-user' }],
  ['12345678901234567890', 'US', { kind: 'sip-user' }],
  ['', 'US', { kind: 'anonymous' }],
  ['anonymous', 'US', { kind: 'anonymous' }],
  ['<unknown>', 'US', { kind: 'anonymous' }],
  ['sip:Anonymous@anonymous.invalid', 'US', { kind: 'anonymous' }],
  ['Restricted', 'US', { kind: 'anonymous' }],
];

test.each(rows)('phone numbers - %j in %s', (raw, region, expected) => {
  expect(normaliseNumber(raw, region)).toEqual(expected);
});
