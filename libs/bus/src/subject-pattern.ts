const patterns = new Map<string, string>();

/** Subject of an event type with wildcards for tenant and id: names of spans never hold ids. */
export function eventPattern(type: string): string {
  const known = patterns.get(type);
  if (known !== undefined) return known;
  const pattern = type.replace(/^(patchcord\.v\d+)\.([^.]+)\.([^.]+)$/, '$1.evt.*.$2.*.$3');
  patterns.set(type, pattern);
  return pattern;
}
