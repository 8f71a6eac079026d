const letters: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Values of variables and names of callers are C-escaped in AMI (`O\'Neil`), unlike everything else: `ast_escape_c`. */
export const unescapeC = (value: string): string =>
  value.replace(/\\(.)/gsu, (_, char: string) => letters[char] ?? char);
