import type { Bus } from '@patchcord/bus';
import type { Session } from '@patchcord/contracts';
import {
  accessOf,
  createPlaces,
  type HttpServer,
  type Identity,
  identityOf,
  type PlacesOptions,
  requireScope,
} from '@patchcord/runtime';
import { z } from 'zod';
import { createCallStream } from '../adapters/call-stream.ts';
import type { SessionNews } from '../adapters/session-news.ts';
import type { CallPosition } from '../domain/call-cursor.ts';
import type { CallFilter } from '../domain/call-filter.ts';
import type { FindCalls } from '../usecases/find-calls.ts';
import { callQuery, filterOf } from './call-query.ts';

export interface CallStreamRoute extends PlacesOptions {
  readonly bus: Pick<Bus, 'onReconnect'>;
  readonly news: SessionNews;
  readonly findCalls: FindCalls;
  readonly heartbeatMs?: number;
  /** Bytes that may wait for a client. */
  readonly maxWaiting?: number;
}

const mebibyte = 1024 * 1024;
/** Calls in one state. */
const maxCalls = 10_000;

/** `GET /v1/calls/stream` */
export function registerCallStream(app: HttpServer, route: CallStreamRoute): void {
  const { bus, news, findCalls, heartbeatMs = 15_000, maxWaiting = 8 * mebibyte } = route;
  const places = createPlaces({ maxStreams: 500, maxStreamsOfAgent: 100, ...route });
  const schema = {
    tags: ['calls'],
    summary: 'Active calls as server-sent events: `state` first, then `call` and `gone`',
    description: 'Takes the filters of `GET /v1/calls`. A call is told on one line; its session is read by its id.',
    querystring: z.strictObject(callQuery),
  };
  const options = { onRequest: requireScope('sessions:read'), exposeHeadRoute: false, schema };
  app.get('/v1/calls/stream', options, async (request, reply) => {
    const identity = identityOf(request);
    const { tenantId } = identity;
    const filter = filterOf(request.query, identity);
    const access = accessOf(request, (now) => mayStill(identity, now));
    const read = () => readAll(findCalls, tenantId, filter);
    const stream = await places.take(`${tenantId} ${identity.tokenId}`, () =>
      createCallStream({ bus, news, tenantId, filter, read, ...access, heartbeatMs, maxWaiting }),
    );
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  });
  app.addHook('preClose', async () => places.end());
}

async function readAll(findCalls: FindCalls, tenantId: string, filter: CallFilter) {
  const sessions: Session[] = [];
  let after: CallPosition | undefined;
  do {
    const page = await findCalls(tenantId, filter, { limit: 500, after });
    sessions.push(...page.sessions);
    after = page.next;
  } while (after !== undefined && sessions.length < maxCalls);
  return { sessions, complete: after === undefined };
}

function mayStill({ tenantId, agentId }: Identity, now: Identity | undefined): boolean {
  if (now === undefined || now.tenantId !== tenantId || now.agentId !== agentId) return false;
  return now.scopes.includes('sessions:read') || now.scopes.includes('admin');
}
