import { setTimeout as pause } from 'node:timers/promises';
import { type CrmConnection, Failure } from '@patchcord/contracts';
import type { EgressRequest, Through } from '@patchcord/egress';
import { fromRedis } from '@patchcord/runtime';
import { limitsCallers } from '../domain/crm-limits.ts';
import { disabled, isOwnWait, limited } from '../domain/crm-refusals.ts';
import type { CrmEntry, CrmGate, CrmRank } from './crm-gate.ts';
import type { CrmHealthNotes } from './crm-health-notes.ts';
import type { CrmHolds } from './crm-holds.ts';
import type { CrmMetrics } from './crm-metrics.ts';

/** `caller`: somebody waits for the answer. `work`: it can wait, and comes again. */
export type CrmWho = 'caller' | 'work';

interface CrmTask {
  readonly tenantId: string;
  readonly connection: CrmConnection;
  readonly who: CrmWho;
  /** When all of its requests must be done (ms since 1970). */
  readonly deadline: number;
}

/** What came of a request, in the words of its connector. */
interface CrmNote {
  readonly durationMs: number;
  readonly failure?: Failure | undefined;
}

/** The way of one task to its CRM: each of its requests waits for its turn here. */
interface CrmPassage {
  /**
   * Sends when the limits of the connection allow it; log-ins in front of others. An outcome without a status and with the code `rate_limited`,
   * `destination_throttled` or `connection_disabled` was not sent. Never throws.
   */
  readonly send: Through;
  /** Counted for the health of the connection; a CRM that asks to wait is left alone by all replicas. */
  note(note: CrmNote): void;
  /** Everything waits for a log-in: its requests go before others, whoever needs it. */
  loggingIn<T>(act: () => Promise<T>): Promise<T>;
}

export interface CrmPassages {
  /** Why nothing can leave now, as far as it is known here; undefined: something may. Asks nobody. */
  refusal(tenantId: string, connection: CrmConnection, who: CrmWho): Failure | undefined;
  open(task: CrmTask): CrmPassage;
}

export interface CrmPassagesOptions {
  readonly gate: CrmGate;
  readonly holds: Pick<CrmHolds, 'get' | 'learn' | 'tell'>;
  readonly health: Pick<CrmHealthNotes, 'answered' | 'refused'>;
  readonly metrics: CrmMetrics;
  /** Whether Redis can be asked at all. */
  readonly isRedisThere: () => boolean;
}

/** A caller does not wait longer for Redis (ms). */
const callersRedisMs = 150;
const worksRedisMs = 5000;
/** What an aborted request still does at the CRM should be over when its place is free again (ms). */
const leaseMarginMs = 2000;
/** Work of which nothing went out yet waits in its queue, where it holds up nobody (ms). */
const newPatienceMs = 1000;

export function createCrmPassages(options: CrmPassagesOptions): CrmPassages {
  return {
    refusal: (tenantId, connection, who) => refusalOf(options, { tenantId, connection, who }),
    open: (task) => open(options, task),
  };
}

function open(options: CrmPassagesOptions, task: CrmTask): CrmPassage {
  let wasSent = false;
  let logIns = 0;
  const rankNow = (isLogIn: boolean): CrmRank => {
    if (isLogIn || logIns > 0 || task.who === 'caller') return 'caller';
    return wasSent ? 'started' : 'new';
  };
  return {
    send: async (request, send, isLogIn) => {
      const startedAt = performance.now();
      const inTime = (): EgressRequest => (isLogIn ? request : withTimeLeft(request, task));
      const leaseMs = inTime().timeoutMs + leaseMarginMs;
      const turn = await turnOf(options, task, { rank: rankNow(isLogIn), leaseMs });
      if (turn instanceof Failure) return { ok: false, failure: turn, durationMs: performance.now() - startedAt };
      wasSent = true;
      try {
        return await send(inTime());
      } finally {
        turn.leave();
      }
    },
    note: (note) => noted(options, task, note),
    loggingIn: async (act) => {
      logIns += 1;
      try {
        return await act();
      } finally {
        logIns -= 1;
      }
    },
  };
}

/** A log-in goes on for others, and one that was broken off may have used up what it logs in with. */
const withTimeLeft = (request: EgressRequest, { connection, deadline }: CrmTask): EgressRequest => ({
  ...request,
  timeoutMs: Math.max(1, Math.min(request.timeoutMs, connection.timeoutMs, deadline - Date.now())),
});

function refusalOf(
  { holds }: CrmPassagesOptions,
  { tenantId, connection, who }: Omit<CrmTask, 'deadline'>,
): Failure | undefined {
  if (!connection.enabled) return disabled(connection, who);
  const hold = holds.get(tenantId, connection.id);
  return hold === undefined ? undefined : limited('held', new Date(hold.until));
}

