import type { AutomationBucket } from '@patchcord/contracts';
import type { Filled } from '../sites/filled.ts';
import { toValue, type Value } from '../sites/values.ts';
import { foundValue, type Scope } from '../templates/scope.ts';

/** What a flow keeps for itself to go on with, and of no use to anybody else. */
const ofFlowAlone = 'app.flow.';

/** Everything that has a value in each of the groups, by name without the group's. */
export const bucketValues = (buckets: readonly AutomationBucket[], scope: Scope): Map<string, Map<string, Value>> =>
  new Map([...new Set(buckets)].map((bucket) => [bucket, valuesUnder(`${bucket}.`, scope)]));

function valuesUnder(prefix: string, scope: Scope): Map<string, Value> {
  const names = scope.names().filter((name) => name.startsWith(prefix) && !name.startsWith(ofFlowAlone));
  const entries = names.flatMap((name) => {
    // Not read as an expression: a PBX may have variables whose names are none.
    const value = toValue(foundValue(scope.evaluate({ name, path: name.split('.') })));
    return value === undefined || value === null ? [] : [[name.slice(prefix.length), value] as const];
  });
  return new Map(entries);
}

/** Each group as one object: `{"call": {"from": …}}`. */
export const asObjects = (buckets: Map<string, Map<string, Value>>): Filled[] =>
  [...buckets].map(([name, values]) => ({ name, value: Object.fromEntries(values), omit: false }));

/** Where there are only texts: `call.from=…`. */
export const asFields = (buckets: Map<string, Map<string, Value>>): Filled[] =>
  [...buckets].flatMap(([bucket, values]) =>
    [...values].map(([name, value]) => ({ name: `${bucket}.${name}`, value, omit: false })),
  );
