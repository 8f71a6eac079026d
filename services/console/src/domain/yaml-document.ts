import { type Document, isNode, isScalar, LineCounter, parseDocument, visit, type YAMLMap } from 'yaml';
import type { DocumentPath } from './config-document.ts';

/** A text as data, and the line on which a place of it stands. */
export type YamlDocument =
  | { readonly ok: true; readonly value: unknown; readonly lineOf: (path: DocumentPath) => number | undefined }
  | { readonly ok: false; readonly line: number | undefined; readonly message: string };

/** Looking one up costs as much as the document is long. */
const maxAliases = 100;

/** Reads YAML 1.2 (so also JSON). Aliases are bounded: a few lines may not become gigabytes. */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  // The parser's own search for keys that stand twice compares each with each.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: false });
  const refused = (message: string, offset?: number): YamlDocument => ({
    ok: false,
    line: offset === undefined ? undefined : lines.linePos(offset).line,
    message,
  });
  const [error] = document.errors;
  if (error !== undefined) return refused(error.message, error.pos[0]);
  try {
    const problem = problemIn(document);
    if (problem !== undefined) return refused(problem.message, problem.offset);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { ok: true, value, lineOf: (path) => lineOf(document, lines, path) };
  } catch (error_) {
    return refused(error_ instanceof Error ? error_.message : 'cannot be read');
  }
}

interface Problem {
  readonly message: string;
  readonly offset: number | undefined;
}

function problemIn(document: Document): Problem | undefined {
  let aliases = 0;
  let problem: Problem | undefined;
  const note = (found: Problem | undefined): symbol | undefined => {
    problem = found;
    return found === undefined ? undefined : visit.BREAK;
  };
  visit(document, {
    Alias: (_key, { range }) => {
      aliases += 1;
      const message = `expected at most ${maxAliases} aliases`;
      return note(aliases > maxAliases ? { message, offset: range?.[0] } : undefined);
    },
    Map: (_key, map) => note(keyTwice(map)),
  });
  return problem;
}

function keyTwice({ items }: YAMLMap): Problem | undefined {
  const seen = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const message = `the key "${String(key.value)}" stands already in this map`;
    if (seen.has(key.value)) return { message, offset: key.range?.[0] };
    seen.add(key.value);
  }
  return undefined;
}

/** The line of the place itself, or of the nearest thing around it that is there. */
function lineOf(document: Document, lines: LineCounter, path: DocumentPath): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
