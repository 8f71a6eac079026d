import { type FlowExit, flowExits } from './flow-graph.ts';
import type { FlowModule } from './flow-modules.ts';

/** The schema's own types follow from the schema. */
interface FlowParts {
  readonly start: string;
  readonly modules: readonly FlowModule[];
}

interface FlowProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What keeps modules from being a flow: what a caller would otherwise find out. */
export function flowProblems(flow: FlowParts): FlowProblem[] {
  const broken = [...repeatedIds(flow), ...unknownModules(flow)];
  return broken.length > 0 ? broken : [...unreachable(flow), ...endlessLoops(flow)];
}

const at = (flow: FlowParts, id: string): number => flow.modules.findIndex((module) => module.id === id);

function repeatedIds({ modules }: FlowParts): FlowProblem[] {
  const first = new Map<string, number>();
  return modules.flatMap(({ id }, position) => {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, position);
    if (earlier === undefined) return [];
    const message = `expected an id of its own: modules[${earlier}] is "${id}" already`;
    return [{ path: ['modules', position, 'id'], message }];
  });
}

function unknownModules(flow: FlowParts): FlowProblem[] {
  const ids = new Set(flow.modules.map(({ id }) => id));
  const message = (id: string): string => `expected the id of a module of this flow: there is no "${id}"`;
  const start = ids.has(flow.start) ? [] : [{ path: ['start'], message: message(flow.start) }];
  const exits = flow.modules.flatMap((module, position) =>
    flowExits(module)
      .filter(({ to }) => !ids.has(to))
      .map(({ path, to }) => ({ path: ['modules', position, ...path], message: message(to) })),
  );
  return [...start, ...exits];
}

function unreachable(flow: FlowParts): FlowProblem[] {
  const exits = new Map(flow.modules.map((module) => [module.id, flowExits(module)]));
  const seen = new Set([flow.start]);
  for (const id of seen) for (const { to } of exits.get(id) ?? []) seen.add(to);
  return flow.modules.flatMap(({ id }, position) => {
    const message = `expected a way to "${id}" from "${flow.start}": let another module lead to it, or remove it`;
    return seen.has(id) ? [] : [{ path: ['modules', position], message }];
  });
}

type Edges = Map<string, readonly FlowExit[]>;

/** Each way round that no caller and no time stops, one at a time where they share modules. */
function endlessLoops(flow: FlowParts): FlowProblem[] {
  const edges: Edges = new Map(
    flow.modules.map((module) => [module.id, flowExits(module).filter(({ waits }) => !waits)]),
  );
  const problems: FlowProblem[] = [];
  for (let loop = loopIn(edges); loop !== undefined; loop = loopIn(edges)) {
    problems.push(loopProblem(flow, loop, edges));
    for (const id of loop) edges.delete(id);
  }
  return problems;
}

/** What is left when modules that lead nowhere are taken away leads round. */
function loopIn(edges: Edges): string[] | undefined {
  const left = new Map(edges);
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [id, exits] of left) if (!exits.some(({ to }) => left.has(to))) left.delete(id);
  }
  const [first] = left.keys();
  return first === undefined ? undefined : walk(left, first);
}

/** Follows the first ways until one comes back to where it was. */
function walk(edges: Edges, first: string): string[] {
  const path: string[] = [];
  let id: string | undefined = first;
  while (id !== undefined && !path.includes(id)) {
    path.push(id);
    id = edges.get(id)?.find(({ to }) => edges.has(to))?.to;
  }
  return path.slice(path.indexOf(id ?? first));
}

function loopProblem(flow: FlowParts, loop: readonly string[], edges: Edges): FlowProblem {
  const [first = '', second = first] = loop;
  const way = [...loop, first].map((id) => `"${id}"`).join(' -> ');
  const path = edges.get(first)?.find(({ to }) => to === second)?.path ?? [];
  return {
    path: ['modules', at(flow, first), ...path],
    message: `expected no way round without waiting: ${way}. Put a module into it that waits for the caller or for time, e.g. an input-reader, or lead out of it`,
  };
}
