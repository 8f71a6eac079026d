import {
  emptySession,
  Failure,
  type Flow,
  isFailure,
  type ReadSessionReply,
  type Session,
  type Trigger,
  type WriteSessionReply,
  type WriteSessionRequest,
} from '@patchcord/contracts';
import {
  type FlowInput,
  type FlowInstruction,
  type FlowStep,
  flowState,
  flowStateKey,
  stepFlow,
  withEffects,
} from '@patchcord/flows';
import { changesOf, dueOf, type StepChanges } from '../domain/flow-changes.ts';
import type { FlowMemory, RememberedFlow } from '../domain/flow-memory.ts';
import { type StoryLine, storyOf } from '../domain/flow-story.ts';
import type { StartWorkflow } from './start-workflows.ts';
import { writeStep } from './write-step.ts';

/** What happened to a call in a flow. */
export interface FlowQuestion {
  readonly tenantId: string;
  readonly flowId: string;
  readonly callId: string;
  /** With the `turn` of the instruction that it is about. */
  readonly input: FlowInput;
  /** What the PBX says of a call that its events have not told of yet. */
  readonly told?: Partial<Pick<Session, 'ani' | 'dnis' | 'pbxId'>>;
}

export interface FlowAnswer {
  /** `turn` of it goes back with what came of it. */
  readonly instruction: FlowInstruction;
  /** False: the session does not have this step yet, only this process does. */
  readonly stored: boolean;
  /** Why not, as a code. */
  readonly trouble?: string;
  readonly story: readonly StoryLine[];
  /** What goes amiss with the automations of the call, told once. */
  readonly warnings: readonly string[];
}

/** Fails only for a flow that does not exist (permanent `not_found`): a caller is never left without an instruction. */
export type RunFlow = (question: FlowQuestion) => Promise<FlowAnswer>;

export interface RunFlowOptions {
  readonly flowOf: (tenantId: string, flowId: string) => Flow | undefined;
  readonly triggersOf: (tenantId: string) => ReadonlyMap<string, Trigger>;
  /** Where the tenant's national numbers are dialled. */
  readonly regionOf: (tenantId: string) => string | undefined;
  readonly read: (call: { readonly tenantId: string; readonly callId: string }) => Promise<ReadSessionReply>;
  readonly write: (request: WriteSessionRequest) => Promise<WriteSessionReply>;
  readonly memory: FlowMemory;
  /** Makes sure that a workflow which a call waits for runs. */
  readonly startWorkflow: StartWorkflow;
  /** ms since 1970. */
  readonly now: () => number;
}

/** Several write into one session at once, a CRM above all; more rounds than that mean that something is wrong. */
const maxRounds = 10;

/**
 * One step of a flow, kept in the session of its call before it is answered: whoever has the session goes on with the
 * call. While the session store is away it goes on with what this process remembers, and the session gets it afterwards.
 */
export function createRunFlow(options: RunFlowOptions): RunFlow {
  return async (question) => {
    const flow = options.flowOf(question.tenantId, question.flowId);
    if (flow === undefined) throw new Failure('permanent', 'not_found', `there is no flow "${question.flowId}"`);
    let known = await knownOf(options, question);
    for (let round = 1; ; round += 1) {
      const step = stepOf(options, flow, known, question);
      const made = changesOf(known, step);
      const kept = await keep(options, question, known, made.changes);
      if (kept.outcome !== 'conflict' || round === maxRounds)
        return conclude(options, question, { known, step, made, kept });
      known = known.meanwhile(kept);
    }
  };
}

interface Known {
  readonly session: Session;
  readonly state: unknown;
  readonly unstored: Readonly<Record<string, unknown>>;
  /** Undefined: there is nothing to write into. */
  readonly etag?: string;
  readonly trouble?: string;
  /** The same call after somebody else wrote. */
  readonly meanwhile: (now: Pick<Conflict, 'data' | 'etag'>) => Known;
}

type Conflict = Extract<WriteSessionReply, { outcome: 'conflict' }>;

const keyOf = ({ tenantId, callId }: FlowQuestion): string => `${tenantId}/${callId}`;

async function knownOf({ read, memory }: RunFlowOptions, question: FlowQuestion): Promise<Known> {
  const remembered = memory.get(keyOf(question));
  const { tenantId, callId } = question;
  try {
    const reply = await read({ tenantId, callId });
    if (reply.outcome === 'found') return stored(reply.session, reply.etag, remembered);
    return unstored(question, remembered, 'call_unknown');
  } catch (error) {
    return unstored(question, remembered, codeOf(error));
  }
}

const codeOf = (error: unknown): string => (isFailure(error) ? error.code : 'unexpected');

