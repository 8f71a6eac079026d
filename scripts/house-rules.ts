import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Which packages the source of a package may import. Everything not named here is refused. */
const libRules: Record<string, readonly string[]> = {
  contracts: [],
  expressions: ['contracts'],
  'call-model': ['contracts', 'expressions'],
  flows: ['contracts', 'expressions'],
  asterisk: ['contracts'],
  egress: ['contracts'],
  bus: ['contracts'],
  jobs: ['contracts'],
  connectors: ['contracts', 'expressions', 'egress'],
  contacts: ['contracts', 'expressions'],
  runtime: [
    'contracts',
    'expressions',
    'call-model',
    'flows',
    'asterisk',
    'egress',
    'bus',
    'jobs',
    'connectors',
    'contacts',
  ],
  testkit: ['contracts'],
};

const libs = Object.keys(libRules);
const serviceLibs = libs.filter((lib) => lib !== 'testkit');
const services = ['call-ingest', 'session-store', 'routing-decider', 'crm-dispatcher', 'disposition', 'console'];

/** Libs and services alike: a part of the house and what its source may use. */
export const houseRules: Record<string, readonly string[]> = {
  ...Object.fromEntries(libs.map((lib) => [`libs/${lib}`, libRules[lib] ?? []])),
  ...Object.fromEntries(services.map((service) => [`services/${service}`, serviceLibs])),
  // It runs in browsers: of the house it knows the words, and asks the API for the rest.
  'services/console/web': ['contracts'],
  'deploy/standalone': [...libs, ...services],
  'deploy/cli': [...serviceLibs, ...services],
};

export interface WrongArrow {
  readonly file: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const importPattern = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/;

/** All imports of `root`'s packages that the rule of the house forbids. */
export function wrongArrows(root: string): WrongArrow[] {
  return Object.entries(houseRules).flatMap(([part, allowed]) =>
    sources(join(root, part, 'src')).flatMap((file) => arrowsOfFile(root, part, allowed, file)),
  );
}

function arrowsOfFile(root: string, part: string, allowed: readonly string[], file: string): WrongArrow[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((text, at) => {
    const specifier = importPattern.exec(text)?.[1];
    const why = specifier === undefined ? undefined : objection(root, part, allowed, { file, specifier });
    if (specifier === undefined || why === undefined) return [];
    return [{ file: relative(root, file), line: at + 1, from: part, to: specifier, why }];
  });
}

function objection(
  root: string,
  part: string,
  allowed: readonly string[],
  found: { file: string; specifier: string },
): string | undefined {
  const { file, specifier } = found;
  if (specifier.startsWith('.')) {
    const target = relative(root, join(file, '..', specifier));
    return target.startsWith(`${part}/`) ? undefined : `reaches into ${target} instead of importing its package`;
  }
  const name = /^@patchcord\/([^/]+)/.exec(specifier)?.[1];
  if (name === undefined || allowed.includes(name)) return undefined;
  return `${part} may use ${allowed.length === 0 ? 'no other part' : allowed.join(', ')}`;
}

function sources(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}
