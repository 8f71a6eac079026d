/** Several sets of headers as one; of two that differ only in case, the later one stays. Names become lower case. */
export function mergeHeaders(...sets: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const entries = sets.flatMap((set) =>
    Object.entries(set).map(([name, value]) => [name.toLowerCase(), value] as const),
  );
  return Object.fromEntries(entries);
}
