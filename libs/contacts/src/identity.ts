import { createHash } from 'node:crypto';

/** Characters of a contact id. All ids are as long, so that lists of them need no separator. */
const contactIdLength = 16;

/** 90 bits: of 100 million contacts, two have the same id with a probability of 1 to 10^11. */
const idOf = (identity: string): string =>
  `c${createHash('sha256').update(identity).digest('base64url')}`.slice(0, contactIdLength);

/** Who has an external id is that contact, whatever else is known of it. */
export const idOfExternal = (externalId: string): string => idOf(`external ${externalId}`);

/** Who has none is what is known of it: two people with one number are two, the same row twice is one. */
export const idOfValues = (values: Readonly<Record<string, string>>): string =>
  idOf(`values ${JSON.stringify(Object.entries(values).toSorted(byName))}`);

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

const schemas = new WeakMap<readonly string[], string>();

/** Short name of a list of columns. The same list has the same name, so what is known of a name never changes. */
export function schemaOf(columns: readonly string[]): string {
  const known = schemas.get(columns);
  if (known !== undefined) return known;
  const schema = createHash('sha256').update(JSON.stringify(columns)).digest('base64url').slice(0, 8);
  schemas.set(columns, schema);
  return schema;
}
