import { aboutConnection } from '@patchcord/connectors';
import { Failure, type RunWorkflowReply, type Session } from '@patchcord/contracts';
import type { ConnectCrm } from '../adapters/crm-connections.ts';
import type { FieldLengths } from '../adapters/field-lengths.ts';
import type { RecordClaims } from '../adapters/record-claims.ts';
import type { RecordTurns } from '../adapters/record-turn.ts';
import type { SendRecord } from '../adapters/send-record.ts';
import type { ReadLinked } from '../adapters/tell-card.ts';
import type { ReadSession } from '../adapters/tell-session.ts';
import { type RunId, type RunNote, turnMs, type WorkflowRuns } from '../adapters/workflow-runs.ts';
import { planWorkflow } from '../domain/plan-workflow.ts';
import { otherRun, runPrintOf } from '../domain/run-print.ts';
import { askedFields } from '../domain/workflow-hits.ts';
import type { WorkflowPlan, WritePlan } from '../domain/workflow-plan.ts';
import { entryJob, workflowStart } from '../domain/workflow-start.ts';
import { type FittedPlan, fitPlan } from './fit-plan.ts';
import { type Performed, performSearch, performWriting } from './perform-workflow.ts';
import { cannotAtAll, putEntry, withTurn } from './put-entry.ts';
import type { UnderWay } from './run-workflow.ts';
import type { TellWorkflow } from './tell-workflow.ts';
import type { WriteProgress } from './write-record.ts';

export interface ConductWorkflowOptions {
  readonly connect: ConnectCrm;
  readonly runs: WorkflowRuns;
  readonly claims: RecordClaims;
  readonly turns: RecordTurns;
  readonly lengths: FieldLengths;
  readonly sendRecord: SendRecord;
  readonly readSession: ReadSession;
  readonly readLinked: ReadLinked;
  readonly tell: TellWorkflow;
  readonly now: () => number;
}

/** Carries a run out, or goes on with one whose process stopped; `known`: how far it came. @throws Failure */
export type ConductWorkflow = (
  way: UnderWay,
  owner: string,
  known: { readonly note: RunNote | undefined; readonly isTold: boolean },
) => Promise<RunWorkflowReply>;

export function createConductWorkflow(options: ConductWorkflowOptions): ConductWorkflow {
  return async (way, owner, known) => {
    const other = otherRun(known.note?.print, way.request);
    if (other !== undefined) throw other;
    const note = way.afresh === true && known.note?.reply?.outcome === 'failed' ? undefined : known.note;
    const turn = { run: runIdOf(way), owner };
    const stop = keepTurn(options, turn);
    try {
      if (note?.reply === undefined || !note.isFinal) return await conduct(options, way, turn, note);
      // Those who were not told of it then are now.
      if (!known.isTold) await tellAll(options, way, { ...note, reply: note.reply }, () => Promise.resolve());
      return note.reply;
    } finally {
      stop();
    }
  };
}

type Ended = RunNote & { readonly reply: RunWorkflowReply };

interface Turn {
  readonly run: RunId;
  readonly owner: string;
}

const runIdOf = ({ request: { tenantId, workflowId, runId } }: UnderWay): RunId => ({ tenantId, workflowId, runId });

/** Whoever does not say any more that he is at it is taken over from. */
function keepTurn({ runs }: ConductWorkflowOptions, { run, owner }: Turn): () => void {
  const timer = setInterval(() => void runs.keep(run, owner).catch(() => undefined), turnMs / 4);
  return () => clearInterval(timer);
}

async function conduct(
  options: ConductWorkflowOptions,
  way: UnderWay,
  turn: Turn,
  known: RunNote | undefined,
): Promise<RunWorkflowReply> {
  const begunAt = options.now();
  const startedAt = known?.startedAt ?? new Date(begunAt).toISOString();
  const session = way.session ?? (await sessionOf(options, way));
  const plan = known?.plan ?? planOf(options, way, session);
  const note: RunNote = { phase: 'begun', print: runPrintOf(way.request), ...known, startedAt, isFinal: false };
  delete (note as { reply?: unknown }).reply;
  const { performed, last } = await perform(options, { way, turn, session, note }, plan);
  const reply = { ...performed, durationMs: options.now() - begunAt } as RunWorkflowReply;
  const ended: Ended = { ...last, reply, isFinal: isFinal(performed) };
  await tellAll(options, way, ended, () => options.runs.note(turn.run, turn.owner, ended));
  return reply;
}

async function sessionOf({ readSession }: ConductWorkflowOptions, way: UnderWay): Promise<Session | undefined> {
  const { tenantId, callId } = way.request;
  return callId === undefined ? undefined : readSession(tenantId, callId);
}

const startingOf = ({ now }: ConductWorkflowOptions, way: UnderWay, session: Session | undefined) => {
  const { config, workflow, connection, request, entry } = way;
  return { config, workflow, connection, request, session, entry, now: now() };
};

const planOf = (options: ConductWorkflowOptions, way: UnderWay, session: Session | undefined) =>
  planWorkflow(workflowStart(startingOf(options, way, session)));

interface At {
  readonly way: UnderWay;
  readonly turn: Turn;
  readonly session: Session | undefined;
  readonly note: RunNote;
}

interface Came {
  readonly performed: Performed;
  /** How far it is now. */
  readonly last: RunNote;
}

