type Values = Readonly<Record<string, unknown>>;

/** What values were before each change, told in the order of the changes. */
export interface SessionChangesSoFar {
  /** Gives what the changed names were before; those that are new are missing. */
  apply(area: string, changes: Values): Record<string, unknown>;
}

export function createSessionChanges(): SessionChangesSoFar {
  const known = new Map<string, unknown>();
  return {
    apply: (area, changes) => {
      const names = Object.keys(changes);
      const before = names.filter((name) => known.has(`${area} ${name}`));
      const values = Object.fromEntries(before.map((name) => [name, known.get(`${area} ${name}`)]));
      for (const name of names) {
        const value = changes[name];
        // Null deletes.
        if (value === null) known.delete(`${area} ${name}`);
        else known.set(`${area} ${name}`, value);
      }
      return withoutSecrets(values);
    },
  };
}

/** Nobody should keep such a thing in a call; where somebody did, a page is no place to read it. */
const secretName = /pass(word|wd|code)|secret|token|api.?key|credential|cvv|cvc|(^|[._-])pin$/i;

const hiddenValue = '•••';

export const withoutSecrets = (values: Values): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value !== null && secretName.test(name) ? hiddenValue : value,
    ]),
  );
