import { type FlowModuleOf, sessionValueProblem } from '@patchcord/contracts';
import { renderValue } from '@patchcord/expressions';
import { type Behaviour, go } from './behaviour.ts';

/** Writes variables. All see the values from before; one that cannot be written is left as it is. */
export const setVariables: Behaviour<FlowModuleOf<'set-variables'>> = {
  open: (run, module) => {
    const scope = run.scope();
    const changes: Record<string, unknown> = {};
    for (const [name, template] of Object.entries(module.variables)) {
      const value = renderValue(template, scope);
      const problem = value === null ? undefined : sessionValueProblem(value);
      if (problem === undefined) changes[name] = value;
      else run.note(module, { about: 'text', text: `"${name}" is not written: expected ${problem}` });
    }
    if (Object.keys(changes).length > 0) run.write(changes);
    return go(module.next);
  },
};
