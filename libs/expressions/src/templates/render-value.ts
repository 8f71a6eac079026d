import { jsonBytes, parseTemplate, type ValueTemplate } from '@patchcord/contracts';
import { renderTemplate } from './render.ts';
import { evaluate, isGiven, type Scope } from './scope.ts';

/** What a configured value comes to. A single placeholder keeps the type of its value, and is null without one. */
export function renderValue(template: ValueTemplate, scope: Scope): unknown {
  if (typeof template !== 'string') return template;
  const parsed = parseTemplate(template);
  if (!parsed.ok) return null;
  const [only, ...others] = parsed.template.parts;
  if (typeof only === 'object' && others.length === 0) {
    const evaluation = evaluate(only, scope);
    return 'found' in evaluation && evaluation.found && isGiven(evaluation)
      ? evaluation.value
      : (only.fallback ?? null);
  }
  return renderTemplate(parsed.template, scope, 'none').text;
}

/** Most that all values of one thing that is sent may come to (bytes of JSON). */
const maxBytes = 262_144;

/** Configured values by name. Those for which there is no room any more are left out, and a note says so. */
export function renderBounded(
  templates: Readonly<Record<string, ValueTemplate>>,
  scope: Scope,
  notes: string[],
): Record<string, unknown> {
  let left = maxBytes;
  const entries = Object.entries(templates).flatMap(([name, template]) => {
    const value = left > 0 ? renderValue(template, scope) : null;
    const bytes = left > 0 ? jsonBytes(value) : 1;
    if (bytes <= left) {
      left -= bytes;
      return [[name, value] as const];
    }
    notes.push(`"${name}" is left out: the values are longer than ${maxBytes} bytes`);
    return [];
  });
  return Object.fromEntries(entries);
}
