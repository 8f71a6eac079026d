/** Without the fields that hold an empty text: in a form they are empty, in the entity they are absent. */
export function withoutBlanks<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined),
  ) as Partial<Values>;
}
