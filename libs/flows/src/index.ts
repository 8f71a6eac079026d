export type { FlowEffect, FlowNote, RunAutomation, SetVariables } from './effects.ts';
export { applyChanges, withEffects } from './effects.ts';
export { type FlowInput, flowInput } from './input.ts';
export { type FlowInstruction, flowInstruction, type Heard, type Leave } from './instruction.ts';
export { type FlowState, flowState, flowStateKey, maxStepsWithoutCaller } from './state.ts';
export { type FlowContext, type FlowStep, stepFlow } from './step.ts';
