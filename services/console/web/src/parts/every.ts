/** Each name of a union, in the order in which they stand: the compiler sees that none is missing and none too many. */
export const every = <Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] =>
  Object.keys(names) as Name[];
