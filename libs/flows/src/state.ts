import { token } from '@patchcord/contracts';
import { z } from 'zod';
import { leave } from './instruction.ts';

/** The variable of the session in which drivers keep the state of the flow that runs. */
export const flowStateKey = 'app.flow.state';

/**
 * Most modules that a call passes while the caller does nothing: then something goes round. More than a flow has modules,
 * so one that never leads back is never cut off.
 */
export const maxStepsWithoutCaller = 250;

const count = z.number().int().min(0).max(1_000_000_000);

/** Where a call is in a flow: all that another replica needs to go on with it. Holds nothing that a caller entered. */
export const flowState = z.object({
  v: z.literal(1),
  flow: token,
  module: token,
  /** What the module does; `left`: the call is where `leave` says, and may come back; `over`: it does not. */
  phase: z.enum(['play', 'read', 'wait', 'identify', 'left', 'over']),
  /** Number of the instruction given last. */
  turn: count,
  /** Modules passed in all, and since the caller last did something. */
  entered: count,
  steps: count,
  /** Which attempt of a read this is, from 1, and how those before failed. */
  attempt: count.optional(),
  noInputs: count.optional(),
  noMatches: count.optional(),
  /** Why the caller is asked again. */
  again: z.enum(['no-input', 'no-match']).optional(),
  /** End of a wait (ms since 1970). */
  deadline: z.number().optional(),
  /** The filler of this wait cannot be played. */
  silent: z.literal(true).optional(),
  /** Keys that would have ended the last read, had it not been full: pressed until then, they are still meant for it. */
  stray: z.object({ keys: z.string().max(16), until: z.number() }).optional(),
  leave: leave.optional(),
});
export type FlowState = z.infer<typeof flowState>;
export type FlowPhase = FlowState['phase'];
