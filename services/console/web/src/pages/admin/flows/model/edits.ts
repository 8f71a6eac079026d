import { type Draft, type DraftModule, freeId, type Layout, type Place, titleOf } from './draft.ts';
import { exitsOf, withExit } from './exits.ts';

interface Added {
  readonly draft: Draft;
  /** The id of the module that is there now. */
  readonly id: string;
}

/** Adds a module; it gets a place of its own only where modules have places. */
export function addModule(draft: Draft, blank: DraftModule, place?: Place): Added {
  const id = freeId(draft, blank.id);
  const modules = [...draft.modules, { ...blank, id }];
  const layout = draft.layout === undefined || place === undefined ? draft.layout : { ...draft.layout, [id]: place };
  const start = draft.modules.length === 0 ? id : draft.start;
  return { draft: { ...draft, start, modules, ...(layout === undefined ? {} : { layout }) }, id };
}

/** A copy beside the module, with the same settings and ways; nothing leads to it yet. */
export function duplicateModule(draft: Draft, id: string): Added {
  const module = draft.modules.find((one) => one.id === id);
  if (module === undefined) return { draft, id };
  const place = draft.layout?.[id];
  const copy = module.name === undefined ? module : { ...module, name: `${module.name} 2`.slice(0, 128) };
  return addModule(draft, copy, place === undefined ? undefined : { x: place.x + 40, y: place.y + 60 });
}

/** Takes a module away; what led to it leads nowhere. A flow that began there begins where the module first led. */
export function removeModule(draft: Draft, id: string): Draft {
  const gone = draft.modules.find((module) => module.id === id);
  const modules = draft.modules.filter((module) => module.id !== id).map((module) => led(module, id, undefined));
  const after =
    gone === undefined ? [] : exitsOf(gone).flatMap(({ to }) => (to === undefined || to === id ? [] : [to]));
  const start = draft.start === id ? (after[0] ?? modules[0]?.id ?? '') : draft.start;
  return withLayout({ ...draft, start, modules }, layoutWithout(draft.layout, id));
}

/** Gives a module another id, wherever it is named. */
export function renameModule(draft: Draft, from: string, to: string): Draft {
  const modules = draft.modules.map((module) => {
    const renamed = module.id === from ? { ...module, id: to } : module;
    return led(renamed, from, to);
  });
  const place = draft.layout?.[from];
  const layout = place === undefined ? draft.layout : { ...layoutWithout(draft.layout, from), [to]: place };
  return withLayout({ ...draft, start: draft.start === from ? to : draft.start, modules }, layout);
}

const led = (module: DraftModule, from: string, to: string | undefined): DraftModule =>
  exitsOf(module)
    .filter((exit) => exit.to === from)
    .reduce((changed, { key }) => withExit(changed, key, to), module);

function layoutWithout(layout: Layout | undefined, id: string): Layout | undefined {
  if (layout === undefined) return undefined;
  const { [id]: _gone, ...rest } = layout;
  return rest;
}

/** A flow with other places; without any its modules are placed by themselves. */
export function withLayout(draft: Draft, layout: Layout | undefined): Draft {
  const { layout: _before, ...rest } = draft;
  return layout === undefined ? rest : { ...rest, layout };
}

/** What is sent to be stored: places of modules that are gone are left behind, and no field is empty by accident. */
export function forStorage(draft: Draft): Draft {
  const ids = new Set(draft.modules.map(({ id }) => id));
  if (draft.layout === undefined) return draft;
  const kept = Object.entries(draft.layout)
    .filter(([id]) => ids.has(id))
    .map(([id, { x, y }]) => [id, { x: Math.round(x), y: Math.round(y) }] as const);
  return withLayout(draft, Object.fromEntries(kept));
}

/** Modules whose name or id hold the words that somebody looks for. */
export const found = (modules: readonly DraftModule[], words: string): readonly DraftModule[] => {
  const wanted = words.trim().toLowerCase();
  return modules.filter((module) => `${titleOf(module)} ${module.id} ${module.type}`.toLowerCase().includes(wanted));
};
