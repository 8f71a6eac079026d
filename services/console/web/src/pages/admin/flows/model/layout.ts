import { layout as arrange, Graph } from '@dagrejs/dagre';
import type { Draft, DraftModule, Layout, Place } from './draft.ts';
import { exitsOf, newExitOf } from './exits.ts';

/** Measures of a module in the graph, in pixels; its style sheet has the same. */
export const moduleWidth = 232;
const [headerHeight, rowHeight, automationsHeight] = [58, 26, 26];

export function heightOf(module: DraftModule): number {
  const rows = exitsOf(module).length + (newExitOf(module) === undefined ? 0 : 1);
  const automations = (module.automations ?? []).length > 0 ? automationsHeight : 0;
  return headerHeight + rows * rowHeight + automations + 2;
}

/** Where each module stands: where it was put, or in the order in which a call comes through. */
export function placesOf(draft: Draft): Layout {
  const { layout, modules } = draft;
  if (layout === undefined) return arranged(draft);
  const missing = modules.filter(({ id }) => layout[id] === undefined);
  if (missing.length === 0) return layout;
  const automatic = arranged(draft);
  const places: Record<string, Place> = { ...layout };
  for (const module of missing) {
    const wanted = automatic[module.id] ?? { x: 0, y: 0 };
    places[module.id] = freePlace(modules, places, wanted, heightOf(module));
  }
  return places;
}

function arranged({ modules, start }: Draft): Layout {
  const graph = new Graph({ directed: true, multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 32, ranksep: 56 });
  graph.setDefaultEdgeLabel(() => ({}));
  const first = modules.filter(({ id }) => id === start);
  for (const module of [...first, ...modules.filter(({ id }) => id !== start)])
    graph.setNode(module.id, { width: moduleWidth, height: heightOf(module) });
  for (const module of modules)
    for (const { key, to } of exitsOf(module))
      if (to !== undefined && to !== module.id && graph.hasNode(to)) graph.setEdge(module.id, to, {}, key);
  arrange(graph);
  return Object.fromEntries(modules.map((module) => [module.id, cornerOf(graph.node(module.id), module)]));
}

/** Dagre tells where the middle is. */
const cornerOf = ({ x = 0, y = 0 }: { readonly x?: number; readonly y?: number }, module: DraftModule): Place => ({
  x: Math.round(x - moduleWidth / 2),
  y: Math.round(y - heightOf(module) / 2),
});

/** The place that is wanted, or the next one below it where nothing stands. */
export function freePlace(modules: readonly DraftModule[], places: Layout, wanted: Place, height: number): Place {
  const gap = 24;
  let { y } = wanted;
  for (let moved = true; moved; ) {
    moved = false;
    for (const module of modules) {
      const other = places[module.id];
      if (other === undefined || Math.abs(other.x - wanted.x) >= moduleWidth + gap) continue;
      const bottom = other.y + heightOf(module) + gap;
      if (y < bottom && other.y < y + height + gap) {
        y = bottom;
        moved = true;
      }
    }
  }
  return { x: wanted.x, y };
}
