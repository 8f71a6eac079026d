import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { DocumentPath } from './config-document.ts';

/** A text as data, and the line on which a place of it stands. */
export type YamlDocument =
  | { readonly ok: true; readonly value: unknown; readonly lineOf: (path: DocumentPath) => number | undefined }
  | { readonly ok: false; readonly line: number | undefined; readonly message: string };

/** Reads YAML 1.2 (so also JSON). Aliases are bounded: a few lines may not become gigabytes. */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const [error] = document.errors;
  if (error !== undefined) {
    return { ok: false, line: lines.linePos(error.pos[0]).line, message: error.message };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { ok: true, value, lineOf: (path) => lineOf(document, lines, path) };
  } catch (error_) {
    return { ok: false, line: undefined, message: error_ instanceof Error ? error_.message : 'cannot be read' };
  }
}

/** The line of the place itself, or of the nearest thing around it that is there. */
function lineOf(document: Document, lines: LineCounter, path: DocumentPath): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
