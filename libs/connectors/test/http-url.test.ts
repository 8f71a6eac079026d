import { expect, test } from 'vitest';
import { withPath } from '../src/index.ts';

test('parts of a path are values: none leads to another place', () => {
  expect(withPath('https://crm.example/api?v=1', 'Contacts', 'a/b?c#d')).toBe(
    'https://crm.example/api/Contacts/a%2Fb%3Fc%23d?v=1',
  );
  expect(withPath('https://crm.example/api', '...', 'a.b')).toBe('https://crm.example/api/.../a.b');
  for (const part of ['.', '..'])
    expect(() => withPath('https://crm.example/api', 'Contacts', part)).toThrow(
      expect.objectContaining({ class: 'permanent', code: 'path_refused' }) as Error,
    );
});
