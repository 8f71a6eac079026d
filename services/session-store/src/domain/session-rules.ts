import {
  type EventIssue,
  jsonBytes,
  type SessionChanges,
  type SessionWriter,
  sessionDataLimits,
  sessionDataRooms,
  sessionKeyProblem,
  sessionValueProblem,
} from '@patchcord/contracts';

/** Beginnings of the names that a writer may set. */
export type Areas = readonly ('ivr.' | 'app.')[];

/** `app.*` belongs to the call flow: an agent and a CRM write beside it. */
const areasOf: Readonly<Record<SessionWriter['kind'], Areas>> = {
  crm: ['ivr.'],
  agent: ['ivr.'],
  automation: ['ivr.', 'app.'],
  flow: ['ivr.', 'app.'],
  workflow: ['ivr.', 'app.'],
};

/** The state of the flow that runs. Whoever else wrote it would derail the call. */
const ofFlowAlone = 'app.flow.';

export interface SortedChanges {
  readonly changes: SessionChanges;
  /** What may not be written, and what to do about each. */
  readonly refused: readonly EventIssue[];
}

/** Parts the changes that this writer may make from those that nobody, or only somebody else, may. */
export function sortChanges(given: SessionChanges, by: SessionWriter, areas: Areas = areasOf[by.kind]): SortedChanges {
  const judged = Object.entries(given).map(([key, value]) => ({
    key,
    value,
    problem: problemOf(key, value, by, areas),
  }));
  return {
    changes: Object.fromEntries(
      judged.filter(({ problem }) => problem === undefined).map(({ key, value }) => [key, value]),
    ),
    refused: judged.flatMap(({ key, problem }) =>
      problem === undefined ? [] : [{ path: key.slice(0, 200), message: `expected ${problem}` }],
    ),
  };
}

const readOnly: ReadonlySet<string> = new Set([
  'call',
  'agent',
  'queue',
  'contact',
  'campaign',
  'disposition',
  'session',
]);

function problemOf(key: string, value: unknown, by: SessionWriter, areas: Areas): string | undefined {
  const [area = ''] = key.split('.');
  if (key.includes('.') && readOnly.has(area)) return `another name: "${area}.*" is read-only, write "ivr.${area}_…"`;
  if (/^[\p{L}_][\p{L}\p{M}\p{N}_-]*$/u.test(key) && key.length < 100 && !key.startsWith('__'))
    return `"ivr.${key}": a name begins with the area it belongs to`;
  return sessionKeyProblem(key) ?? areaProblem(key, by, areas) ?? sessionValueProblem(value);
}

function areaProblem(key: string, { kind }: SessionWriter, areas: Areas): string | undefined {
  if (key.startsWith(ofFlowAlone) && kind !== 'flow')
    return `another name: "${ofFlowAlone}*" belongs to the flow alone`;
  if (areas.some((area) => key.startsWith(area))) return undefined;
  if (areas.includes('ivr.'))
    return `"ivr.${key.slice('app.'.length)}": "app.*" belongs to the call flow (PUT /api/v2/calls/{id}/session/set writes it)`;
  return 'a name that begins with "app.", e.g. "app.priority"';
}

/** What is wrong with all of the data together, once it is written. */
export function dataProblem(data: SessionChanges): string | undefined {
  let others = Object.entries(data);
  for (const { prefix, ...limits } of sessionDataRooms) {
    const own = others.filter(([name]) => name.startsWith(prefix));
    if (own.length === 0) continue;
    const problem = roomProblem(own, limits, `"${prefix}*"`);
    if (problem !== undefined) return problem;
    others = others.filter(([name]) => !name.startsWith(prefix));
  }
  return roomProblem(others, sessionDataLimits, 'one session');
}

function roomProblem(
  entries: readonly (readonly [string, unknown])[],
  { keys, bytes }: { readonly keys: number; readonly bytes: number },
  where: string,
): string | undefined {
  if (entries.length > keys)
    return `at most ${keys} names in ${where}, these would be ${entries.length}: delete some with null`;
  const size = jsonBytes(Object.fromEntries(entries));
  if (size > bytes) return `at most ${bytes} bytes of JSON in ${where}, these would be ${size}: delete some with null`;
  return undefined;
}
