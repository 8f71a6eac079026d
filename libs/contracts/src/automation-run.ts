import { z } from 'zod';
import { token } from './tokens.ts';

/**
 * Automations of a flow are told in the session: they are written with the step that they belong to, so that a step
 * which happened has its automations, whoever dies. The next step's take their place.
 */
export const dueAutomationsKey = 'app.flow.due';

/** An automation that a flow came by. */
export const dueAutomation = z.object({
  automation: token,
  module: token,
  position: z.enum(['enter', 'exit', 'action']),
  /** One per passage of the call through the module: told twice, it is still the same run. */
  occurrence: token,
});
export type DueAutomation = z.infer<typeof dueAutomation>;

/** The variable in which the outcome of an HTTP action is written, e.g. `app.automations.find-customer`. */
export const automationOutcomeKey = (automation: string): string => `app.automations.${automation}`;

/** `skipped`: its trigger did not fire, or it is switched off. `failed`: it is given up, or dead. */
export const automationOutcome = z.object({
  /** The occurrence that it is the outcome of. */
  run: token,
  outcome: z.enum(['succeeded', 'failed', 'skipped']),
  /** The status of the answer. */
  status: z.number().int().optional(),
});
export type AutomationOutcome = z.infer<typeof automationOutcome>;

/** How deep events of one's own may set off each other. */
export const maxCustomEventDepth = 5;
