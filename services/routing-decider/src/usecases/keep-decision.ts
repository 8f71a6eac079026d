import {
  Failure,
  isFailure,
  type RoutingDecision,
  type RoutingRequest,
  sessionDataLimits,
  type WriteSessionReply,
  type WriteSessionRequest,
} from '@patchcord/contracts';

export interface KeepDecisionOptions {
  readonly write: (request: WriteSessionRequest) => Promise<WriteSessionReply>;
  /** Told of a decision that could not be kept. Holds no caller's data. */
  readonly onLost: (about: {
    readonly tenantId: string;
    readonly ruleId: string;
    readonly callId: string;
    readonly code: string;
  }) => void;
  readonly now: () => Date;
  /** Before each try (ms). The PBX tells of a call at about the time at which its dialplan asks. */
  readonly delaysMs?: readonly number[];
  /** So many are tried at once; what is beyond is lost. */
  readonly most?: number;
}

export interface KeepDecision {
  /** Begins to write a decision into the session of its call. Nobody waits for it, least of all the caller. */
  readonly keep: (request: RoutingRequest, decision: RoutingDecision) => void;
  /** Resolves when those under way are written, each tried once more, or lost. */
  readonly stop: () => Promise<void>;
}

const delaysDefaultMs = [0, 250, 1000, 3000, 10_000];

/** What a session need not hold in full. */
const longestValue = 256;

/** Keeps what was decided, by which row and why, with the call: the story and the after-call record have it. */
export function createKeepDecision(options: KeepDecisionOptions): KeepDecision {
  const { delaysMs = delaysDefaultMs, most = 5000, onLost } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  return {
    keep(request, decision) {
      const { tenantId, ruleId, input } = request;
      const { callId } = input;
      if (callId === undefined) return;
      const lost = (code: string): void => onLost({ tenantId, ruleId, callId, code });
      if (underWay.size >= most || stopping.signal.aborted) return lost('too_many');
      const written = requestOf({ ...request, callId }, decision, options.now());
      const done = tryAll({ ...options, delaysMs, stopping: stopping.signal }, written)
        .catch((error: unknown) => lost(isFailure(error) ? error.code : 'unexpected'))
        .finally(() => underWay.delete(done));
      underWay.add(done);
    },
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}

const notThere = {
  gone: new Failure('permanent', 'call_gone', 'the session is not kept any more'),
  unknown: new Failure('permanent', 'call_unknown', 'there is no such call'),
} as const;

interface Trying extends Pick<KeepDecisionOptions, 'write'> {
  readonly delaysMs: readonly number[];
  readonly stopping: AbortSignal;
}

/**
 * A call that is not known may be one that we heard of first. Also one whose session is said to be kept no more: of a call
 * that has only just been told, the session may not be there yet.
 */
async function tryAll({ write, delaysMs, stopping }: Trying, request: WriteSessionRequest): Promise<void> {
  let failure: unknown;
  for (const delayMs of delaysMs) {
    const last = stopping.aborted;
    await waited(delayMs, stopping);
    try {
      const { outcome } = await write(request);
      if (outcome !== 'unknown' && outcome !== 'gone') return;
      failure = notThere[outcome];
    } catch (error) {
      if (isFailure(error, 'permanent')) throw error;
      failure = error;
    }
    if (last) break;
  }
  throw failure;
}

function waited(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms === 0 || stopping.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopping.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stopping.addEventListener('abort', end);
  });
}

type Kept = RoutingRequest & { readonly callId: string };

/** One name per rule, so that a call may be decided by several; the latest decision of each counts. */
function requestOf({ tenantId, ruleId, callId }: Kept, decision: RoutingDecision, at: Date): WriteSessionRequest {
  const { value, durationMs, ...rest } = decision;
  const kept = {
    ...rest,
    ...(value === undefined ? {} : { value: value.slice(0, longestValue) }),
    rule: ruleId,
    at: at.toISOString(),
    durationMs: Math.round(durationMs),
  };
  return {
    tenantId,
    callId,
    changes: { [`app.routing.${ruleId}`.slice(0, sessionDataLimits.keyCharacters)]: kept },
    by: { kind: 'automation', id: `routing-rule/${ruleId}` },
    idempotencyKey: crypto.randomUUID(),
  };
}
