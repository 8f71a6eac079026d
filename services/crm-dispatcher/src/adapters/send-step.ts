import { told } from '@patchcord/call-model';
import { aboutConnection } from '@patchcord/connectors';
import { type CrmConnection, Failure, type MemorializationStep, type RecordJob } from '@patchcord/contracts';
import { waitingAllowanceMs } from '../domain/crm-limits.ts';
import { crmUserOf } from '../domain/crm-user.ts';
import { stepResult } from '../domain/memorialization-steps.ts';
import type { SendOutcome } from '../domain/send-outcome.ts';
import { linkCall } from '../usecases/link-call.ts';
import { noteRecording } from '../usecases/note-recording.ts';
import { planSteps } from '../usecases/plan-steps.ts';
import type { Scene, StepDone, StepTools } from '../usecases/step-scene.ts';
import { updateLinked } from '../usecases/update-linked.ts';
import { writeTimeline } from '../usecases/write-timeline.ts';
import { inTurn } from './record-turn.ts';

interface SentStep {
  readonly job: RecordJob;
  readonly connection: CrmConnection;
  readonly headers: Readonly<Record<string, string>>;
  readonly series: number;
}

/** Does one step of a memorialization, once. `superseded`: a later revision of it is done already. */
export type SendStep = (sent: SentStep) => Promise<SendOutcome | 'superseded'>;

export function createSendStep(options: StepTools): SendStep {
  const { turns } = options;
  return async (sent) => {
    const timeoutMs = sent.connection.timeoutMs + waitingAllowanceMs(sent.connection);
    return inTurn(turns, sent.job, timeoutMs, async () => {
      const startedAt = performance.now();
      const done = await doStep(options, sent, timeoutMs);
      const durationMs = performance.now() - startedAt;
      if (!(done instanceof Failure)) return { ok: true, durationMs, result: stepResult(sent.job, done) };
      return { ok: false, failure: done, durationMs, ...(done.status === undefined ? {} : { status: done.status }) };
    });
  };
}

async function doStep(
  options: StepTools,
  { job, connection, headers, series }: SentStep,
  timeoutMs: number,
): Promise<StepDone | Failure> {
  const { config, connect, storyLink } = options;
  const { tenantId, memorialization: of, workId: messageId, callId = '' } = job;
  const tenant = config.tenant(tenantId);
  const memorialization = tenant.memorialization.get(of?.id ?? '');
  if (of === undefined || memorialization === undefined || memorialization.connection !== connection.id)
    return { outcome: 'unable', message: `there is no memorialization "${of?.id}" into this CRM any more` };
  const crm = connect({ tenantId, connection, timeoutMs, messageId, headers });
  if (crm instanceof Failure) return crm;
  const record = told(job.record, connection.logging);
  const scene = {
    job: { ...job, record },
    memorialization,
    connection,
    about: aboutConnection(connection),
    crm,
    userId: crmUserOf(tenant, connection, record.agent?.agentId),
    storyLink: storyLink(callId),
    series,
  };
  return perform(options, scene, of.step);
}

function perform(options: StepTools, scene: Scene, step: MemorializationStep): Promise<StepDone | Failure> {
  switch (step.kind) {
    case 'plan':
      return planSteps(options, { ...scene, step });
    case 'timeline':
      return writeTimeline(options, { ...scene, step });
    case 'update':
      return updateLinked(options, { ...scene, step });
    case 'link':
      return linkCall(options, { ...scene, step });
    case 'recording':
      return noteRecording(options, { ...scene, step });
  }
}
