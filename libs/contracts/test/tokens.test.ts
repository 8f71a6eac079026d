import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callIdOf, decodeToken, encodeToken, interactionIdOf, legIdOf, token } from '../src/index.ts';

describe('tokens', () => {
  it('encode any text reversibly into a token', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (raw) => {
        const encoded = encodeToken(raw);
        expect(decodeToken(encoded)).toBe(raw.toWellFormed());
        expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/);
      }),
    );
  });

  it('of different texts differ', () => {
    expect(encodeToken('a.b')).not.toBe(encodeToken('a_2Eb'));
  });

  it('name a call, its legs and interactions after the PBX and its ids', () => {
    expect(callIdOf('lab', '1795218080.1608')).toBe('c-lab-1795218080_2E1608');
    expect(interactionIdOf(legIdOf('lab', '1795218081.1609'))).toBe('i-lab-1795218081_2E1609');
  });

  it.each(['', 'a.b', 'a b', '*', '>', 'ü', 'x'.repeat(129)])('refuse %j', (raw) => {
    expect(token.safeParse(raw).success).toBe(false);
  });
});
