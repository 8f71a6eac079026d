/** Entities to choose from, by their names. */
export const named = (
  entities: readonly { readonly id: string; readonly name: string }[] = [],
): { value: string; label: string }[] => entities.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
