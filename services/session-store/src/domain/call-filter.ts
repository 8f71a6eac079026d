import type { CallOutcome, Direction, Session } from '@patchcord/contracts';

type State = Session['state'];

/** Which calls are meant: of each list one must fit, and all lists that are given. */
export interface CallFilter {
  /** Default: all but `ended`, unless an outcome or a reason is asked for. */
  readonly states?: readonly State[] | undefined;
  readonly directions?: readonly Direction[] | undefined;
  /** Numbers, compared by their digits. */
  readonly from?: readonly string[] | undefined;
  readonly to?: readonly string[] | undefined;
  /** Agents who ring or talk; of a call that has ended, who took part in it. */
  readonly agentIds?: readonly string[] | undefined;
  /** Names of queues the call is in, or was connected from. */
  readonly queues?: readonly string[] | undefined;
  readonly callIds?: readonly string[] | undefined;
  /** Calls that were merged into one of these. */
  readonly parentIds?: readonly string[] | undefined;
  readonly outcomes?: readonly CallOutcome[] | undefined;
  readonly endReasons?: readonly string[] | undefined;
  readonly pbxIds?: readonly string[] | undefined;
  readonly anonymous?: boolean | undefined;
  /** Offered then or later, and before (ms since 1970). */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** A part of a number, a name, a queue or an id, in any case. */
  readonly q?: string | undefined;
  /** Nobody but this agent's calls. */
  readonly onlyOf?: string | undefined;
}

const liveStates: readonly State[] = ['ringing', 'ivr', 'queued', 'talking', 'held'];

/** The states that are asked for. */
export function statesOf({ states, outcomes, endReasons }: CallFilter): readonly State[] {
  if (states !== undefined && states.length > 0) return states;
  return outcomes === undefined && endReasons === undefined ? liveStates : ['ended'];
}

export function matchesFilter(session: Session, filter: CallFilter): boolean {
  const { directions, parentIds, outcomes, endReasons, pbxIds, anonymous, callIds } = filter;
  return (
    statesOf(filter).includes(session.state) &&
    isOneOf(directions, session.direction) &&
    isOneOf(callIds, session.callId) &&
    isOneOf(parentIds, session.mergedInto) &&
    isOneOf(outcomes, session.outcome) &&
    isOneOf(endReasons, session.endReason) &&
    isOneOf(pbxIds, session.pbxId) &&
    isOneOf(filter.queues, session.queues.at(-1)?.queue) &&
    isNumber(filter.from, session.ani) &&
    isNumber(filter.to, session.dnis) &&
    (anonymous === undefined || anonymous === isAnonymous(session)) &&
    isWithin(session, filter) &&
    (filter.agentIds === undefined || filter.agentIds.some((agentId) => isWith(session, agentId))) &&
    mayBeSeenBy(session, filter.onlyOf) &&
    (filter.q === undefined || holds(session, filter.q.toLowerCase()))
  );
}

const isOneOf = <T>(wanted: readonly T[] | undefined, given: T | undefined): boolean =>
  wanted === undefined || (given !== undefined && wanted.includes(given));

const digitsOf = (number: string): string => number.replace(/\D/g, '').replace(/^00/, '');

const isNumber = (wanted: readonly string[] | undefined, given: string | undefined): boolean =>
  wanted === undefined ||
  (given !== undefined &&
    wanted.some((one) => one === given || (digitsOf(one) !== '' && digitsOf(one) === digitsOf(given))));

/** The caller withheld the number. */
export const isAnonymous = ({ ani }: Session): boolean =>
  ani === undefined || ani === '' || /^(anonymous|unknown|private|restricted|unavailable)$/i.test(ani);

function isWithin({ offeredAt }: Session, { fromMs, toMs }: CallFilter): boolean {
  if (fromMs === undefined && toMs === undefined) return true;
  const at = offeredAt === undefined ? Number.NaN : Date.parse(offeredAt);
  return at >= (fromMs ?? Number.NEGATIVE_INFINITY) && at < (toMs ?? Number.POSITIVE_INFINITY);
}

const isWith = ({ state, interactions }: Session, agentId: string): boolean =>
  interactions.some(
    (one) => one.agent.agentId === agentId && (state === 'ended' || (one.state !== 'missed' && one.state !== 'ended')),
  );

/** Whoever acts for an agent sees the calls that agent has to do with. */
export const mayBeSeenBy = ({ interactions }: Session, agentId: string | undefined): boolean =>
  agentId === undefined || interactions.some(({ agent }) => agent.agentId === agentId);

function holds(session: Session, part: string): boolean {
  const { ani, dnis, callerName, callId, pbxCallId, queues, interactions } = session;
  const texts = [ani, dnis, callerName, callId, pbxCallId, ...queues.map(({ queue }) => queue)];
  const agents = interactions.flatMap(({ agent }) => [agent.agentId, agent.name]);
  return [...texts, ...agents].some((text) => text?.toLowerCase().includes(part) === true);
}
