import { type Bus, callRpc, type DeadLetters, type StoredDeadLetter } from '@patchcord/bus';
import { asFailure, Failure, type FailureData, rpc } from '@patchcord/contracts';
import { type DeadLetterFilter, fitsFilter } from './dead-letter-filter.ts';

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
export async function replayDeadLetter({ bus, deadLetters }: ReplayDeps, stored: StoredDeadLetter): Promise<void> {
  const { letter, sequence } = stored;
  if (letter.kind === 'message') return deadLetters.republish(letter);
  const { tenantId } = letter;
  const request = { tenantId, deadLetter: letter, sequence };
  // The dispatcher replays the jobs of every service: their queues lie in the same Redis.
  const { outcome } = await callRpc(bus, rpc.replayJob, request, { timeoutMs: askTimeoutMs });
  if (outcome === 'gone') {
    throw new Failure('permanent', 'gone', 'the job is gone and cannot be replayed: discard the letter with a note');
  }
  await deadLetters.discard(tenantId, letter.id, 'replayed', sequence);
}

/** Closes a letter for good. Dead work of a CRM is closed by the dispatcher, so that its delivery log says so too. */
export async function discardDeadLetter(
  { bus, deadLetters }: ReplayDeps,
  { letter, sequence }: StoredDeadLetter,
  note: string,
): Promise<void> {
  const { tenantId, id } = letter;
  if (letter.kind === 'job' && letter.service === rpc.discardJob.service) {
    const request = { tenantId, deadLetter: letter, sequence, note };
    await callRpc(bus, rpc.discardJob, request, { timeoutMs: askTimeoutMs });
  }
  await deadLetters.discard(tenantId, id, note, sequence);
}

export interface ManyLetters extends DeadLetterFilter {
  readonly tenantId: string;
  /** Only these, as far as they are open and fit. */
  readonly ids?: readonly string[] | undefined;
  readonly limit: number;
}

export interface ManyResult {
  readonly matched: number;
  readonly done: number;
  readonly failed: { readonly id: string; readonly failure: FailureData }[];
  /** Of the ids that were named, those that are not open, or not any more: somebody else was faster. */
  readonly closed: string[];
}

/** Does something with all open letters that fit, oldest first. One with which it cannot be done does not keep the others. */
export async function withMany(
  deadLetters: DeadLetters,
  { tenantId, limit, ids, ...filter }: ManyLetters,
  act: (stored: StoredDeadLetter) => Promise<void>,
): Promise<ManyResult> {
  const { service } = filter;
  const all = await deadLetters.list({ tenantId, limit: 10_000, ...(service === undefined ? {} : { service }) });
  const named = ids === undefined ? undefined : new Set(ids);
  const matching = all.filter(({ letter }) => (named?.has(letter.id) ?? true) && fitsFilter(letter, filter));
  const chosen = matching.toReversed().slice(0, limit);
  const failed: ManyResult['failed'] = [];
  for (const stored of chosen) {
    try {
      await act(stored);
    } catch (error) {
      failed.push({ id: stored.letter.id, failure: asFailure(error).toData() });
    }
  }
  const open = new Set(matching.map(({ letter }) => letter.id));
  const closed = [...(named ?? [])].filter((id) => !open.has(id));
  return { matched: matching.length, done: chosen.length - failed.length, failed, closed };
}
