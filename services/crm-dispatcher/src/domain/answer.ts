import {
  type AnswerMapping,
  type AutomationOutcome,
  automationOutcomeKey,
  parseJson,
  sessionKeyProblem,
  sessionValueProblem,
} from '@patchcord/contracts';
import { descend } from '@patchcord/expressions';

export interface AnswerChanges {
  readonly changes: Readonly<Record<string, unknown>>;
  /** What is left out and why, by names and without values. */
  readonly notes: readonly string[];
}

/** What of an answer goes into the session. A path that leads nowhere leaves its variable as it is. */
export function answerChanges({ variables = {}, session }: AnswerMapping, body: string | undefined): AnswerChanges {
  const json = body === undefined ? undefined : parseJson(body);
  if (json === undefined) return { changes: {}, notes: ['the answer is no JSON, or too long to be read'] };
  const notes: string[] = [];
  const changes: Record<string, unknown> = {};
  const take = (name: string, value: unknown): void => {
    const problem = ownNameProblem(name) ?? sessionKeyProblem(name) ?? sessionValueProblem(value);
    if (problem === undefined) changes[name] = value;
    else notes.push(`${shownName(name)} is left out: expected ${problem}`);
  };
  if (session !== undefined) for (const [name, value] of sessionOf(json, session, notes)) take(name, value);
  for (const [name, path] of Object.entries(variables)) {
    const value = at(json, path);
    if (value === undefined) notes.push(`"${name}" stays as it is: the answer has nothing at "${path}"`);
    else take(name, value);
  }
  return { changes, notes: firstOf(notes) };
}

/** What somebody sends may have any number of names. */
const maxNotes = 20;

const firstOf = (notes: readonly string[]): readonly string[] =>
  notes.length <= maxNotes ? notes : [...notes.slice(0, maxNotes), `and ${notes.length - maxNotes} more are left out`];

/** What is no name may be anything: the address of a caller, for one. */
const shownName = (name: string): string =>
  /^[A-Za-z][A-Za-z0-9_.-]{0,127}$/.test(name) ? `"${name}"` : `a name of ${name.length} characters`;

/** Keys between dots; `$.` before them is allowed. Keys of lists are numbers. Undefined where there is nothing. */
function at(json: unknown, path: string): unknown {
  const evaluation = descend(
    json,
    path
      .replace(/^\$\.?/, '')
      .split('.')
      .filter((key) => key !== ''),
  );
  return 'found' in evaluation && evaluation.found ? evaluation.value : undefined;
}

function sessionOf(json: unknown, path: string, notes: string[]): [string, unknown][] {
  const found = at(json, path);
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return Object.entries(found);
  notes.push(`the answer has no object at "${path}"`);
  return [];
}

/** What flows go by is ours to write. */
const ownNameProblem = (name: string): string | undefined =>
  /^app\.(?:flow|automations|workflows)(?:\.|$)/.test(name)
    ? 'another name: "app.flow", "app.automations" and "app.workflows" are what flows go by'
    : undefined;

/** The variable by which a flow learns what became of its automation; none where a session cannot have its name. */
export function outcomeChange(automation: string, outcome: AutomationOutcome): Readonly<Record<string, unknown>> {
  const key = automationOutcomeKey(automation);
  return sessionKeyProblem(key) === undefined ? { [key]: outcome } : {};
}
