import { parameterFamilies } from '@patchcord/contracts';
import { type CatalogueEntry, parameterCatalogue } from '@patchcord/expressions';
import { page, table } from './markdown.ts';

/** Families and keys of the parameters of external sites. */
export function parametersPage(): string {
  return page(
    'Parameters of external sites',
    'libs/expressions/src/sites/families.ts',
    'Family and key say which value is sent; the third column of a parameter table is the name that the CRM expects. ' +
      'Other names of a key mean the same, and those of OMniLeads are among them. Times are RFC 3339.',
    ...parameterFamilies.map(section),
    `## Where values stand\n\n${table(['place', 'how a value is written', 'no value'], places)}`,
    "`missing` changes the last column for one parameter. An empty text is a value. Null is JSON's `null`, and no value " +
      'elsewhere.',
  );
}

function section(family: CatalogueEntry['family']): string {
  const rows = parameterCatalogue
    .filter((entry) => entry.family === family)
    .map(({ key, aliases, type, meaning }) => [code(key), aliases.map(code).join(' '), type, meaning]);
  return `## ${family}\n\n${table(['key', 'other names', 'type', 'meaning'], rows)}`;
}

const code = (text: string): string => `\`${text}\``;

const places = [
  ['path', 'percent-encoded, `/` too; `.` and `..` alone are refused', 'empty; with `omit` the segment goes'],
  ['query', 'percent-encoded, behind the query that is there', 'the pair is left out'],
  ['fragment', 'percent-encoded', 'empty'],
  ['header', 'visible ASCII as it is; `%` and the rest percent-encoded in UTF-8', 'the header is left out'],
  ['`urlencoded`, `multipart`', 'as in browsers; lists with commas between their elements', 'left out'],
  ['`text`', '`name=value` lines; ends of lines as `\\n` and `\\r`, a backslash as two', 'left out'],
  [
    '`json`',
    'numbers, booleans and lists as such; `a.b` nests, unless there is an `a` too: then it stays `a.b`',
    'left out',
  ],
];
