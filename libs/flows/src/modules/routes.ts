import type { FlowModule, FlowRoute } from '@patchcord/contracts';
import { firstMatch, type UseResult } from '@patchcord/expressions';
import type { TriedRoute } from '../effects.ts';
import type { Run } from '../run.ts';

/** The module of the first route that fires, by priority; else `next`. Notes which and why. */
export function chooseRoute(
  run: Run,
  module: FlowModule & { readonly routes: readonly FlowRoute[]; readonly next?: string | undefined },
): string | undefined {
  if (module.routes.length === 0) return module.next;
  const { match, tried } = firstMatch(module.routes, run.context.triggers, run.scope());
  const text =
    match === undefined
      ? 'no route fires: the module after the flow'
      : `route ${module.routes.indexOf(match) + 1}: trigger "${match.when.trigger}" ${match.when.invert ? 'does not fire, as asked' : 'fires'}`;
  run.note(module, { about: 'route', text, tried: tried.map((one) => triedRoute(one.way, one)) });
  return match === undefined ? module.next : match.module;
}

function triedRoute({ when, module }: FlowRoute, { fires, result, note }: UseResult): TriedRoute {
  const notes = [note, ...(result?.conditions ?? []).map((one) => one.note)].filter((one) => one !== undefined);
  return { trigger: when.trigger, module, fires, ...(notes.length === 0 ? {} : { note: notes.join('; ') }) };
}
