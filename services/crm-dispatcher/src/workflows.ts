import type { Jobs } from '@patchcord/jobs';
import type { Part, RedisContext } from '@patchcord/runtime';
import type { ConnectCrm } from './adapters/crm-connections.ts';
import type { FieldLengths } from './adapters/field-lengths.ts';
import { createRecordClaims } from './adapters/record-claims.ts';
import type { RecordTurns } from './adapters/record-turn.ts';
import type { SendRecord } from './adapters/send-record.ts';
import { createTellCard, type ReadLinked } from './adapters/tell-card.ts';
import { createReadSession, createTellSession } from './adapters/tell-session.ts';
import { createWorkflowRuns } from './adapters/workflow-runs.ts';
import type { Settings } from './config.ts';
import { createConductWorkflow } from './usecases/conduct-workflow.ts';
import { createRunWorkflow, type WorkflowRunner } from './usecases/run-workflow.ts';
import { createTellWorkflow } from './usecases/tell-workflow.ts';

export interface WorkflowsOptions {
  readonly connect: ConnectCrm;
  readonly sendRecord: SendRecord;
  readonly turns: RecordTurns;
  readonly readLinked: ReadLinked;
  readonly lengths: FieldLengths;
  readonly jobs: Jobs;
}

/** CRM workflows, over all replicas. */
export function workflows(
  { bus, redis, config, log }: RedisContext<Settings>,
  { connect, sendRecord, turns, readLinked, lengths, jobs }: WorkflowsOptions,
): WorkflowRunner {
  const runs = createWorkflowRuns(redis);
  const tell = createTellWorkflow({
    tellSession: createTellSession(bus, log),
    tellCard: createTellCard(jobs, log),
    log,
  });
  const conduct = createConductWorkflow({
    connect,
    runs,
    turns,
    lengths,
    sendRecord,
    tell,
    claims: createRecordClaims(redis),
    readSession: createReadSession(bus),
    readLinked,
    now: Date.now,
  });
  return createRunWorkflow({ config, runs, conduct, tell, log });
}

/** Writings that nobody waits for any more have this long to end by themselves (ms). */
const graceMs = 4000;

/** Stopped before the connections are, so that what a CRM is just writing is noted. */
export const workflowsPart = ({ settled }: Pick<WorkflowRunner, 'settled'>): Part => ({
  name: 'workflows',
  stop: async () => {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([settled(), over]);
    clearTimeout(timer);
  },
});
