import { z } from 'zod';
import { sessionKeyProblem } from '../session-data.ts';
import { templateText } from '../template.ts';

/** A text may hold placeholders; one that is a single placeholder keeps the type of its value. */
export const valueTemplate = z.union([templateText(8192), z.number(), z.boolean(), z.null()], {
  error: 'expected a text, a number, true, false or null',
});
export type ValueTemplate = z.infer<typeof valueTemplate>;

/** What keeps a name of the session from being written by a flow or an automation; undefined: nothing. */
function variableProblem(name: string, areas: readonly string[]): string | undefined {
  const problem = sessionKeyProblem(name);
  if (problem !== undefined) return `expected ${problem}`;
  if (!areas.some((area) => name.startsWith(area)))
    return 'expected a name that begins with "app.": "ivr." is what CRMs write';
  return /^app\.flow(\.|$)/.test(name) ? 'expected another name: "app.flow" holds the state of the flow' : undefined;
}

/** Full names of variables of the session and what they are mapped to: 1 to 50 of them, each in one of the areas. */
export const variablesOf = <Value extends z.ZodType>(value: Value, areas: readonly ('app.' | 'ivr.')[]) =>
  z.record(z.string(), value).superRefine((variables, context) => {
    const names = Object.keys(variables);
    if (names.length === 0 || names.length > 50)
      context.addIssue({ code: 'custom', message: `expected 1 to 50 variables, e.g. "${areas[0]}priority"` });
    for (const name of names) {
      const message = variableProblem(name, areas);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    }
  });
