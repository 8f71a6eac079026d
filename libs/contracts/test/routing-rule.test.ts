import { expect, test } from 'vitest';
import { eventIssues, routingRule } from '../src/index.ts';

const destination = { type: 'queue', target: 'gold' };
const parse = (...rows: { operator: string; value?: string }[]) =>
  routingRule.safeParse({
    id: 'level',
    name: 'Level',
    url: 'https://crm.example.com/lookup',
    fieldName: 'level',
    rows: rows.map((row) => ({ ...row, destination })),
    default: destination,
  });

test.each([
  { operator: '=', value: 'GOLD' },
  { operator: '=', value: '' },
  { operator: '<', value: '10' },
  { operator: '>=', value: ' -3.50 ' },
  { operator: 'regex', value: '(?i)^gold|silver$' },
  { operator: 'contains', value: 'gold' },
  { operator: 'set' },
  { operator: 'not-set' },
])('routing rule - takes the row %j', (row) => {
  expect(parse(row).success).toBe(true);
});

test.each([
  { row: { operator: '<', value: 'GOLD' }, message: /expected a number/ },
  { row: { operator: '>=' }, message: /expected a number/ },
  { row: { operator: 'regex', value: '[' }, message: /RE2.*missing closing/ },
  { row: { operator: 'regex', value: '(?=a)' }, message: /no look-around/ },
  { row: { operator: 'regex' }, message: /expected a pattern/ },
  { row: { operator: 'contains', value: ' ' }, message: /expected a text/ },
  { row: { operator: 'starts-with' }, message: /expected a text/ },
])('refuses the row $row, which could never match, by its path', ({ row, message }) => {
  const { error } = parse({ operator: '=', value: 'x' }, row);
  expect(error && eventIssues(error)).toEqual([{ path: 'rows[1].value', message: expect.stringMatching(message) }]);
});
