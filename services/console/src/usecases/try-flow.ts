import {
  automationOutcomeKey,
  emptySession,
  type Flow,
  type Session,
  type TenantConfig,
  workflowOutcomeKey,
  type workflowOutcomes,
} from '@patchcord/contracts';
import {
  type FlowContext,
  type FlowInput,
  type FlowNote,
  type FlowStep,
  flowStateKey,
  stepFlow,
  withEffects,
} from '@patchcord/flows';

/** What somebody who tries a flow says has happened. */
type TriedInput =
  | Exclude<FlowInput, { type: 'started' | 'variables-changed' }>
  /** Somebody wrote into the session, e.g. a CRM. */
  | { readonly type: 'variables'; readonly variables: Variables }
  /** What the call waits for in an `http-action` or a `crm-workflow` is known, with the variables that came with it. */
  | { readonly type: 'answered'; readonly outcome: TriedOutcome; readonly variables: Variables };

type TriedOutcome = 'succeeded' | (typeof workflowOutcomes)[number];

type Variables = Readonly<Record<string, unknown>>;

interface TryFlow {
  readonly tenantId: string;
  /** Stored or not. */
  readonly flow: Flow;
  readonly caller: Partial<Pick<Session, 'ani' | 'dnis'>>;
  readonly variables: Variables;
  readonly inputs: readonly TriedInput[];
  /** When the call comes (ms since 1970). */
  readonly now: number;
}

interface TriedStep {
  readonly instruction: FlowStep['instruction'];
  /** Where the call is now. */
  readonly module: string;
  /** Modules that it came into with this step, in their order. */
  readonly entered: readonly string[];
  readonly notes: readonly Omit<FlowNote, 'effect'>[];
  /** What a call would set off now. Here nothing is. */
  readonly wouldRun: readonly {
    readonly kind: 'automation' | 'crm-workflow';
    readonly id: string;
    readonly module: string;
  }[];
}

export interface TriedFlow {
  readonly steps: readonly TriedStep[];
  /** What stands in the session at the end. */
  readonly variables: Variables;
}

/**
 * Takes a made-up call through a flow, from its start, by what is said to have happened. The engine is that of real calls;
 * whatever it wants done is told and not done: nobody is asked, told or called, and nothing is stored.
 */
export function tryFlow(config: TenantConfig, { tenantId, flow, caller, variables, inputs, now }: TryFlow): TriedFlow {
  const region = [...config.tenant.values()].at(0)?.defaultRegion;
  const session: Session = {
    ...emptySession({ tenantId, callId: 'c-try' }),
    state: 'ivr',
    direction: 'inbound',
    offeredAt: new Date(now).toISOString(),
    ...caller,
    data: { ...variables },
  };
  const context: FlowContext = { flow, triggers: config.trigger, session, now, region };
  let call = stepped(context, undefined, { type: 'started' });
  const steps = [toldOf(call.step)];
  for (const input of inputs) {
    call = stepped(happened(call, input), call.step.state, inputOf(call.step, input), call.runs);
    steps.push(toldOf(call.step));
  }
  return { steps, variables: call.context.session.data ?? {} };
}

interface Call {
  readonly context: FlowContext;
  readonly step: FlowStep;
  /** The last occurrence of each automation that a call waits for. */
  readonly runs: ReadonlyMap<string, string>;
}

function stepped(
  context: FlowContext,
  state: unknown,
  input: FlowInput,
  before: Call['runs'] = new Map<string, string>(),
): Call {
  const step = stepFlow(context, state, input);
  const acted = step.effects.filter((one) => one.effect === 'run-automation' && one.position === 'action');
  const runs = new Map([
    ...before,
    ...acted.flatMap((one) =>
      one.effect === 'run-automation' ? [[one.automation, one.occurrence] as [string, string]] : [],
    ),
  ]);
  return { context: { ...context, session: withEffects(context.session, step.effects) }, step, runs };
}

/** Fingers take their time: what is entered next is no rest of what was entered before. */
const betweenReadsMs = 3000;

/** The same call after what happened. */
function happened({ context, step, runs }: Call, input: TriedInput): FlowContext {
  const { instruction } = step;
  const now = context.now + (instruction.do === 'read' ? betweenReadsMs : 0);
  if (input.type !== 'variables' && input.type !== 'answered') return { ...context, now };
  const changes = {
    ...input.variables,
    ...(input.type === 'answered' ? outcomeOf({ context, step, runs }, input) : {}),
  };
  return { ...context, now, session: withEffects(context.session, [{ effect: 'set-variables', changes }]) };
}

function outcomeOf({ context, step, runs }: Call, { outcome }: TriedInput & { type: 'answered' }): Variables {
  const module = context.flow.modules.find(({ id }) => id === step.state.module);
  if (module?.type === 'crm-workflow')
    return {
      [workflowOutcomeKey(module.workflow)]: {
        run: step.awaits?.runId ?? '',
        outcome: outcome === 'succeeded' ? 'done' : outcome,
      },
    };
  if (module?.type !== 'http-action') return {};
  const run = runs.get(module.automation);
  const ended = outcome === 'failed' || outcome === 'timeout' ? 'failed' : 'succeeded';
  return run === undefined ? {} : { [automationOutcomeKey(module.automation)]: { run, outcome: ended } };
}

function inputOf({ instruction: { turn } }: FlowStep, input: TriedInput): FlowInput {
  if (input.type === 'variables' || input.type === 'answered') return { type: 'variables-changed', turn };
  return { ...input, turn };
}

function toldOf({ instruction, state, effects, awaits }: FlowStep): TriedStep {
  const notes = effects.filter((one) => one.effect === 'note');
  const automations = effects.flatMap((one) =>
    one.effect === 'run-automation' ? [{ kind: 'automation' as const, id: one.automation, module: one.module }] : [],
  );
  const workflows =
    awaits === undefined ? [] : [{ kind: 'crm-workflow' as const, id: awaits.workflow, module: state.module }];
  return {
    instruction,
    module: state.module,
    entered: notes.filter(({ about }) => about === 'entered').map(({ module }) => module),
    notes: notes.map(({ effect: _effect, ...note }) => note),
    wouldRun: [...automations, ...workflows],
  };
}

/** The flow's own bookkeeping is no variable that people made. */
export const shownVariables = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => name !== flowStateKey));
