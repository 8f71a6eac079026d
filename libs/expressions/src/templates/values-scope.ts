import { lookUp } from './descend.ts';
import type { Scope } from './scope.ts';

/** Values by full name where there is no call: every other name has none. */
export const valuesScope = (values: Readonly<Record<string, unknown>>): Scope => ({
  evaluate: ({ path }) => {
    const given = lookUp(values, path);
    return 'found' in given && given.found ? given : { found: false, note: 'there is no call' };
  },
  names: () => Object.keys(values),
});
