import { parseTemplate, type ValueTemplate } from '@patchcord/contracts';
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
