import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConfigStore } from '@patchcord/bus';
import {
  asFailure,
  type CrmConnection,
  type CrmWorkflow,
  Failure,
  type RunWorkflowReply,
  type RunWorkflowRequest,
  type Session,
  type TenantConfig,
  type WorkflowRunReply,
} from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';
import type { RunId, RunNote, WorkflowRuns } from '../adapters/workflow-runs.ts';
import { waitingAllowanceMs } from '../domain/crm-limits.ts';
import { runPrintOf } from '../domain/run-print.ts';
import type { KnownEntry } from '../domain/workflow-start.ts';
import type { ConductWorkflow } from './conduct-workflow.ts';
import type { TellWorkflow } from './tell-workflow.ts';

export interface RunWorkflowOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly runs: WorkflowRuns;
  readonly conduct: ConductWorkflow;
  readonly tell: TellWorkflow;
  readonly log: Logger;
}

/** What only those within this service say of a run. */
interface RunMore {
  /** The call as it was when something set it off. */
  readonly session?: Session;
  readonly entry?: KnownEntry;
  /** It is work: nobody waits for it, and it ends when the CRM has answered. */
  readonly isWork?: boolean;
  /** Somebody wants one that failed for good to be tried again. */
  readonly afresh?: boolean;
}

/** One run under way in this process. */
export interface UnderWay extends RunMore {
  readonly request: RunWorkflowRequest;
  readonly config: TenantConfig;
  readonly workflow: CrmWorkflow;
  readonly connection: CrmConnection;
  /** For whoever waits (ms). */
  readonly budgetMs: number;
  /** For a writing (ms). */
  readonly limitMs: number;
}

export interface WorkflowRunner {
  /** Never rejects. */
  run(request: RunWorkflowRequest, more?: RunMore): Promise<RunWorkflowReply>;
  read(run: RunId): Promise<WorkflowRunReply>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/**
 * Runs workflows, each run once over all replicas: whoever asks for one that is under way waits for it, and whoever asks
 * later is told what became of it. Whoever waits waits no longer than he can; what is being written goes on without him.
 */
export function createRunWorkflow(options: RunWorkflowOptions): WorkflowRunner {
  const underWay = new Map<string, Promise<RunWorkflowReply>>();
  const tracked = (key: string, begun: Promise<RunWorkflowReply>): Promise<RunWorkflowReply> => {
    const ended = begun.finally(() => {
      if (underWay.get(key) === ended) underWay.delete(key);
    });
    underWay.set(key, ended);
    return ended;
  };
  return {
    run: async (request, more = {}) => {
      const startedAt = performance.now();
      const way = underWayOf(options, request, more);
      if (way instanceof Failure) return refusedFor(options, request, way);
      // Whoever starts it with something else waits for his turn, and is told then.
      const { of, input } = runPrintOf(request);
      const key = [request.tenantId, request.workflowId, request.runId, of, input].join(' ');
      const leftMs = (): number => way.budgetMs - (performance.now() - startedAt);
      const joined = underWay.get(key);
      const first = joined === undefined ? undefined : await within(joined, way.budgetMs);
      // Who came before had less time, and gave up before.
      const isOver = first !== undefined && first.outcome !== 'timeout';
      const reply = isOver ? first : await inTime(() => tracked(key, ending(options, way)), leftMs());
      const timed = { ...reply, durationMs: Math.round(performance.now() - startedAt) };
      if (reply.outcome === 'timeout') void tellTimeout(options, way, timed);
      return timed;
    },
    read: (run) => readRun(options, run),
    settled: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay.values());
    },
  };
}

const inTime = async (begin: () => Promise<RunWorkflowReply>, ms: number): Promise<RunWorkflowReply> =>
  (ms > 0 ? await within(begin(), ms) : undefined) ?? { outcome: 'timeout', durationMs: 0 };

