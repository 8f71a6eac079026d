import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/**
 * One line per span, indented under its parent. Siblings are in the order of their text, so that the same work gives
 * the same tree however it was scheduled. Spans whose parent is not in the list are roots.
 */
export function spanTree(spans: readonly ReadableSpan[]): string[] {
  const known = new Set(spans.map((span) => span.spanContext().spanId));
  const children = Map.groupBy(spans, (span) => {
    const parent = span.parentSpanContext?.spanId;
    return parent !== undefined && known.has(parent) ? parent : 'root';
  });
  const under = (parent: string, depth: number): string[] =>
    (children.get(parent) ?? [])
      .map((span) => ['  '.repeat(depth) + span.name, ...under(span.spanContext().spanId, depth + 1)].join('\n'))
      .toSorted();
  return under('root', 0).flatMap((branch) => branch.split('\n'));
}

const depthOf = (line: string): number => line.length - line.trimStart().length;

/** The part of a tree that the first span of this name begins, moved to the left edge. */
export function spanBranch(tree: readonly string[], name: string): string[] {
  const from = tree.findIndex((line) => line.trim() === name);
  const depth = depthOf(tree[from] ?? '');
  const rest = tree.slice(from + 1);
  const length = rest.findIndex((line) => depthOf(line) <= depth);
  return tree.slice(from, length === -1 ? undefined : from + 1 + length).map((line) => line.slice(depth));
}
