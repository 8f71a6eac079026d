import type { Readable } from 'node:stream';
import type { Bus } from '@patchcord/bus';
import type { Scope } from '@patchcord/contracts';
import { createPlaces, type HttpServer, type Identity, identityOf } from '@patchcord/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createNewsStream, type NewsStreamOptions } from '../adapters/news-stream.ts';

export interface NewsStreamSettings {
  readonly heartbeatMs?: number;
  readonly maxWaiting?: number;
  readonly maxStreams?: number;
}

type Following = Pick<NewsStreamOptions, 'subscribe' | 'togetherMs'> & {
  /** Whoever loses it is told nothing more. */
  readonly scope: Scope;
};

/** Answers with a stream of news, within the bounds of how many there may be. */
export type FollowNews = (request: FastifyRequest, reply: FastifyReply, following: Following) => Promise<FastifyReply>;

export function createFollowNews(app: HttpServer, bus: Bus, options: NewsStreamSettings): FollowNews {
  const { heartbeatMs = 15_000, maxWaiting = 64 * 1024, maxStreams = 500 } = options;
  const places = createPlaces({ maxStreams, maxStreamsOfAgent: 50 });
  app.addHook('preClose', async () => places.end());
  return async (request, reply, { scope, ...following }) => {
    const identity = identityOf(request);
    const allowed = async (): Promise<boolean> => mayStill(identity, await request.identifyAgain(), scope);
    const open = (): Promise<Readable> => createNewsStream({ bus, allowed, heartbeatMs, maxWaiting, ...following });
    const stream = await places.take(`${identity.tenantId} ${identity.tokenId}`, open);
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  };
}

function mayStill({ tenantId, agentId }: Identity, now: Identity | undefined, scope: Scope): boolean {
  if (now === undefined || now.tenantId !== tenantId || now.agentId !== agentId) return false;
  return now.scopes.includes(scope) || now.scopes.includes('admin');
}
