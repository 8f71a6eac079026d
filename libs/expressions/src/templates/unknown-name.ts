import type { Expression } from '@patchcord/contracts';
import { callNames } from './call-names.ts';
import type { KnownName } from './known-names.ts';
import { partNames } from './part-names.ts';

const known: ReadonlyMap<string, KnownName> = new Map([...callNames, ...partNames].map((one) => [one.name, one]));

/** Namespaces whose names are all known, and those whose names others choose. */
const closed: ReadonlySet<string> = new Set([...known.keys()].map((name) => name.split('.')[0] ?? ''));
const open = /^(?:ivr|app|var|event|omlcrm.*)$/i;

/**
 * What is wrong with a name that no call can ever have, with the known one that comes closest: `there is no "call.form":
 * did you mean {call.from}?`. Undefined where there may be a value, since others choose the names of `ivr`, `app`, `var`.
 */
export function unknownNameMessage({ name, path }: Expression): string | undefined {
  const [namespace = ''] = path;
  if (open.test(namespace) || isKnown(path)) return undefined;
  const closest = closestName(name);
  const instead =
    closest === undefined ? 'the catalogue of expressions lists what there is' : `did you mean {${closest}}?`;
  return `there is no "${name}": ${instead}`;
}

function isKnown(path: readonly string[]): boolean {
  const [namespace = ''] = path;
  if (!closed.has(namespace)) return false;
  for (let length = path.length; length > 1; length -= 1) {
    const entry = known.get(path.slice(0, length).join('.'));
    if (entry !== undefined) return length === path.length || ['list', 'object', 'any'].includes(entry.type);
  }
  return false;
}

/** Most that a typing error makes of a name (changes of single characters, two swapped being one). */
const mostChanges = 3;

function closestName(name: string): string | undefined {
  // A difference in length is at least as many changes: names that callers of the API write may be long, and many.
  const near = [...known.keys()].filter((one) => Math.abs(one.length - name.length) <= mostChanges);
  const ranked = near
    .map((one) => ({ one, changes: changesBetween(name.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.changes - b.changes);
  const [best] = ranked;
  return best !== undefined && best.changes <= mostChanges ? best.one : undefined;
}

/** Distance of optimal string alignment; names have at most 256 characters. */
function changesBetween(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const isSame = from[i - 1] === to[j - 1];
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const changed = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      row.push(isSwapped ? Math.min(changed, (before[j - 2] ?? 0) + 1) : changed);
    }
    // It never becomes less: what follows need not be looked at.
    if (Math.min(...row, ...last) > mostChanges) return mostChanges + 1;
    [before, last] = [last, row];
  }
  return last[to.length] ?? 0;
}
