const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A generated page: the title, a line that says where it comes from, and its parts. */
export const page = (title: string, source: string, ...parts: string[]): string =>
  [`# ${title}`, `Generated from \`${source}\` by \`npm run docs\`. Do not edit.`, ...parts].join('\n\n').concat('\n');

const spoken = new Intl.DurationFormat('en', { style: 'narrow' });

/** A duration as people say it: 90_000 is "1m 30s". */
export function spokenDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const total = Math.round(ms / 1000);
  return spoken.format({
    days: Math.floor(total / 86_400),
    hours: Math.floor((total % 86_400) / 3600),
    minutes: Math.floor((total % 3600) / 60),
    seconds: total % 60,
  });
}
