import { type Bus, callRpc, type DeadLetters } from '@patchcord/bus';
import { asFailure, type DeadLetter, Failure, type FailureData, rpc } from '@patchcord/contracts';

export interface ReplayDeps {
  readonly bus: Bus;
  readonly deadLetters: DeadLetters;
}

const askTimeoutMs = 5000;

/**
 * Brings a dead letter back to life: a job by a new series of attempts, a message by publishing it again. The letter is
 * closed then.
 *
 * @throws Failure permanent `gone` when nothing is left to replay; own-trouble when the service that owns it is away
 */
export async function replayDeadLetter({ bus, deadLetters }: ReplayDeps, letter: DeadLetter): Promise<void> {
  if (letter.kind === 'message') return deadLetters.republish(letter);
  const { tenantId } = letter;
  const request = { tenantId, deadLetter: letter };
  // The dispatcher replays the jobs of every service: their queues lie in the same Redis.
  const { outcome } = await callRpc(bus, rpc.replayJob, request, { timeoutMs: askTimeoutMs });
  if (outcome === 'gone') {
    throw new Failure('permanent', 'gone', 'the job is gone and cannot be replayed: discard the letter with a note');
  }
  await deadLetters.discard(tenantId, letter.id, 'replayed');
}

/** Closes a letter for good. Dead work of a CRM is closed by the dispatcher, so that its delivery log says so too. */
export async function discardDeadLetter(
  { bus, deadLetters }: ReplayDeps,
  letter: DeadLetter,
  note: string,
): Promise<void> {
  const { tenantId, id } = letter;
  if (letter.kind === 'job' && letter.service === rpc.discardJob.service) {
    await callRpc(bus, rpc.discardJob, { tenantId, deadLetter: letter, note }, { timeoutMs: askTimeoutMs });
  }
  await deadLetters.discard(tenantId, id, note);
}

export interface ReplayFilter {
  readonly tenantId: string;
  readonly service?: string | undefined;
  readonly consumer?: string | undefined;
  /** Code of the failure, e.g. `http_503`. */
  readonly code?: string | undefined;
  readonly callId?: string | undefined;
  readonly limit: number;
}

export interface ReplayManyResult {
  readonly matched: number;
  readonly replayed: number;
  readonly failed: { readonly id: string; readonly failure: FailureData }[];
}

/** Replays all open letters that fit, oldest first. One that cannot be replayed does not keep the others. */
export async function replayMany(deps: ReplayDeps, filter: ReplayFilter): Promise<ReplayManyResult> {
  const { tenantId, limit, service } = filter;
  const stored = await deps.deadLetters.list({
    tenantId,
    limit: 10_000,
    ...(service === undefined ? {} : { service }),
  });
  const matching = stored.map(({ letter }) => letter).filter((letter) => fits(letter, filter));
  const chosen = matching.toReversed().slice(0, limit);
  const failed: ReplayManyResult['failed'] = [];
  for (const letter of chosen) {
    try {
      await replayDeadLetter(deps, letter);
    } catch (error) {
      failed.push({ id: letter.id, failure: asFailure(error).toData() });
    }
  }
  return { matched: matching.length, replayed: chosen.length - failed.length, failed };
}

const fits = (letter: DeadLetter, { consumer, code, callId }: ReplayFilter): boolean =>
  (consumer === undefined || letter.consumer === consumer) &&
  (code === undefined || letter.failure.code === code) &&
  (callId === undefined || letter.callId === callId);