async function perform(options: ConductWorkflowOptions, at: At, plan: WorkflowPlan | Failure): Promise<Came> {
  const { note, way } = at;
  const why = cannotAtAll(way);
  if (why !== undefined) return { performed: { outcome: 'unable', message: why }, last: note };
  if (plan instanceof Failure) return { performed: failed(plan), last: note };
  if (plan.type === 'create' || plan.type === 'update' || plan.type === 'timeline') return write(options, at, plan);
  const { workflow, connection, config, budgetMs } = way;
  const crm = connected(options, way, budgetMs);
  if (crm instanceof Failure) return { performed: failed(crm), last: note };
  const fields = 'fields' in plan ? plan.fields : [];
  const asked = askedFields(config, connection.id, {
    card: workflow.card || workflow.type === 'dynamic-search',
    fields,
  });
  const begunAt = options.now();
  const performed = await performSearch({ crm, connection, asked }, plan);
  // What a request ends with that is called off depends on how far it was.
  const isLate = performed.outcome === 'failed' && options.now() - begunAt >= budgetMs - 20;
  return { performed: isLate ? { outcome: 'timeout' } : performed, last: note };
}

const failed = (failure: Failure): Performed => ({ outcome: 'failed', failure: failure.toData() });

function connected({ connect }: ConductWorkflowOptions, way: UnderWay, timeoutMs: number) {
  const { request, connection, isWork } = way;
  const { tenantId, runId: messageId } = request;
  return connect({ tenantId, connection, timeoutMs, messageId, who: isWork === true ? 'work' : 'caller' });
}

async function write(options: ConductWorkflowOptions, at: At, plan: WritePlan): Promise<Came> {
  const { way, turn, session } = at;
  const { workflow, connection, config, limitMs, request } = way;
  let note: RunNote = { ...at.note, plan };
  const progress = progressOf(options, turn, {
    limitMs,
    get: () => note,
    set: (next) => {
      note = next;
    },
  });
  await progress.begin();
  const job = plan.type === 'timeline' ? entryJob(startingOf(options, way, session), plan) : undefined;
  if (connection.connector === 'http-json') return { performed: await putEntry(options, way, job), last: note };
  const crm = connected(options, way, limitMs);
  if (crm instanceof Failure) return { performed: failed(crm), last: note };
  const fitted = await fittedPlan(options, way, plan);
  if (fitted instanceof Failure) return { performed: failed(fitted), last: note };
  const { tenantId, callId } = request;
  const { readLinked, claims } = options;
  const asked = askedFields(config, connection.id, { card: workflow.card, fields: [] });
  const done =
    note.phase === 'written' && note.ref !== undefined ? { ref: note.ref, again: note.again ?? false } : undefined;
  const owner = `${request.workflowId} ${request.runId}`;
  const target = { crm, connection, readLinked, tenantId, callId };
  const performed = await withTurn(options.turns, way.entry === undefined ? undefined : job, limitMs, () =>
    performWriting({ crm, connection, asked, progress, claims, owner, limitMs, target, done }, fitted),
  );
  return { performed, last: note };
}

/** Whoever waits for a writing waits no longer than this for how long its fields are (ms). */
const describeMs = 2000;

/** As the fields of the CRM have room for it. One that does not tell in time cuts nothing. */
async function fittedPlan(
  options: ConductWorkflowOptions,
  way: UnderWay,
  plan: WritePlan,
): Promise<FittedPlan | Failure> {
  const { connection, request, limitMs } = way;
  const crm = connected(options, way, Math.min(describeMs, limitMs / 2));
  if (crm instanceof Failure) return crm;
  const callsModule = aboutConnection(connection).calls.module;
  return fitPlan({ lengths: options.lengths, crm, key: `${request.tenantId} ${connection.id}`, callsModule }, plan);
}

interface Noted {
  /** No writing takes longer (ms). */
  readonly limitMs: number;
  readonly get: () => RunNote;
  readonly set: (note: RunNote) => void;
}

function progressOf(
  { runs, now }: ConductWorkflowOptions,
  { run, owner }: Turn,
  noted: Noted,
): WriteProgress & { readonly begin: () => Promise<void> } {
  const { phase, writingAt = 0, writingUntil } = noted.get();
  const keep = async (next: RunNote): Promise<void> => {
    if (!(await runs.note(run, owner, next)) && next.phase !== 'written')
      throw new Failure('own-trouble', 'run_lost', 'another process goes on with this run');
    noted.set(next);
  };
  return {
    writingAt: phase === 'writing' ? writingAt : undefined,
    writingUntil: writingUntil ?? writingAt + noted.limitMs,
    begin: () => keep(noted.get()),
    writing: () => {
      const { writingUntil: _, ...rest } = noted.get();
      return keep({ ...rest, phase: 'writing', writingAt: now() });
    },
    unsure: (forMs) => keep({ ...noted.get(), writingUntil: now() + forMs }),
    unwritten: () => keep({ ...noted.get(), phase: 'begun' }),
    written: async ({ module, id }, again) => {
      const next = { ...noted.get(), phase: 'written' as const, ref: { module, id }, again };
      noted.set(next);
      await keep(next);
    },
  };
}

/** Whether the same run, asked again, has the same answer. Settings can be mended, and trouble passes. */
function isFinal(performed: Performed): boolean {
  if (performed.outcome === 'found' || performed.outcome === 'written') return true;
  if (performed.outcome !== 'failed') return false;
  const { class: failureClass, code } = performed.failure;
  return failureClass === 'permanent' && code !== 'connection_disabled';
}

/**
 * What the card will be told is noted first: a process that stops after the run is over would be asked by nobody again.
 * Whoever waits goes on when the session has it.
 */
async function tellAll(
  { tell, runs }: ConductWorkflowOptions,
  way: UnderWay,
  ended: Ended,
  note: () => Promise<unknown>,
): Promise<void> {
  const { reply, startedAt } = ended;
  const told = { request: way.request, workflow: way.workflow, reply, startedAt };
  const forCard = await tell.card(told);
  await note();
  const inSession = await tell.session(told);
  if (ended.isFinal && forCard && inSession) void runs.told(runIdOf(way)).catch(() => undefined);
}
