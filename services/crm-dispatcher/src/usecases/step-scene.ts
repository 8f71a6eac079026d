import type { ConfigStore } from '@patchcord/bus';
import type { aboutConnection, Crm, CrmResult } from '@patchcord/connectors';
import type {
  CrmConnection,
  Failure,
  Memorialization,
  MemorializationStep,
  MemorializationStepResult,
  RecordJob,
} from '@patchcord/contracts';
import type { ConnectCrm } from '../adapters/crm-connections.ts';
import type { FieldLengths } from '../adapters/field-lengths.ts';
import type { RecordTurns } from '../adapters/record-turn.ts';
import type { StepNotes } from '../adapters/step-notes.ts';

/** What steps are done with. */
export interface StepTools {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly connect: ConnectCrm;
  readonly turns: RecordTurns;
  readonly notes: StepNotes;
  readonly lengths: FieldLengths;
  /** Puts further steps into the queue of their destination, and before the job that waits for all. Twice is once. */
  readonly addSteps: (jobs: readonly RecordJob[]) => Promise<void>;
  /** Where people read the story of a call. */
  readonly storyLink: (callId: string) => string | undefined;
}

/** All that any step needs. */
export interface Scene {
  readonly job: RecordJob;
  readonly memorialization: Memorialization;
  readonly connection: CrmConnection;
  readonly about: ReturnType<typeof aboutConnection>;
  readonly crm: Crm;
  /** The agent's id in the CRM. */
  readonly userId: string | undefined;
  readonly storyLink: string | undefined;
  readonly series: number;
}

/** All that a step of this kind needs. */
export interface StepScene<Kind extends MemorializationStep['kind']> extends Scene {
  readonly step: Extract<MemorializationStep, { kind: Kind }>;
}

/** What is told of a step, or what kept it from being done. */
export type StepDone = Pick<MemorializationStepResult, 'outcome'> & Partial<MemorializationStepResult>;

/** What a CRM did, or why it did not. What it cannot do at all is no failure: nothing would change by trying again. */
export function doneOf<Value>(result: CrmResult<Value>, done: (value: Value) => StepDone): StepDone | Failure {
  if (result.outcome === 'done') return done(result.value);
  return result.outcome === 'failed' ? result.failure : { outcome: 'unable', message: result.why };
}
