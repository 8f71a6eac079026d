import type { FlowModule } from '@patchcord/contracts';
import type { FlowEffect } from './effects.ts';
import type { FlowInput } from './input.ts';
import type { FlowInstruction, Leave } from './instruction.ts';
import type { Outcome } from './modules/behaviour.ts';
import { behaviourOf } from './modules/index.ts';
import { type AwaitedWorkflow, awaitedWorkflow } from './modules/workflow.ts';
import { createRun, type FlowContext, type Run } from './run.ts';
import { type FlowState, flowState, maxStepsWithoutCaller } from './state.ts';

export type { FlowContext } from './run.ts';

export interface FlowStep {
  /** To be kept in the session, and given to the next step. JSON. */
  readonly state: FlowState;
  readonly instruction: FlowInstruction;
  /** To be done before the instruction, in this order. Empty when the input changed nothing. */
  readonly effects: readonly FlowEffect[];
  /** The call waits for it: the driver sees to it that it runs, also when it was started before. */
  readonly awaits?: AwaitedWorkflow;
}

/**
 * What follows from what happened to a call in a flow. `state`: that of the step before, `undefined` for a call that
 * comes in. The same question has the same answer, and an input that is late, told twice or means nothing where the call
 * is changes nothing: the instruction is given again. Never throws: what cannot go on hands the call back to the PBX.
 */
export function stepFlow(context: FlowContext, state: unknown, input: FlowInput): FlowStep {
  try {
    return stepFrom(context, state, input);
  } catch {
    const { success, data } = flowState.safeParse(state);
    const known = success ? data : fresh(context);
    return ended(context, known, 'the flow cannot go on: something in it is not as it should be');
  }
}

function stepFrom(context: FlowContext, state: unknown, input: FlowInput): FlowStep {
  const begins = input.type === 'started';
  if (state === undefined || state === null)
    return begins ? begin(context, fresh(context)) : absent(context, fresh(context), input, 'the call is in no flow');
  const parsed = flowState.safeParse(state);
  if (!parsed.success) return absent(context, fresh(context), input, 'the state of the flow cannot be read');
  const known = parsed.data;
  if (known.flow === context.flow.id) return stepOn(context, known, input);
  const moved = { ...fresh(context), turn: known.turn, entered: known.entered };
  return begins ? begin(context, moved) : absent(context, moved, input, `the call is in the flow "${known.flow}"`);
}

const fresh = ({ flow }: FlowContext): FlowState => ({
  v: 1,
  flow: flow.id,
  module: flow.start,
  phase: 'over',
  turn: 0,
  entered: 0,
  steps: 0,
});

/** A call that is not where the input says. */
const absent = (context: FlowContext, state: FlowState, input: FlowInput, why: string): FlowStep =>
  input.type === 'hung-up' ? hungUp(context, state) : ended(context, state, why);

function begin(context: FlowContext, state: FlowState): FlowStep {
  const run = createRun(context);
  return settle(run, { ...state, steps: 0 }, undefined, { kind: 'go', to: context.flow.start });
}

function stepOn(context: FlowContext, state: FlowState, input: FlowInput): FlowStep {
  const isOut = state.phase === 'left' || state.phase === 'over';
  if (input.type === 'hung-up') return state.phase === 'over' ? repeat(context, state) : hungUp(context, state);
  if (input.type === 'started' && isOut) return begin(context, state);
  const isLate = input.type !== 'started' && input.turn !== undefined && input.turn !== state.turn;
  if (isLate || state.phase === 'over') return repeat(context, state);
  const module = moduleOf(context, state.module);
  if (module === undefined) return ended(context, state, `there is no module "${state.module}" any more`);
  return state.phase === 'left' ? comeBack(context, state, module, input) : inModule(context, state, module, input);
}

const moduleOf = ({ flow }: FlowContext, id: string): FlowModule | undefined =>
  flow.modules.find((one) => one.id === id);

function inModule(context: FlowContext, state: FlowState, module: FlowModule, input: FlowInput): FlowStep {
  const { phase, on } = behaviourOf(module);
  if (phase !== state.phase || on === undefined)
    return ended(context, state, `the module "${module.id}" is another one now`);
  const run = createRun(context);
  return settle(run, state, module, on(run, module, state, input));
}

/** From a queue, a number, a mailbox or a recording. */
function comeBack(context: FlowContext, state: FlowState, module: FlowModule, input: FlowInput): FlowStep {
  if (input.type !== 'played' && input.type !== 'timeout' && input.type !== 'failed') return repeat(context, state);
  const run = createRun(context);
  const how = input.type === 'failed' && input.reason !== '' ? `: ${input.reason}` : '';
  run.note(module, {
    about: 'left',
    text: `the call came back${input.type === 'timeout' ? ': nobody took it in time' : how}`,
  });
  const { phase } = behaviourOf(module);
  const to = phase === undefined && 'next' in module ? module.next : undefined;
  return settle(run, state, module, { kind: 'go', to });
}

