const letters: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Values of variables are C-escaped in AMI (`Test \"Q\"`), unlike everything else. Source: `ast_escape_c`. */
export const unescapeC = (value: string): string =>
  value.replace(/\\(.)/gsu, (_, char: string) => letters[char] ?? char);
