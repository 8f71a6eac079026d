/** How durations are written behind their name. */
const units: Readonly<Record<string, string>> = { ms: 'ms', seconds: 's', clock: 'hh:mm:ss' };

/** What an item of a conversation means: its own words, or those of the duration with the unit; undefined: none. */
export function meaningOf(name: string, words: Readonly<Record<string, string>>): string | undefined {
  if (Object.hasOwn(words, name)) return words[name];
  const dot = name.lastIndexOf('.');
  const [duration, unit] = [words[name.slice(0, dot)], units[name.slice(dot + 1)]];
  return duration === undefined || unit === undefined ? undefined : `${duration} (${unit})`;
}
