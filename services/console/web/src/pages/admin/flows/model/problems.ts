import type { Issue } from '../../../../api/client.ts';
import type { Draft } from './draft.ts';
import { exitsOf } from './exits.ts';

/** Something that keeps a flow from being saved, and where. */
export interface FlowProblem {
  /** Id of the module; absent: of the flow itself. */
  readonly module?: string;
  /** Within the module or the flow, with dots: `routes.0.when.trigger`, `start`. */
  readonly field: string;
  readonly message: string;
  /** Nothing stands there: what kind of text it would have to be is no help. */
  readonly empty?: true;
}

/**
 * What the API refused, by module. Paths are those of a schema (`modules[3].options.1`), of a document
 * (`flow[0].modules[3]`) or of a reference (`flow/menu.modules[3].automation`).
 */
export function problemsOf(draft: Pick<Draft, 'modules'>, issues: readonly Issue[]): FlowProblem[] {
  const all = issues.map(({ path, message }): FlowProblem => {
    const place = path.replace(/^flow(\[\d+\]|\/[^.]+)\.?/, '');
    const [, at, rest = ''] = /^modules\[(\d+)\]\.?(.*)$/.exec(place) ?? [];
    const module = at === undefined ? undefined : draft.modules[Number(at)];
    if (module === undefined) return { field: dotted(place), message };
    const field = dotted(rest);
    return { module: module.id, field, message, ...(isEmpty(module, field) ? { empty: true } : {}) };
  });
  // Of one field the first objection is enough.
  const first = new Map(all.toReversed().map((one) => [`${one.module} ${one.field}`, one]));
  return all.filter((one) => first.get(`${one.module} ${one.field}`) === one);
}

function isEmpty(module: object, field: string): boolean {
  if (field === '') return false;
  let value: unknown = module;
  for (const key of field.split('.')) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Record<string, unknown>)[key];
  }
  return value === '' || value === undefined;
}

const dotted = (path: string): string => path.replace(/\[(\d+)\]/g, '.$1').replace(/^\./, '');

/** The first problem of a field, or of something in it. */
export const problemAt = (problems: readonly FlowProblem[], field: string): FlowProblem | undefined =>
  problems.find((one) => one.field === field || one.field.startsWith(`${field}.`));

/** The way out that a problem is about. */
export function exitAt(draft: Draft, { module: id, field }: FlowProblem): string | undefined {
  const module = draft.modules.find((one) => one.id === id);
  if (module === undefined) return undefined;
  return exitsOf(module).find(({ key }) => field === key || field.startsWith(`${key}.`))?.key;
}
