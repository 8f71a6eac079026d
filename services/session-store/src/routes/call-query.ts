import { callOutcome, direction, session, token } from '@patchcord/contracts';
import { demandAgent, type Identity } from '@patchcord/runtime';
import { z } from 'zod';
import type { CallFilter } from '../domain/call-filter.ts';

/** A filter that may be repeated: any of its values fits. */
const any = <Out, In>(one: z.ZodType<Out, In>) => z.union([one, z.array(one).max(50)]).optional();

const text = z.string().min(1).max(256);
/** Any id a call is known by, ours or the PBX's. */
export const callId = text;
const instant = z.union([
  z.iso.datetime({ offset: true, error: 'expected a time as in 2026-11-20T23:41:25Z, or unix seconds' }),
  z.string().regex(/^\d{1,12}$/, 'expected a time as in 2026-11-20T23:41:25Z, or unix seconds'),
]);
export const flag = z.enum(['true', 'false', '1', '0']).meta({ description: 'true or false' });

/** What calls can be sought by. */
export const callQuery = {
  state: any(session.shape.state).meta({ description: 'Default: all but `ended`' }),
  direction: any(direction),
  type: any(direction).meta({ description: 'The same as `direction`' }),
  from: any(text).meta({ description: "The caller's number, compared by its digits" }),
  to: any(text).meta({ description: 'The dialled number, compared by its digits' }),
  agentId: any(token).meta({ description: 'Agents who ring or talk; of a call that has ended, who took part' }),
  agent: any(token).meta({ description: 'The same as `agentId`' }),
  queue: any(text).meta({ description: 'Name of the queue the call is in, or was connected from' }),
  callId: any(callId).meta({ description: "Our id or the PBX's own, e.g. a Linkedid" }),
  sessionId: any(callId).meta({ description: 'The same as `callId`' }),
  parentId: any(token).meta({ description: 'The call that it was merged into' }),
  outcome: any(callOutcome).meta({ description: 'Of calls that have ended' }),
  finishReason: any(text).meta({ description: 'Of calls that have ended, e.g. `busy`' }),
  anonymous: flag.optional().meta({ description: 'The caller withheld the number' }),
  'time.start': instant.optional().meta({ description: 'Offered then or later' }),
  'time.end': instant.optional().meta({ description: 'Offered before' }),
  q: text.optional().meta({ description: 'Part of a number, a name, a queue or an id' }),
};
const shape = z.object(callQuery);
type CallQuery = z.output<typeof shape>;

/** @throws Failure permanent `forbidden`: whoever acts for an agent asks for another one */
export function filterOf(query: CallQuery, identity: Identity): CallFilter {
  const agentIds = all(query.agentId, query.agent);
  for (const agentId of agentIds ?? []) demandAgent(identity, agentId);
  return {
    states: all(query.state),
    directions: all(query.direction, query.type),
    from: all(query.from),
    to: all(query.to),
    agentIds,
    queues: all(query.queue),
    callIds: all(query.callId, query.sessionId),
    parentIds: all(query.parentId),
    outcomes: all(query.outcome),
    endReasons: all(query.finishReason),
    anonymous: yes(query.anonymous),
    fromMs: msOf(query['time.start']),
    toMs: msOf(query['time.end']),
    q: query.q,
    onlyOf: identity.agentId,
  };
}

/** The values of a filter, whichever of its names they came by; undefined: it was not given. */
export function all<T>(...given: readonly (T | readonly T[] | undefined)[]): readonly T[] | undefined {
  const values = given.flatMap((one) => (one === undefined ? [] : one)) as T[];
  return values.length === 0 ? undefined : values;
}

const yes = (value: z.output<typeof flag> | undefined): boolean | undefined =>
  value === undefined ? undefined : value === 'true' || value === '1';

function msOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  return /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}
