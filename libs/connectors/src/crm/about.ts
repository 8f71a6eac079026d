import type { CallEntry, RecordRef } from './port.ts';

/**
 * Where a call stands in a CRM that has one place for a person and one for the matter: the first person, and the first
 * other record. What is no company goes first: the company is known by the person, the case is not.
 */
export function placesOf(
  { about }: Pick<CallEntry, 'about'>,
  { people, company }: { readonly people: readonly string[]; readonly company: string },
): { readonly person: RecordRef | undefined; readonly matter: RecordRef | undefined } {
  const others = about.filter(({ module }) => !people.includes(module));
  return {
    person: about.find(({ module }) => people.includes(module)),
    matter: others.find(({ module }) => module !== company) ?? others[0],
  };
}
