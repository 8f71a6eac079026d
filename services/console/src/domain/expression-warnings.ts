import {
  type ConfigKind,
  callPlaceholders,
  configKinds,
  type Expression,
  parseExpression,
  parseTemplate,
  placeholdersOf,
  type TenantConfig,
} from '@patchcord/contracts';
import { unknownNameMessage } from '@patchcord/expressions';
import type { ConfigWarning } from './config-warnings.ts';

/** Kinds whose texts are templates; in those of others only placeholders of known namespaces are told from text. */
const ofTemplates: ReadonlySet<ConfigKind> = new Set(['flow', 'trigger', 'automation']);

/** Whoever has put these right sees the next: to find what was meant by a name takes a while. */
const mostWarnings = 200;

/**
 * Expressions anywhere in the configuration that no call can ever have a value for: mostly a typing error. The first of
 * too many.
 */
export const expressionWarnings = (config: TenantConfig): ConfigWarning[] => [...warningsIn(config).take(mostWarnings)];

function* warningsIn(config: TenantConfig): Generator<ConfigWarning, undefined> {
  for (const kind of configKinds) {
    for (const entity of config[kind].values()) {
      for (const { path, text } of textsIn(entity, '')) {
        for (const message of messagesOf(kind, path, text)) yield { kind, id: entity.id, path, message };
      }
    }
  }
}

interface Placed {
  readonly path: string;
  readonly text: string;
}

/** Every text that may be or hold an expression, with its place: `modules[0].prompts[1].text`. */
function textsIn(value: unknown, path: string): Placed[] {
  if (typeof value === 'string') return isBare(path) || value.includes('{') ? [{ path, text: value }] : [];
  if (Array.isArray(value)) return value.flatMap((one, at) => textsIn(one, `${path}[${at}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => textsIn(one, path === '' ? key : `${path}.${key}`));
}

/** A field that is an expression, with or without braces. */
const isBare = (path: string): boolean => /(^|\.)expression$/.test(path);

/** Each name once. */
function* messagesOf(kind: ConfigKind, path: string, text: string): Generator<string, undefined> {
  const expressions = new Map(expressionsIn(kind, path, text).map((expression) => [expression.name, expression]));
  for (const expression of expressions.values()) {
    const message = unknownNameMessage(expression);
    if (message !== undefined) yield message;
  }
}

function expressionsIn(kind: ConfigKind, path: string, text: string): Expression[] {
  if (isBare(path)) {
    const parsed = parseExpression(text);
    return parsed.ok ? [parsed.expression] : [];
  }
  if (!ofTemplates.has(kind)) return callPlaceholders(text);
  const parsed = parseTemplate(text);
  // Without a dot it is rather the brace of a pattern: \p{L}.
  return parsed.ok ? placeholdersOf(parsed.template).filter(({ path: parts }) => parts.length > 1) : [];
}
