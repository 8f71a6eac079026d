import { type FlowModuleOf, parseTemplate, sessionValueProblem } from '@patchcord/contracts';
import { evaluate, isGiven, renderTemplate, type Scope } from '@patchcord/expressions';
import { type Behaviour, go } from './behaviour.ts';

type Value = FlowModuleOf<'set-variables'>['variables'][string];

/** Writes variables. All see the values from before; one that cannot be written is left as it is. */
export const setVariables: Behaviour<FlowModuleOf<'set-variables'>> = {
  open: (run, module) => {
    const scope = run.scope();
    const changes: Record<string, unknown> = {};
    for (const [name, template] of Object.entries(module.variables)) {
      const value = filled(template, scope);
      const problem = value === null ? undefined : sessionValueProblem(value);
      if (problem === undefined) changes[name] = value;
      else run.note(module, { about: 'text', text: `"${name}" is not written: expected ${problem}` });
    }
    if (Object.keys(changes).length > 0) run.write(changes);
    return go(module.next);
  },
};

/** A single placeholder keeps the type of its value, and without a value deletes. */
function filled(template: Value, scope: Scope): unknown {
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
