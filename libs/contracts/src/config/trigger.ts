import { z } from 'zod';
import { expressionText, parseTemplate, placeholdersOf, templateMessage } from '../template.ts';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';
import { parseListTemplate } from './list-template.ts';
import { patternProblem } from './pattern.ts';

/** Operators of babelforce's triggers under their names, and two for lists. */
export const conditionOperators = [
  'EQ',
  'NEQ',
  'GT',
  'GE',
  'LT',
  'LE',
  'REGEXP',
  'LIKE',
  'GIVEN',
  'NOT_GIVEN',
  'STARTS_WITH',
  'ENDS_WITH',
  'CONTAINS',
  'NOT_CONTAINS',
  'IS_NULL',
  'IS_NOT_NULL',
  'EVALUABLE',
  'NOT_EVALUABLE',
  'IN_LIST',
  'NOT_IN_LIST',
] as const;
export type ConditionOperator = (typeof conditionOperators)[number];

const maxExpectation = 2048;

/** A text; numbers and booleans, as YAML and JSON have them, are taken as such. */
const expectation = z
  .union([z.string().max(maxExpectation), z.number().transform(String), z.boolean().transform(String)])
  .default('');

export const condition = z
  .strictObject({
    /** The name of a value, e.g. `ivr.premium`; in braces or without. */
    expression: expressionText,
    operator: z.enum(conditionOperators),
    /**
     * What the value is compared with; may hold placeholders (`{ivr.limit|100}`), except for REGEXP, whose braces count
     * repetitions. LIKE: `%` is any text, `_` any character, with `\` before them they are themselves. Lists: texts
     * between commas, or a JSON array.
     */
    expectation,
    /** Texts compare character by character: case, blanks and `007` against `7` count. */
    strict: z.boolean().default(false),
  })
  .superRefine((checked, context) => {
    const message = expectationProblem(checked);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['expectation'], message });
  });
export type Condition = z.infer<typeof condition>;

type Compared = Pick<Condition, 'operator' | 'expectation'>;

/** What keeps a condition from ever being met, said when it is written and not while a caller waits. */
function expectationProblem(compared: Compared): string | undefined {
  switch (compared.operator) {
    case 'GIVEN':
    case 'NOT_GIVEN':
    case 'IS_NULL':
    case 'IS_NOT_NULL':
    case 'EVALUABLE':
    case 'NOT_EVALUABLE':
      return compared.expectation === '' ? undefined : `expected nothing: ${compared.operator} looks only at the value`;
    case 'REGEXP':
      return patternProblem(compared.expectation);
    case 'IN_LIST':
    case 'NOT_IN_LIST':
      return listProblem(compared.expectation);
    default:
      return textProblem(compared);
  }
}

function listProblem(text: string): string | undefined {
  const parsed = parseListTemplate(text);
  if (!parsed.ok) return templateMessage(parsed.problem);
  return parsed.elements.length > 0
    ? undefined
    : 'expected at least one text, e.g. "gold, silver" or ["gold","silver"]';
}

function textProblem({ operator, expectation: text }: Compared): string | undefined {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return templateMessage(parsed.problem);
  if (placeholdersOf(parsed.template).length > 0 || operator === 'EQ' || operator === 'NEQ') return undefined;
  if (operator === 'GT' || operator === 'GE' || operator === 'LT' || operator === 'LE')
    return isDecimal(text) ? undefined : `expected a number, e.g. 7.5: ${operator} compares numbers`;
  return text.trim() === '' ? 'expected a text to look for' : undefined;
}

const isDecimal = (text: string): boolean => /^[+-]?\d+(\.\d+)?$/.test(text.trim());

/** Conditions under a name, used by flows, automations and switches. */
export const trigger = z.strictObject({
  ...entityFields,
  /** `ALL`: every condition is met; `ANY`: at least one is. */
  type: z.enum(['ALL', 'ANY']).default('ALL'),
  conditions: z.array(condition).min(1).max(50),
});
export type Trigger = z.infer<typeof trigger>;

/** A place where a trigger decides something. */
export const triggerUse = z.strictObject({
  trigger: token,
  /** Fires when the trigger does not. */
  invert: z.boolean().default(false),
  /** One that is not enabled never fires, inverted or not. */
  enabled: z.boolean().default(true),
});
export type TriggerUse = z.infer<typeof triggerUse>;

/** The id of a trigger is enough for one that is neither inverted nor switched off. */
export const shortTriggerUse = z.union(
  [triggerUse, token.transform((trigger): TriggerUse => ({ trigger, invert: false, enabled: true }))],
  { error: 'expected the id of a trigger, or {"trigger": "…", "invert": true}' },
);
