import { type ConditionOperator, conditionOperators } from '@patchcord/contracts';

export interface OperatorEntry {
  readonly operator: ConditionOperator;
  /** When a condition with it is met. */
  readonly meaning: string;
  /** What it compares the value with; `none`: it looks only at the value. */
  readonly expectation: 'none' | 'text' | 'number' | 'pattern' | 'regular expression' | 'list';
  /** Whether the expectation may hold placeholders. */
  readonly placeholders: boolean;
  /** A condition that is met with this value; where none stands, by a call that has none. */
  readonly example: { readonly expression: string; readonly expectation: string; readonly value?: unknown };
}

type Row = readonly [
  meaning: string,
  expectation: OperatorEntry['expectation'],
  expression: string,
  expected: string,
  value?: unknown,
];

const rows: { readonly [Operator in ConditionOperator]: Row } = {
  EQ: ['the value is equal to the expectation', 'text', 'ivr.plan', 'gold', 'Gold'],
  NEQ: ['the value is not equal to it', 'text', 'ivr.plan', 'gold', 'silver'],
  GT: ['the value is a greater number', 'number', 'queue.waitSeconds', '60', 61],
  GE: ['the value is a greater number, or the same', 'number', 'ivr.orders', '{ivr.limit|3}', 3],
  LT: ['the value is a smaller number', 'number', 'ivr.balance', '0', -12.5],
  LE: ['the value is a smaller number, or the same', 'number', 'ivr.age', '17', '17'],
  REGEXP: [
    'the pattern (RE2) is found in the value',
    'regular expression',
    'app.inputReader.reference',
    String.raw`^\d{4}[A-Z]{3}$`,
    '4711ABC',
  ],
  LIKE: [
    'the whole value fits: `%` is any text, `_` any character',
    'pattern',
    'ivr.email',
    '%@example.com',
    'ann@example.com',
  ],
  GIVEN: ['there is a value, and it is not empty text', 'none', 'ivr.email', '', 'ann@example.com'],
  NOT_GIVEN: ['there is no value, or it is empty text', 'none', 'ivr.email', ''],
  STARTS_WITH: ['the value begins with the expectation', 'text', 'call.from', '+1', '+14155550123'],
  ENDS_WITH: ['the value ends with it', 'text', 'ivr.email', '.example', 'ann@shop.example'],
  CONTAINS: ['the value contains it; a list: as an element', 'text', 'ivr.tags', 'vip', ['new', 'vip']],
  NOT_CONTAINS: ['the value does not contain it; a list: as an element', 'text', 'ivr.tags', 'blocked', ['new']],
  IS_NULL: ['there is no value, or it is null', 'none', 'ivr.contact', ''],
  IS_NOT_NULL: ['there is a value that is not null; empty text is one', 'none', 'ivr.contact', '', ''],
  EVALUABLE: ['the expression has no error; there may be no value', 'none', 'ivr.email', ''],
  NOT_EVALUABLE: ['the expression has an error, e.g. a namespace that there is not', 'none', 'crm.email', ''],
  IN_LIST: ['the value is equal to an element of the list', 'list', 'ivr.plan', 'gold, silver', 'silver'],
  NOT_IN_LIST: [
    'the value is equal to no element of the list',
    'list',
    'call.from.number',
    '{ivr.blocked|}',
    '+14155550123',
  ],
};

/** Every operator of conditions: what it means, what it takes, and an example that is met. */
export const operatorCatalogue: readonly OperatorEntry[] = conditionOperators.map((operator) => {
  const [meaning, expectation, expression, expected, value] = rows[operator];
  return {
    operator,
    meaning,
    expectation,
    placeholders: expectation !== 'none' && expectation !== 'regular expression',
    example: { expression, expectation: expected, ...(value === undefined ? {} : { value }) },
  };
});
