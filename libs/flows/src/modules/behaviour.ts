import type { FlowModule } from '@patchcord/contracts';
import type { FlowInput } from '../input.ts';
import type { FlowInstruction, Leave } from '../instruction.ts';
import type { Run } from '../run.ts';
import type { FlowPhase, FlowState } from '../state.ts';

export type Patch = { readonly [Key in keyof FlowState]?: FlowState[Key] | undefined };

/** What follows in a module. */
export type Outcome =
  /** A new instruction. */
  | { readonly kind: 'ask'; readonly patch: Patch & { readonly phase: FlowPhase } }
  /** On to another module; undefined: the flow is over. */
  | { readonly kind: 'go'; readonly to: string | undefined; readonly patch?: Patch }
  | { readonly kind: 'leave'; readonly leave: Leave; readonly patch?: Patch }
  /** Nothing: the instruction is given again. */
  | { readonly kind: 'stay' };

/** What a module of one type does. */
export interface Behaviour<Module extends FlowModule> {
  /** The phase in which it waits for an input; absent: it never does. */
  readonly phase?: FlowPhase;
  /** A call comes in. */
  readonly open: (run: Run, module: Module, state: FlowState) => Outcome;
  /** Something happened in its phase. */
  readonly on?: (run: Run, module: Module, state: FlowState, input: FlowInput) => Outcome;
  /** What is to be done in its phase. Notes go to the run. */
  readonly instruction?: (run: Run, module: Module, state: FlowState) => FlowInstruction;
}

export const go = (to: string | undefined, patch?: Patch): Outcome =>
  patch === undefined ? { kind: 'go', to } : { kind: 'go', to, patch };

export const stay: Outcome = { kind: 'stay' };