interface Turn {
  readonly leave: () => void;
}

const free: Turn = { leave: () => undefined };

type Wanted = Pick<CrmEntry, 'rank' | 'leaseMs'>;

async function turnOf(options: CrmPassagesOptions, task: CrmTask, wanted: Wanted): Promise<Turn | Failure> {
  const refusal = refusalOf(options, task);
  if (refusal !== undefined) return refused(options, task, refusal);
  if (task.who === 'caller' && !limitsCallers(task.connection)) return free;
  try {
    return await waited(options, task, wanted);
  } catch (error) {
    if (!(error instanceof Failure) || error.class !== 'own-trouble') throw error;
    if (task.who === 'work') return error;
    // Without Redis no work is done: the callers have all of the limit to themselves.
    options.metrics.unchecked(task);
    return free;
  }
}

/** Waits for the turn as long as there is use in it. Throws own trouble when Redis cannot be asked. */
async function waited(options: CrmPassagesOptions, task: CrmTask, wanted: Wanted): Promise<Turn | Failure> {
  const { holds, metrics } = options;
  const { tenantId, connection } = task;
  const giveUpAt = Date.now() + patienceOf(task, wanted.rank);
  for (;;) {
    const patienceMs = Math.max(0, giveUpAt - Date.now());
    const turn = await asked(options, task, { ...wanted, patienceMs });
    metrics.used(task, turn.used);
    if (turn.granted) {
      if (turn.waitMs === 0) return turn;
      await pause(turn.waitMs);
      return unlessHeld(options, task, turn);
    }
    if (turn.why === 'held') holds.learn(tenantId, connection.id, { until: Date.now() + turn.heldMs, code: 'told' });
    if (turn.waitMs > patienceMs)
      return refused(options, task, limited(turn.why, new Date(Date.now() + turn.waitMs)), turn.why);
    await pause(turn.waitMs + Math.random() * 10);
  }
}

/** While it waited for its turn, the CRM may have asked to be left alone. */
function unlessHeld(options: CrmPassagesOptions, task: CrmTask, turn: Turn): Turn | Failure {
  const refusal = refusalOf(options, task);
  if (refusal === undefined) return turn;
  turn.leave();
  return refused(options, task, refusal);
}

async function asked(
  { gate, isRedisThere }: CrmPassagesOptions,
  { tenantId, connection, who }: CrmTask,
  entry: CrmEntry,
): ReturnType<CrmGate['enter']> {
  const away = (): Failure => new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer');
  if (!isRedisThere()) throw away();
  const entering = fromRedis(gate.enter(tenantId, connection, entry));
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => {
    reject(away());
    // One that is granted too late is used by nobody, and its place is wanted.
    entering.then(leaveIfGranted, () => undefined);
  };
  const timer = setTimeout(giveUp, who === 'caller' ? callersRedisMs : worksRedisMs);
  return Promise.race([entering, promise]).finally(() => clearTimeout(timer));
}

const leaveIfGranted = (turn: Awaited<ReturnType<CrmGate['enter']>>): void => {
  if (turn.granted) turn.leave();
};

/** Of the time that is left some is needed for the answer. */
function patienceOf({ deadline }: CrmTask, rank: CrmRank): number {
  const leftMs = Math.max(0, deadline - Date.now());
  if (rank === 'caller') return leftMs / 2;
  return rank === 'started' ? leftMs * 0.8 : Math.min(newPatienceMs, leftMs / 4);
}

function refused(
  { health, metrics }: CrmPassagesOptions,
  task: CrmTask,
  failure: Failure,
  why: string = failure.code,
): Failure {
  health.refused(task.tenantId, task.connection.id, task.who);
  metrics.refused(task, why);
  return failure;
}

function noted(options: CrmPassagesOptions, { tenantId, connection }: CrmTask, { durationMs, failure }: CrmNote): void {
  if (failure !== undefined && (isOwnWait(failure) || failure.class === 'own-trouble')) return;
  options.health.answered(tenantId, connection.id, { durationMs, failure });
  options.metrics.answered({ tenantId, connection }, failure);
  if (failure?.class !== 'throttled' || failure.retryAt === undefined) return;
  const { code, retryAt } = failure;
  options.holds.tell(tenantId, connection.id, { until: retryAt.getTime(), code });
  // Without Redis each replica that does not hear of it learns it from the CRM.
  options.gate.hold(tenantId, connection.id, retryAt, code).catch(() => undefined);
}
