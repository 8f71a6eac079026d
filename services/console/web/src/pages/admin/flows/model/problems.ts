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
}

/**
 * What the API refused, by module. Paths are those of a schema (`modules[3].options.1`), of a document
 * (`flow[0].modules[3]`) or of a reference (`flow/menu.modules[3].automation`).
 */
export function problemsOf(draft: Pick<Draft, 'modules'>, issues: readonly Issue[]): FlowProblem[] {
  return issues.map(({ path, message }) => {
    const place = path.replace(/^flow(\[\d+\]|\/[^.]+)\.?/, '');
    const [, at, rest = ''] = /^modules\[(\d+)\]\.?(.*)$/.exec(place) ?? [];
    const module = at === undefined ? undefined : draft.modules[Number(at)];
    if (module === undefined) return { field: dotted(place), message };
    return { module: module.id, field: dotted(rest), message };
  });
}

const dotted = (path: string): string => path.replace(/\[(\d+)\]/g, '.$1').replace(/^\./, '');

/** The first problem of a field, or of something in it. */
export const problemAt = (problems: readonly FlowProblem[], field: string): string | undefined =>
  problems.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.message;

/** The way out that a problem is about. */
export function exitAt(draft: Draft, { module: id, field }: FlowProblem): string | undefined {
  const module = draft.modules.find((one) => one.id === id);
  if (module === undefined) return undefined;
  return exitsOf(module).find(({ key }) => field === key || field.startsWith(`${key}.`))?.key;
}
