import { describe, expect, it } from 'vitest';
import { speechArguments } from '../src/routes/agi-speech.ts';

describe('a text for an application that speaks', () => {
  it.each([
    ['Hello, Ana.', ['"Hello, Ana."']],
    ['He said "yes"', [`"He said 'yes'"`]],
    ['a\\b', ['"a b"']],
    // Were it evaluated, it would be by the dialplan.
    ['\u0024{SHELL(id)} $[1]', ['"SHELL(id) [1]"']],
    ['one\r\ntwo\0', ['"one two"']],
    ['  ', []],
  ])('%j', (text, expected) => {
    expect(speechArguments(text)).toEqual(expected);
  });

  it('a long one goes in parts that fit into a command, at the ends of sentences, and nothing is lost', () => {
    const text = Array.from({ length: 100 }, (_, at) => `Sentence ${at} is über here.`).join(' ');
    const parts = speechArguments(text);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.every((part) => Buffer.byteLength(part) <= 802 && part.endsWith('."'))).toBe(true);
    expect(parts.map((part) => part.slice(1, -1)).join(' ')).toBe(text);
  });

  it('a word without end is cut between characters', () => {
    const parts = speechArguments('é'.repeat(1000));
    expect(parts.map((part) => part.slice(1, -1)).join('')).toBe('é'.repeat(1000));
  });
});
