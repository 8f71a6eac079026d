import { createHash } from 'node:crypto';
import { Failure, type RunWorkflowRequest } from '@patchcord/contracts';

/** What a run was started with, so that the same is known again; of its values nothing can be read in it. */
interface RunPrint {
  /** The call and its part. */
  readonly of: string;
  readonly input: string;
}

export const runPrintOf = ({ callId, interactionId, input }: RunWorkflowRequest): RunPrint => ({
  of: printOf([callId ?? null, interactionId ?? null]),
  input: printOf(input),
});

/** However the fields were ordered, it is the same. */
const printOf = (value: unknown): string =>
  createHash('sha256').update(inOrder(value)).digest('base64url').slice(0, 22);

const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))
      : inner,
  );

/**
 * A run that was started with something else: its answer is that of another question. Flows and automations name their runs
 * by where they are; their values may have changed while they wait.
 */
export function otherRun(before: RunPrint | undefined, request: RunWorkflowRequest): Failure | undefined {
  if (before === undefined) return undefined;
  const now = runPrintOf(request);
  const isOurs = request.by.kind === 'flow' || request.by.kind === 'automation';
  if (before.of === now.of && (isOurs || before.input === now.input)) return undefined;
  const message = 'this run was started with something else: take a new runId, or Idempotency-Key, for each run';
  return new Failure('permanent', runDiffersCode, message);
}

const runDiffersCode = 'run_differs';
