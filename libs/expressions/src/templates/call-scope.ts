import type { Expression, Session } from '@patchcord/contracts';
import { callNames } from './call-names.ts';
import { type CallView, callView, type ViewOptions } from './call-view.ts';
import { descend, entriesUnder, lookUp } from './descend.ts';
import type { ExpressionEntry, KnownName } from './known-names.ts';
import { partNames } from './part-names.ts';
import type { Evaluation, Scope } from './scope.ts';

export interface ScopeOptions extends ViewOptions {
  /**
   * More values by full name, e.g. `event.name`, or those of a test. Their namespaces become known, and they win over
   * what the session has.
   */
  readonly values?: Readonly<Record<string, unknown>>;
}

const known: ReadonlyMap<string, KnownName> = new Map([...callNames, ...partNames].map((one) => [one.name, one]));

/** Namespaces whose names are all known. */
const closed: ReadonlySet<string> = new Set([...known.keys()].map((name) => name.split('.')[0] ?? ''));

/** Namespaces whose names others choose. */
const open: ReadonlySet<string> = new Set(['ivr', 'app', 'var']);

const omlcrm = /^omlcrm/i;

/** The values of a call, as expressions name them ({@link expressionCatalogue}). Nothing of the session is copied. */
export function callScope(session: Session, { values = {}, ...options }: ScopeOptions = {}): Scope {
  const view = callView(session, options);
  const added = new Set(Object.keys(values).map((name) => name.split('.')[0] ?? ''));
  return {
    evaluate: (expression) => {
      const given = lookUp(values, expression.path);
      return 'found' in given && given.found ? given : evaluateIn(view, expression, added);
    },
    names: () => [...new Set([...Object.keys(values), ...namesIn(view)])],
  };
}

function evaluateIn(view: CallView, { name, path }: Expression, added: ReadonlySet<string>): Evaluation {
  const [namespace = ''] = path;
  if (closed.has(namespace)) return knownValue(view, path);
  if (open.has(namespace)) return openValue(view.session, namespace, path);
  if (omlcrm.test(namespace)) return dialplanValue(view.session, name);
  if (added.has(namespace)) return { found: false };
  return { error: `there is no "${namespace}" here, only ${[...new Set([...closed, ...open, ...added])].join(', ')}` };
}

/** The longest name that begins the path, and what its value holds under the rest. */
function knownValue(view: CallView, path: readonly string[]): Evaluation {
  for (let length = path.length; length > 1; length -= 1) {
    const entry = known.get(path.slice(0, length).join('.'));
    if (entry !== undefined) return within(entry.read(view), path, length);
  }
  return unknownName(path);
}

function within(value: unknown, path: readonly string[], length: number): Evaluation {
  if (value === undefined) return { found: false };
  const isLeaf = typeof value !== 'object' && length < path.length;
  return isLeaf ? unknownName(path) : descend(value, path.slice(length));
}

const unknownName = (path: readonly string[]): Evaluation => ({
  found: false,
  note: `no call ever has "${path.join('.')}": the catalogue of expressions lists what there is`,
});

/** A namespace alone is all that it holds, as an object. */
function openValue({ data = {}, variables }: Session, namespace: string, path: readonly string[]): Evaluation {
  const isVariable = namespace === 'var';
  if (path.length > 1) return isVariable ? lookUp(variables, path.slice(1)) : lookUp(data, path);
  const entries = isVariable ? entriesUnder(variables, '') : entriesUnder(data, `${namespace}.`);
  return entries === undefined ? { found: false } : { found: true, value: entries };
}

/** OMniLeads stores these names capitalised, so case tells nothing apart. */
function dialplanValue({ variables }: Session, name: string): Evaluation {
  if (Object.hasOwn(variables, name)) return { found: true, value: variables[name] };
  const wanted = name.toLowerCase();
  const same = Object.entries(variables).find(([one]) => one.toLowerCase() === wanted);
  return same === undefined ? { found: false } : { found: true, value: same[1] };
}

/** Names of fixed words that have a value, and those that others chose. */
function namesIn(view: CallView): string[] {
  const { data = {}, variables } = view.session;
  const written = Object.keys(data).filter((name) => /^(?:ivr|app)\./.test(name));
  return [
    ...[...known.values()].filter(({ read }) => read(view) !== undefined).map(({ name }) => name),
    ...['ivr', 'app'].filter((namespace) => written.some((name) => name.startsWith(`${namespace}.`))),
    ...written,
    ...(Object.keys(variables).length === 0 ? [] : ['var']),
    ...Object.keys(variables).flatMap((name) => [`var.${name}`, ...(omlcrm.test(name) ? [name] : [])]),
  ];
}

const free = (
  name: string,
  group: ExpressionEntry['group'],
  label: string,
  more: Pick<ExpressionEntry, 'type' | 'example' | 'since'>,
): ExpressionEntry => ({ name, label, group, ...more });

const written = 'session.changed';

/** Every name that an expression can have in a call. */
export const expressionCatalogue: readonly ExpressionEntry[] = [
  ...[...known.values()].map(({ name, label, type, group, example, since }) => ({
    name,
    label,
    type,
    group,
    example,
    since,
  })),
  free('ivr', 'session', 'all that was written under `ivr.`', {
    type: 'object',
    example: { email: 'ann@example.com' },
    since: written,
  }),
  free('ivr.<name>', 'session', 'what a CRM or another system wrote into the call', {
    type: 'any',
    example: 'ann@example.com',
    since: written,
  }),
  free('app', 'session', 'all that was written under `app.`', {
    type: 'object',
    example: { priority: 'high' },
    since: written,
  }),
  free('app.<name>', 'session', 'what a flow or an application wrote', {
    type: 'any',
    example: 'high',
    since: written,
  }),
  free('app.inputReader.<variable>', 'session', 'what the caller entered in an input reader', {
    type: 'text',
    example: '4711ABC',
    since: written,
  }),
  free('var', 'variable', 'all variables of the PBX', {
    type: 'object',
    example: { CAMPAIGN: 'spring' },
    since: 'call.variables-set',
  }),
  free('var.<NAME>', 'variable', 'a variable of the PBX', {
    type: 'text',
    example: 'spring',
    since: 'call.variables-set',
  }),
  free('Omlcrm<name>', 'variable', 'a variable that the dialplan means for the CRM, in any case', {
    type: 'text',
    example: '4711',
    since: 'call.variables-set',
  }),
];
