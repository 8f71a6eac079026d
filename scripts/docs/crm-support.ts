import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { abilities, type CrmConnector, crmConnectors } from '../../libs/connectors/src/index.ts';
import { type ConformanceCase, cases, partFiles } from '../../libs/connectors/test/crm/conformance/cases.ts';
import { page, table } from './markdown.ts';

type Ability = (typeof abilities)[number];

const root = join(import.meta.dirname, '../..');
const tests = join(root, 'libs/connectors/test/crm');
const all: readonly ConformanceCase[] = Object.values(cases);
const connectors = Object.values(crmConnectors);

/** What each kind of CRM can, why it cannot the rest, and the tests that show it. */
export function crmSupportPage(): string {
  const notes = createNotes();
  const rows = connectors.map((one) => [one.title, ...abilities.map((ability) => cell(one, ability, notes.numberOf))]);
  return page(
    'Support of CRMs',
    'libs/connectors',
    'What each connector says of itself, and the cases of the conformance suite that show it. The suite runs on every ' +
      'connector, against a server that behaves as that CRM is documented or was recorded; a connector that claims what ' +
      'no case shows fails a test. How far a connector was checked against a real CRM stands in `docs/crm`.',
    '## What each can',
    '`yes` is followed by the cases that show it, `no` by the note that says why and what is done instead.',
    table(['CRM', ...abilities], rows),
    '### Why not',
    notes.list().join('\n'),
    '## What shows it',
    'Case by case, in `libs/connectors/test/crm/conformance`.',
    table(['case', 'shows', 'file', 'title of the test'], all.map(caseRow)),
    '### Where the suite is run',
    table(['CRM', 'by', 'more tests of this connector alone'], connectors.map(testsRow)),
    '## Standard records',
    'What a standard create writes, in the words of the CRM; **bold** is mandatory. For the proprietary kinds the ' +
      'connection describes them.',
    table(['CRM', 'what it is', 'module', 'fields', 'numbers are looked for in'], connectors.flatMap(moduleRows)),
  );
}

const idOf = (at: number): string => `C${at + 1}`;

function cell({ cannot }: CrmConnector, ability: Ability, numberOf: (why: string) => number): string {
  const why = cannot[ability];
  if (why !== undefined) return `no [${numberOf(why)}]`;
  const proofs = all.flatMap(({ proves }, at) => (proves.includes(ability) ? [idOf(at)] : []));
  return ['yes', ...proofs].join(' ');
}

/** Reasons in the order in which they are first met; the same reason is told once. */
function createNotes() {
  const notes: string[] = [];
  return {
    numberOf: (why: string): number => {
      if (!notes.includes(why)) notes.push(why);
      return notes.indexOf(why) + 1;
    },
    list: (): string[] => notes.map((why, at) => `${at + 1}. ${why}`),
  };
}

const caseRow = ({ part, title, proves }: ConformanceCase, at: number): string[] => [
  idOf(at),
  proves.join(', '),
  `\`${partFiles[part]}\``,
  `${part} > ${title}`,
];

function testsRow({ name, title }: CrmConnector): string[] {
  const folder = join(tests, name);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .toSorted();
  const runsSuite = (file: string): boolean => /\bconformance\(/.test(readFileSync(join(folder, file), 'utf8'));
  const named = (list: readonly string[]): string =>
    list.map((file) => `\`${relative(tests, join(folder, file))}\``).join(', ');
  return [title, named(files.filter(runsSuite)), named(files.filter((file) => !runsSuite(file)))];
}

const moduleRows = ({ title, modules }: CrmConnector): string[][] =>
  modules.map(({ module, label, createFields, mandatory, phoneFields }) => [
    title,
    label,
    `\`${module}\``,
    createFields.map((field) => (mandatory.includes(field) ? `**${field}**` : field)).join(', '),
    phoneFields.join(', '),
  ]);
