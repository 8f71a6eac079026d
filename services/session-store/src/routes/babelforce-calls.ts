import { direction, token } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { type BabelforceCall, babelforceCallOf, babelforceStates, ownStates } from '../domain/babelforce-call.ts';
import type { CallPosition } from '../domain/call-cursor.ts';
import type { CallFilter } from '../domain/call-filter.ts';
import { csvOf } from '../domain/csv.ts';
import type { FindCalls } from '../usecases/find-calls.ts';
import type { LocateCall } from '../usecases/locate-call.ts';
import { all, callId, callQuery, filterOf, flag } from './call-query.ts';
import { seenCall, sendCsv } from './calls.ts';

const any = <Out, In>(one: z.ZodType<Out, In>) => z.union([one, z.array(one).max(50)]).optional();
const text = z.string().min(1).max(256);
const seconds = z.string().regex(/^\d{1,12}(\.\d+)?$/, 'expected unix seconds');

const query = z.strictObject({
  state: any(z.enum(babelforceStates)).meta({ description: 'Default: calls under way' }),
  type: any(direction),
  source: any(token).meta({ description: 'Id of a PBX' }),
  domain: any(z.enum(['internal', 'external'])),
  from: callQuery.from,
  to: callQuery.to,
  agentId: callQuery.agentId,
  sessionId: callQuery.sessionId,
  conversationId: callQuery.callId,
  parentId: callQuery.parentId,
  finishReason: any(text),
  anonymous: flag.optional(),
  'time.start': seconds.optional(),
  'time.end': seconds.optional(),
  'dateCreated.start': seconds.optional(),
  'dateCreated.end': seconds.optional(),
  q: text.optional(),
  format: z.enum(['json', 'csv']).optional(),
  page: z.coerce.number().pipe(z.int().min(1).max(1000)).default(1),
  max: z.coerce.number().pipe(z.int().min(1).max(500)).default(50),
});
type Query = z.output<typeof query>;

const unixTime = z.number().nullable();
const call = z
  .object({
    id: z.string(),
    parentId: z.string().nullable(),
    sessionId: z.string(),
    conversationId: z.string(),
    dateCreated: unixTime,
    dateEstablished: unixTime,
    dateFinished: unixTime,
    state: z.enum(babelforceStates),
    finishReason: z.string().nullable(),
    type: z.string().nullable(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    source: z.string().nullable(),
    domain: z.enum(['internal', 'external']),
    duration: z.number().nullable(),
    anonymous: z.boolean(),
    recordings: z.array(z.object({ id: z.string(), dateCreated: unixTime })),
    bridged: z
      .object({
        agent: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
        queueId: z.string().nullable(),
        queueName: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'BabelforceCall' });
const pagination = z.object({ current: z.number(), max: z.number(), pages: z.number(), total: z.number() });

export interface BabelforceCallRoutes {
  readonly findCalls: FindCalls;
  readonly locate: LocateCall;
  readonly now: () => number;
}

/** `GET /api/v2/calls/reporting` and `GET /api/v2/calls/{id}`, in the words of babelforce. */
export function registerBabelforceCalls(app: HttpServer, { findCalls, locate, now }: BabelforceCallRoutes): void {
  const onRequest = requireScope('sessions:read');
  const tags = ['babelforce'];
  const list = {
    tags,
    summary: 'Active calls, in the words of babelforce',
    querystring: query,
    response: { 200: z.object({ items: z.array(call), pagination, success: z.literal(true) }) },
  };
  app.get('/api/v2/calls/reporting', { onRequest, schema: list }, async (request, reply) => {
    const { page, max, format } = request.query;
    const found = await reported(findCalls, identityOf(request), request.query, now());
    const items = found.slice((page - 1) * max, page * max);
    if (format === 'csv') return sendCsv(reply, csvOfCalls(items)) as never;
    const pages = Math.max(1, Math.ceil(found.length / max));
    return { items, pagination: { current: page, max, pages, total: found.length }, success: true as const };
  });
  const one = {
    tags,
    summary: 'One call, in the words of babelforce',
    params: z.object({ callId }),
    response: { 200: z.object({ item: call, success: z.literal(true) }) },
  };
  app.get('/api/v2/calls/:callId', { onRequest, schema: one }, async (request) => {
    const session = await seenCall(locate, identityOf(request), request.params.callId);
    return { item: writable(babelforceCallOf(session, now())), success: true as const };
  });
}

type Output = z.output<typeof call>;
const writable = (one: BabelforceCall): Output => ({ ...one, recordings: [...one.recordings] });

/** Pages are counted, so that all that fits is read: of so many calls, the newest. */
const maxReported = 10_000;

async function reported(findCalls: FindCalls, identity: Identity, asked: Query, nowMs: number): Promise<Output[]> {
  const filter = ownFilter(asked, identity);
  const found: Output[] = [];
  let after: CallPosition | undefined;
  do {
    const page = await findCalls(identity.tenantId, filter, { limit: 500, after });
    const calls = page.sessions.map((session) => writable(babelforceCallOf(session, nowMs)));
    found.push(...calls.filter((one) => fits(one, asked)));
    after = page.next;
  } while (after !== undefined && found.length < maxReported);
  return found;
}

function ownFilter(asked: Query, identity: Identity): CallFilter {
  const { state: _, finishReason, source, ...rest } = asked;
  const states = all(asked.state);
  const ids = all(asked.sessionId, asked.conversationId);
  const over = finishReason === undefined ? undefined : (['ended'] as const);
  return {
    ...filterOf(
      { ...rest, 'time.start': wholeSeconds(asked, 'start'), 'time.end': wholeSeconds(asked, 'end') },
      identity,
    ),
    callIds: ids,
    states: states === undefined ? over : ownStates(states),
    pbxIds: all(source),
  };
}

const wholeSeconds = (asked: Query, end: 'start' | 'end'): string | undefined =>
  (asked[`time.${end}`] ?? asked[`dateCreated.${end}`])?.replace(/\..*$/, '');

/** What only their words tell apart. */
function fits(one: Output, asked: Query): boolean {
  const states = all(asked.state);
  const reasons = all(asked.finishReason);
  const domains = all(asked.domain);
  return (
    (states === undefined || states.includes(one.state)) &&
    (reasons === undefined || (one.finishReason !== null && reasons.includes(one.finishReason))) &&
    (domains === undefined || domains.includes(one.domain))
  );
}

const csvOfCalls = (calls: readonly Output[]): string =>
  csvOf([
    [...columns, 'agentId', 'agentName', 'queueName'],
    ...calls.map((one) => [
      ...columns.map((column) => cellOf(one[column])),
      one.bridged?.agent?.id,
      one.bridged?.agent?.name ?? undefined,
      one.bridged?.queueName ?? undefined,
    ]),
  ]);

const columns = [
  'id',
  'parentId',
  'sessionId',
  'conversationId',
  'dateCreated',
  'dateEstablished',
  'dateFinished',
  'state',
  'finishReason',
  'type',
  'from',
  'to',
  'source',
  'domain',
  'duration',
  'anonymous',
] as const satisfies readonly (keyof Output)[];

const cellOf = (value: string | number | boolean | null): string | number | undefined =>
  value === null ? undefined : typeof value === 'boolean' ? String(value) : value;
