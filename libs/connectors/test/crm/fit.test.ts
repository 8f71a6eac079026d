import { expect, test } from 'vitest';
import { clientId } from '../../src/crm/client-id.ts';
import { cutMarker, cutText } from '../../src/crm/fit.ts';

test('a text that fits is left as it is', () => {
  expect(cutText('abc', 3)).toBe('abc');
});

test('one that does not ends with a marker, and no character is parted', () => {
  expect(cutText('a'.repeat(100), 20)).toBe(`${'a'.repeat(20 - cutMarker.length)}${cutMarker}`);
  for (let most = 9; most < 30; most += 1) {
    const cut = cutText('😀'.repeat(40), most);
    expect(cut.length).toBeLessThanOrEqual(most);
    expect(cut.isWellFormed()).toBe(true);
  }
});

test('a key always has the same id, a UUID of version 5, and another key another', () => {
  const id = clientId('i-lab-1795218083_2E1609');
  expect(id).toBe(clientId('i-lab-1795218083_2E1609'));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(clientId('i-lab-1795218083_2E1610')).not.toBe(id);
});