/** What the session has counts, unless this process went on while it could not be written. */
function stored(session: Session, etag: string, remembered: RememberedFlow | undefined): Known {
  const meanwhile = (now: Pick<Conflict, 'data' | 'etag'>): Known =>
    stored({ ...session, data: now.data }, now.etag, remembered);
  const state = session.data?.[flowStateKey];
  if (remembered === undefined || !isAhead(remembered, session))
    return { session, state, unstored: {}, etag, meanwhile };
  const ahead = withEffects(session, [{ effect: 'set-variables', changes: remembered.unstored }]);
  return { session: ahead, state: remembered.state, unstored: remembered.unstored, etag, meanwhile };
}

/** Whether this process made steps that the session does not have. */
export const isAhead = ({ unstored: missing, state }: RememberedFlow, session: Session): boolean =>
  Object.keys(missing).length > 0 && state.turn > turnOf(session.data?.[flowStateKey]);

const turnOf = (state: unknown): number => flowState.safeParse(state).data?.turn ?? 0;

function unstored(question: FlowQuestion, remembered: RememberedFlow | undefined, trouble: string): Known {
  const session = remembered?.session ?? untold(question);
  const known = { session, state: remembered?.state, unstored: remembered?.unstored ?? {}, trouble };
  return { ...known, meanwhile: () => unstored(question, remembered, trouble) };
}

/** A call of which the PBX's events did not tell yet. */
const untold = ({ tenantId, callId, told = {} }: FlowQuestion): Session => ({
  ...emptySession({ tenantId, callId }),
  state: 'ivr',
  direction: 'inbound',
  ...told,
});

function stepOf(options: RunFlowOptions, flow: Flow, { session, state }: Known, question: FlowQuestion): FlowStep {
  const { tenantId, input } = question;
  const { triggersOf, regionOf, now } = options;
  return stepFlow(
    { flow, triggers: triggersOf(tenantId), session, now: now(), region: regionOf(tenantId) },
    state,
    input,
  );
}

type Kept =
  | { readonly outcome: 'stored'; readonly leftOut: readonly string[] }
  | { readonly outcome: 'unstored'; readonly trouble: string }
  | Pick<Conflict, 'outcome' | 'data' | 'etag'>;

async function keep(
  { write }: RunFlowOptions,
  { tenantId, callId, flowId }: FlowQuestion,
  known: Known,
  changes: StepChanges['changes'],
): Promise<Kept> {
  if (known.etag === undefined) return { outcome: 'unstored', trouble: known.trouble ?? 'call_unknown' };
  if (Object.keys(changes).length === 0) return { outcome: 'stored', leftOut: [] };
  try {
    const by = { kind: 'flow', id: flowId } as const;
    const { reply, leftOut } = await writeStep(write, { tenantId, callId, changes, by, ifMatch: known.etag });
    if (reply.outcome === 'conflict') return reply;
    if (reply.outcome === 'written' || reply.outcome === 'unchanged') return { outcome: 'stored', leftOut };
    return { outcome: 'unstored', trouble: `call_${reply.outcome}` };
  } catch (error) {
    return { outcome: 'unstored', trouble: codeOf(error) };
  }
}

interface Done {
  readonly known: Known;
  readonly step: FlowStep;
  readonly made: StepChanges;
  readonly kept: Kept;
}

function conclude({ memory, startWorkflow }: RunFlowOptions, question: FlowQuestion, done: Done): FlowAnswer {
  const { known, step, made, kept } = done;
  const { state, instruction, effects, awaits } = step;
  if (awaits !== undefined) {
    const { workflow: workflowId, runId, input } = awaits;
    const { tenantId, callId, flowId } = question;
    const by = { kind: 'flow', id: flowId } as const;
    startWorkflow({ tenantId, callId, workflowId, runId, input, by }, state.deadline ?? 0);
  }
  const isStored = kept.outcome === 'stored';
  const leftOut: readonly string[] = isStored ? kept.leftOut : [];
  const changes = Object.fromEntries(Object.entries(made.changes).filter(([name]) => !leftOut.includes(name)));
  const session = withEffects(known.session, [{ effect: 'set-variables', changes }]);
  const missing = isStored ? {} : made.changes;
  if (isStored && state.phase === 'over') memory.remove(keyOf(question));
  else memory.put(keyOf(question), { state, session, unstored: missing });
  const trouble = kept.outcome === 'unstored' ? kept.trouble : 'contended';
  const story = storyOf(effects);
  return { instruction, stored: isStored, ...(isStored ? {} : { trouble }), story, warnings: warningsOf(done) };
}

function warningsOf({ known, made: { changes, dropped }, kept }: Done): string[] {
  const isUnknown = kept.outcome === 'unstored' && kept.trouble === 'call_unknown';
  const isFirst = dueOf(changes).length > 0 && dueOf(known.unstored).length === 0;
  return [
    ...(isUnknown && isFirst ? ['the PBX has not told of this call: until it does its automations cannot run'] : []),
    ...(kept.outcome === 'stored' && kept.leftOut.length > 0
      ? [`the session is full: ${kept.leftOut.length} variables that were set are not in it`]
      : []),
    ...(dropped > 0 ? [`too many automations are due at once: the oldest ${dropped} will not run`] : []),
  ];
}
