import { type FailureData, isFailure, type LookupReply } from '@patchcord/contracts';
import type { LookupOutcome } from './decide.ts';

/** Codes that mean "no answer in time", whoever noticed first: the CRM's deadline or the dispatcher's. */
const timeoutCodes = new Set(['timeout', 'rpc_timeout']);

interface Answered {
  readonly reply: LookupReply;
  /** It was given before. */
  readonly cached?: true;
  /** It was asked for when the call was offered. */
  readonly prefetched?: true;
}

/** The dispatcher's answer, as the decision needs it. */
export function outcomeOfReply({ reply, cached, prefetched }: Answered): LookupOutcome {
  switch (reply.outcome) {
    case 'found':
      return { outcome: 'found', value: reply.value, read: reply.read, cached, prefetched };
    case 'not-found':
      return { outcome: 'not-found', cached, prefetched };
    case 'failed':
      return failed(reply.failure);
  }
}

/** No usable answer: the dispatcher is not there, hangs, or answers what is no answer. */
export function outcomeOfError(error: unknown): LookupOutcome {
  if (isFailure(error)) return failed(error);
  return { outcome: 'error', reason: `the lookup failed: ${error instanceof Error ? error.message : String(error)}` };
}

function failed(failure: Pick<FailureData, 'code' | 'message'>): LookupOutcome {
  const reason = `${failure.code}: ${failure.message}`;
  return timeoutCodes.has(failure.code) ? { outcome: 'timeout', reason } : { outcome: 'error', reason };
}