function underWayOf({ config }: RunWorkflowOptions, request: RunWorkflowRequest, more: RunMore): UnderWay | Failure {
  const { tenantId, workflowId, budgetMs = Number.POSITIVE_INFINITY } = request;
  const tenant = config.tenant(tenantId);
  const workflow = tenant['crm-workflow'].get(workflowId);
  if (workflow === undefined) return refused('workflow_unknown', `there is no workflow "${workflowId}"`);
  if (!workflow.enabled) return refused('workflow_disabled', `the workflow "${workflow.name}" is switched off`);
  const connection = tenant['crm-connection'].get(workflow.connection);
  if (connection === undefined)
    return refused('connection_unknown', `there is no CRM connection "${workflow.connection}"`);
  const limitMs = connection.timeoutMs + (more.isWork === true ? waitingAllowanceMs(connection) : 0);
  const waits = more.isWork === true ? limitMs + workMarginMs : Math.min(budgetMs, workflow.timeoutMs);
  return { ...more, request, config: tenant, workflow, connection, limitMs, budgetMs: waits };
}

/** Beside the CRM there are a session to read, and notes to write (ms). */
const workMarginMs = 5000;

const refused = (code: string, message: string): Failure => new Failure('permanent', code, message);

/** Undefined: not in time. */
async function within<T>(begun: Promise<T>, ms: number): Promise<T | undefined> {
  const over = new AbortController();
  const timer = pause(ms, undefined, { signal: over.signal }).catch(() => undefined);
  try {
    return await Promise.race([begun, timer]);
  } finally {
    over.abort();
  }
}

async function ending(options: RunWorkflowOptions, way: UnderWay): Promise<RunWorkflowReply> {
  const startedAt = performance.now();
  const reply = await untilEnded(options, way).catch((error: unknown) =>
    refusedFor(options, way.request, asFailure(error)),
  );
  const durationMs = Math.round(performance.now() - startedAt);
  const { tenantId, workflowId, callId, by } = way.request;
  const code = reply.outcome === 'failed' ? reply.failure.code : undefined;
  options.log.info({ tenantId, workflowId, callId, by: by.kind, outcome: reply.outcome, code, durationMs }, 'workflow');
  return { ...reply, durationMs };
}

/** Another process that is at it is looked at so often (ms). */
const lookEveryMs = 100;

/** Takes the run, as soon as nobody else has it. */
async function untilEnded({ runs, conduct }: RunWorkflowOptions, way: UnderWay): Promise<RunWorkflowReply> {
  const owner = randomUUID();
  const deadline = performance.now() + way.budgetMs;
  const { tenantId, workflowId, runId } = way.request;
  const run: RunId = { tenantId, workflowId, runId };
  while (performance.now() < deadline) {
    const turn = await runs.take(run, owner);
    if (turn.turn === 'mine') {
      try {
        return await conduct(way, owner, turn);
      } finally {
        await runs.release(run, owner).catch(() => undefined);
      }
    }
    await pause(lookEveryMs);
  }
  return { outcome: 'timeout', durationMs: 0 };
}

/** A flow that waits is told of it in the session, where it looks. */
async function refusedFor(
  { tell }: RunWorkflowOptions,
  request: RunWorkflowRequest,
  failure: Failure,
): Promise<RunWorkflowReply> {
  const reply: RunWorkflowReply = { outcome: 'failed', failure: failure.toData(), durationMs: 0 };
  const workflow = { id: request.workflowId };
  if (request.by.kind === 'flow') await tell.session({ request, workflow, reply, startedAt: new Date().toISOString() });
  return reply;
}

/** A flow waits for what is in the session. */
async function tellTimeout({ tell }: RunWorkflowOptions, way: UnderWay, reply: RunWorkflowReply): Promise<void> {
  if (way.request.by.kind !== 'flow') return;
  await tell.session({ ...way, reply, startedAt: new Date().toISOString() });
}

async function readRun({ runs }: RunWorkflowOptions, run: RunId): Promise<WorkflowRunReply> {
  const { note, isHeld } = await runs.read(run);
  if (note === undefined)
    return isHeld ? { state: 'running', startedAt: new Date().toISOString() } : { state: 'unknown' };
  return endedOf(note, isHeld) ?? { state: 'running', startedAt: note.startedAt };
}

const endedOf = ({ reply, isFinal, startedAt }: RunNote, isHeld: boolean): WorkflowRunReply | undefined =>
  reply === undefined || (isHeld && !isFinal) ? undefined : { state: 'ended', startedAt, reply };
