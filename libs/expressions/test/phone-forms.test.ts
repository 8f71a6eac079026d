import { expect, test } from 'vitest';
import { phoneForms, phoneMatch } from '../src/index.ts';

const wanted = phoneForms('+14155550123', 'US');

test('a number in the forms in which other systems keep it', () => {
  expect(wanted).toEqual({
    e164: '+14155550123',
    national: '4155550123',
    suffix: '55550123',
    variants: ['+14155550123', '14155550123', '4155550123', '(415) 555-0123', '+1 415 555 0123'],
  });
});

test.each(['1001', 'sip:ann@pbx', 'anonymous', '', '*97'])('"%s" is no number to look for', (raw) => {
  expect(phoneForms(raw, 'US')).toBeUndefined();
});

test.each([
  ['+1 415 555 0123', 'US', 'e164'],
  ['(415) 555-0123', 'US', 'e164'],
  ['4155550123', 'FR', 'national'],
  ['0055550123', 'FR', 'suffix'],
  ['+33155550123', 'US', undefined],
  ['+14155550124', 'US', undefined],
  ['0123', 'US', undefined],
  ['', 'US', undefined],
  ['call me: 4155550123', 'US', undefined],
])('"%s" in %s is the number by %s', (stored, region, match) => {
  expect(wanted && phoneMatch(stored, wanted, region)).toBe(match);
});