/** Follows the call through modules until one has an instruction for it. */
function settle(run: Run, from: FlowState, module: FlowModule | undefined, outcome: Outcome): FlowStep {
  let at = { state: from, module, outcome };
  while (at.outcome.kind === 'go') at = goOn(run, at.state, at.module, at.outcome);
  return conclude(run, at.state, at.module, at.outcome);
}

interface At {
  readonly state: FlowState;
  readonly module: FlowModule | undefined;
  readonly outcome: Outcome;
}

function goOn(run: Run, from: FlowState, module: FlowModule | undefined, outcome: Outcome & { kind: 'go' }): At {
  const state = patched(from, outcome.patch);
  if (module !== undefined && state.phase !== 'left') run.automate(module, 'exit', state.entered);
  const next = outcome.to === undefined ? undefined : moduleOf(run.context, outcome.to);
  const end = endOf(state, outcome.to, next);
  if (end !== undefined || next === undefined) {
    run.note(state.module, { about: 'ended', text: end ?? '' });
    return { state, module: undefined, outcome: { kind: 'leave', leave: { to: 'continue' } } };
  }
  const entered = inside(state, next);
  run.note(next, { about: 'entered', text: next.name ?? next.type });
  run.automate(next, 'enter', entered.entered);
  return { state: entered, module: next, outcome: behaviourOf(next).open(run, next, entered) };
}

/** Why a flow ends instead of going on. */
function endOf({ steps }: FlowState, to: string | undefined, next: FlowModule | undefined): string | undefined {
  if (to === undefined) return 'the flow is over';
  if (next === undefined) return `there is no module "${to}"`;
  if (steps < maxStepsWithoutCaller) return undefined;
  return `the flow went through ${maxStepsWithoutCaller} modules without the caller doing anything`;
}

/** What the module before had in the state is left behind. */
const inside = ({ v, flow, turn, entered, steps, stray }: FlowState, { id }: FlowModule): FlowState => ({
  v,
  flow,
  module: id,
  phase: 'over',
  turn,
  entered: entered + 1,
  steps: steps + 1,
  ...(stray === undefined ? {} : { stray }),
});

const patched = (state: FlowState, patch: object = {}): FlowState =>
  Object.fromEntries(Object.entries({ ...state, ...patch }).filter(([, value]) => value !== undefined)) as FlowState;

function conclude(run: Run, from: FlowState, module: FlowModule | undefined, outcome: Outcome): FlowStep {
  if (outcome.kind === 'stay') return repeat(run.context, from);
  if (outcome.kind === 'leave') return left(run, patched(from, outcome.patch), module, outcome.leave);
  const state = patched(from, { ...('patch' in outcome ? outcome.patch : {}), turn: from.turn + 1 });
  return stepOf(run, state);
}

function left(run: Run, from: FlowState, module: FlowModule | undefined, leave: Leave): FlowStep {
  if (module !== undefined) {
    run.note(module, { about: 'left', text: placeOf(leave) });
    run.automate(module, 'exit', from.entered);
  }
  const phase = 'target' in leave ? 'left' : 'over';
  return stepOf(run, { ...from, phase, leave, turn: from.turn + 1 });
}

/** The number of a transfer is somebody's. */
const placeOf = (leave: Leave): string =>
  'target' in leave && leave.to !== 'transfer' ? `${leave.to} "${leave.target}"` : leave.to;

const stepOf = (run: Run, state: FlowState): FlowStep => ({
  state,
  instruction: instructionOf(run, state),
  effects: run.effects,
  ...awaited(run, state),
});

function awaited(run: Run, state: FlowState): Pick<FlowStep, 'awaits'> {
  const module = state.phase === 'wait' ? moduleOf(run.context, state.module) : undefined;
  const awaits = module?.type === 'crm-workflow' ? awaitedWorkflow(run, module, state) : undefined;
  return awaits === undefined ? {} : { awaits };
}

/** The instruction again, with the values of now; nothing is told twice. */
function repeat(context: FlowContext, state: FlowState): FlowStep {
  const run = createRun(context);
  return { state, instruction: instructionOf(run, state), effects: [], ...awaited(run, state) };
}

function instructionOf(run: Run, state: FlowState): FlowInstruction {
  const { phase, turn, leave = { to: 'continue' } } = state;
  if (phase === 'left' || phase === 'over') return { do: 'leave', turn, leave };
  const module = moduleOf(run.context, state.module);
  const behaviour = module === undefined ? undefined : behaviourOf(module);
  if (module === undefined || behaviour?.instruction === undefined || behaviour.phase !== phase)
    return { do: 'leave', turn, leave: { to: 'continue' } };
  return behaviour.instruction(run, module, state);
}

/** A defined end: the PBX's own plan goes on with the call. */
function ended(context: FlowContext, state: FlowState, why: string): FlowStep {
  const run = createRun(context);
  run.note(state.module, { about: 'ended', text: why });
  return left(run, state, undefined, { to: 'continue' });
}

function hungUp(context: FlowContext, state: FlowState): FlowStep {
  const run = createRun(context);
  run.note(state.module, { about: 'ended', text: 'the caller hung up' });
  return left(run, state, undefined, { to: 'hangup' });
}
