import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { nearest } from './nearest.ts';
import { maskUrl, Secret } from './secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of the house that belong to the command line or to tests, so no service may call them a typo. */
const knownElsewhere = [
  'PATCHCORD_URL',
  'PATCHCORD_TOKEN',
  'PATCHCORD_TEST_SERVERS',
  'PATCHCORD_ASTERISK',
  'PATCHCORD_CHROMIUM',
  'PATCHCORD_SCREENSHOTS',
  'PATCHCORD_DATA',
];
const PREFIX = 'PATCHCORD_';

/** An object schema whose keys are names of environment variables. */
export type SettingsSchema<Values> = z.ZodObject & z.ZodType<Values>;

/** Everything that is wrong with the environment, at once. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings are not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

export interface SettingsOptions {
  /** Further `PATCHCORD_` variables that are none of this schema but no typo either. */
  readonly alsoKnown?: readonly string[];
}

/**
 * Reads a service's settings from its environment. Keys of the schema are the variables' names. An empty variable
 * counts as not set; `X_FILE` names a file that holds the value of `X`. An unknown variable with the prefix
 * `PATCHCORD_` is an error.
 *
 * @throws SettingsError with every problem: which variable, what was expected, what to do. Values are never shown.
 */
export function settings<Values>(
  schema: SettingsSchema<Values>,
  env: Environment,
  options: SettingsOptions = {},
): Values {
  const names = Object.keys(schema.shape);
  const problems: string[] = [];
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = readVariable(name, env, problems);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  problems.push(...unknownVariables(names, env, options.alsoKnown ?? []));
  const parsed = schema.safeParse(given);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => describe(issue, schema, given)));
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return parsed.data;
}

function readVariable(name: string, env: Environment, problems: string[]): string | undefined {
  const value = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return value;
  if (value !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set: expected one of them. Unset one.`);
    return value;
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    problems.push(`${name}_FILE: expected a readable file${code}. Correct the path, or set ${name} itself.`);
    return undefined;
  }
}

function unknownVariables(names: readonly string[], env: Environment, alsoKnown: readonly string[]): string[] {
  const known = [...names, ...alsoKnown, ...knownElsewhere].flatMap((name) => [name, `${name}_FILE`]);
  const ours = known.filter((name) => name.startsWith(PREFIX));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) => {
      const guess = nearest(name, ours);
      const remedy = guess === undefined ? 'Unset it.' : `Did you mean ${guess}? Otherwise unset it.`;
      return `${name} is not a setting of this service. ${remedy}`;
    });
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodObject, given: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0] ?? '');
  const field = schema.shape[name];
  const example = field instanceof z.ZodType ? field.meta()?.example : undefined;
  const suggestion = typeof example === 'string' ? `, e.g. ${name}=${example}` : '';
  const optional = field instanceof z.ZodType && field.safeParse(undefined).success;
  if (given[name] === undefined) {
    const meaning = field instanceof z.ZodType ? field.meta()?.description : undefined;
    return `${name} is not set: expected ${meaning ?? 'a value'}. Set it${suggestion}.`;
  }
  return `${name}: ${issue.message}. Correct it${suggestion}${optional ? ', or unset it to take the default' : ''}.`;
}

/** The settings as one line of a log may show them: secrets and passwords masked. */
export function settingsSummary(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, masked(value)]));
}

function masked(value: unknown): unknown {
  if (value instanceof Secret) return value.toString();
  if (typeof value === 'string') return value.split(',').map(maskUrl).join(',');
  return value;
}
