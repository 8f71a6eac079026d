import type { Edge } from '@xyflow/react';
import type { Draft, DraftModule, Layout } from './draft.ts';
import { exitsOf } from './exits.ts';
import { heightOf, moduleWidth, placesOf } from './layout.ts';
import { exitAt, type FlowProblem } from './problems.ts';
import type { Way } from './way.ts';

/** What is drawn around the flow itself. */
export interface Shown {
  readonly selected: string | undefined;
  readonly selectedEdge: string | undefined;
  readonly problems: readonly FlowProblem[];
  readonly way: Way;
  /** Where modules are while they are dragged. */
  readonly moving: Layout;
}

/** The name of an edge: ids hold no blanks. */
const edgeId = (module: string, exit: string): string => `${module} ${exit}`;

/** The modules as the library for graphs wants them. */
export function nodesOf(
  draft: Draft,
  { selected, problems, way, moving }: Shown,
  wordsOf: (module: DraftModule) => string,
) {
  const places = placesOf(draft);
  return draft.modules.map((module) => {
    const { id } = module;
    const size = { width: moduleWidth, height: heightOf(module) };
    return {
      id,
      type: 'module' as const,
      position: moving[id] ?? places[id] ?? { x: 0, y: 0 },
      ...size,
      measured: size,
      selected: id === selected,
      ariaLabel: wordsOf(module),
      data: {
        module,
        isStart: id === draft.start,
        problems: problems.filter((problem) => problem.module === id).length,
        way: way.at === id ? ('here' as const) : way.modules.has(id) ? ('passed' as const) : ('none' as const),
      },
    };
  });
}

/** Its ways out that lead somewhere. */
export function edgesOf(draft: Draft, { selectedEdge, problems, way }: Shown, wordsOf: EdgeWords): Edge[] {
  const ids = new Set(draft.modules.map(({ id }) => id));
  const wrong = new Set(problems.map((problem) => edgeId(problem.module ?? '', exitAt(draft, problem) ?? '')));
  return draft.modules.flatMap((module) =>
    exitsOf(module).flatMap((exit): Edge[] => {
      if (exit.to === undefined || !ids.has(exit.to)) return [];
      const id = edgeId(module.id, exit.key);
      const looks = wrong.has(id) ? 'wrong' : way.exits.has(id) ? 'taken' : 'plain';
      return [
        {
          id,
          source: module.id,
          sourceHandle: exit.key,
          target: exit.to,
          targetHandle: 'in',
          type: 'smoothstep',
          selected: id === selectedEdge,
          ariaLabel: wordsOf(module, exit.key),
          ...edgeLooks[looks],
        },
      ];
    }),
  );
}

type EdgeWords = (module: DraftModule, exit: string) => string;

const looksOf = (colour: string | undefined, strokeWidth: number, dashes?: string): Partial<Edge> => ({
  markerEnd: {
    type: 'arrowclosed' as never,
    width: 18,
    height: 18,
    ...(colour === undefined ? {} : { color: colour }),
  },
  style: {
    strokeWidth,
    ...(colour === undefined ? {} : { stroke: colour }),
    ...(dashes === undefined ? {} : { strokeDasharray: dashes }),
  },
  zIndex: strokeWidth > 2 ? 1 : 0,
});

const edgeLooks = {
  plain: looksOf(undefined, 1.5),
  taken: looksOf('var(--mantine-color-teal-6)', 3),
  wrong: looksOf('var(--mantine-color-red-6)', 2, '6 4'),
};
