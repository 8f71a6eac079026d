import { describe, expect, it } from 'vitest';
import { entryOf, terminatorsOf } from '../src/dtmf.ts';

describe('keys - which end an entry', () => {
  it.each([
    ['NONE', []],
    ['ANY', ['*', '#']],
    ['ASTERISK', ['*']],
    ['HASH', ['#']],
    ['KEY_0', ['0']],
    ['KEY_9', ['9']],
  ] as const)('%s', (digit, keys) => {
    expect(terminatorsOf(digit)).toEqual(keys);
  });
});

const hash = { maxDigits: 4, terminators: ['#'] };
const none = { maxDigits: 4, terminators: [] };
const any = { maxDigits: 4, terminators: ['*', '#'] };

describe('keys - what was entered', () => {
  it.each([
    ['nothing', { digits: '' }, hash, { kind: 'nothing' }],
    ['fewer than the most, by a pause', { digits: '12' }, hash, { kind: 'entry', keys: '12', full: false }],
    ['the most', { digits: '1234' }, hash, { kind: 'entry', keys: '1234', full: true }],
    [
      'a key that ends it, told apart',
      { digits: '12', terminatedBy: '#' },
      hash,
      { kind: 'entry', keys: '12', full: false },
    ],
    ['a key that ends it, among the others', { digits: '12#' }, hash, { kind: 'entry', keys: '12', full: false }],
    ['the same key told twice', { digits: '12#', terminatedBy: '#' }, hash, { kind: 'entry', keys: '12', full: false }],
    ['only the key that ends it', { digits: '', terminatedBy: '#' }, hash, { kind: 'entry', keys: '', full: false }],
    ['the most, and the key that ends it', { digits: '1234#' }, hash, { kind: 'entry', keys: '1234', full: false }],
    ['more than the most', { digits: '123456' }, hash, { kind: 'entry', keys: '1234', full: false }],
    ['what comes behind the end', { digits: '1#23' }, hash, { kind: 'entry', keys: '1', full: false }],
    ['another key than the one that ends it', { digits: '1*2#' }, hash, { kind: 'entry', keys: '1*2', full: false }],
    ['any: star', { digits: '12*3' }, any, { kind: 'entry', keys: '12', full: false }],
    ['any: hash', { digits: '12#3' }, any, { kind: 'entry', keys: '12', full: false }],
    ['any: no digit ends it', { digits: '120' }, any, { kind: 'entry', keys: '120', full: false }],
    ['none: star and hash are entered', { digits: '*1#' }, none, { kind: 'entry', keys: '*1#', full: false }],
    [
      'none: a driver that tells a key all the same',
      { digits: '12', terminatedBy: '#' },
      none,
      { kind: 'entry', keys: '12', full: false },
    ],
    ['what no telephone has', { digits: '1 2-x\u0000' }, none, { kind: 'entry', keys: '12', full: false }],
    ['keys of the fourth column', { digits: '1aD' }, none, { kind: 'entry', keys: '1AD', full: false }],
  ] as const)('%s', (_title, input, rules, expected) => {
    expect(entryOf(input, rules, '')).toEqual(expected);
  });

  it.each([
    ['it alone', { digits: '#' }, { kind: 'stray' }],
    ['it alone, told apart', { digits: '', terminatedBy: '#' }, { kind: 'stray' }],
    ['it before an entry', { digits: '#12' }, { kind: 'entry', keys: '12', full: false }],
    ['an entry without it', { digits: '12', terminatedBy: '#' }, { kind: 'entry', keys: '12', full: false }],
    ['it twice', { digits: '##' }, { kind: 'entry', keys: '', full: false }],
    ['nothing', { digits: '' }, { kind: 'nothing' }],
  ] as const)('the key that would have ended the entry before: %s', (_title, input, expected) => {
    expect(entryOf(input, hash, '#')).toEqual(expected);
  });
});
