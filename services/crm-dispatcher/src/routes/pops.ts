import type { HttpServer } from '@patchcord/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { OpenedPop, OpenPop } from '../usecases/open-pop.ts';

const params = z.object({ token: z.string().min(1).max(300) });

/**
 * The page of somebody else runs in a sandbox of its own, not with our address as its origin. Consoles may stand
 * anywhere, so any page may frame it: who has the address may see it anyway.
 */
const contentPolicy = 'sandbox allow-scripts allow-forms allow-popups; frame-ancestors *';

/** Signed addresses of screen pops: what a browser gets in place of a site that needs our credentials. */
export async function registerPops(app: HttpServer, openPop: OpenPop): Promise<void> {
  await app.register(async (scope) => {
    ignoreBodies(scope);
    scope.addHook('onSend', allowElsewhere);
    for (const method of ['GET', 'POST'] as const)
      scope.route({
        method,
        url: '/v1/pops/:token',
        exposeHeadRoute: false,
        schema: {
          tags: ['Screen pops'],
          summary: 'Opens an external site for an agent, by the signed address of a screen pop',
          params,
        },
        handler: async (request, reply) => {
          if (isPrefetch(request)) return page(reply, 503, 'This page is not fetched in advance.');
          const { token } = request.params as z.infer<typeof params>;
          return answer(reply, await openPop({ token, method }));
        },
      });
    scope.options('/v1/pops/:token', { schema: { hide: true } }, (_request, reply) =>
      reply
        .status(204)
        .header('access-control-allow-methods', 'GET, POST')
        .header('access-control-allow-headers', 'content-type')
        .header('access-control-max-age', '600')
        .send(),
    );
  });
}

/** A link that is looked at before somebody clicks on it must not set off anything. */
const isPrefetch = ({ headers }: FastifyRequest): boolean => String(headers['sec-purpose'] ?? '').includes('prefetch');

/** What a form brings along is not used: what is sent to the site lies with us. */
function ignoreBodies(scope: Pick<HttpServer, 'removeAllContentTypeParsers' | 'addContentTypeParser'>): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null);
  });
}

/** Answers are for frames and scripts of other origins; nothing of them says who asks, so any may read them. */
async function allowElsewhere(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply
    .removeHeader('x-frame-options')
    .header('access-control-allow-origin', '*')
    .header('cross-origin-resource-policy', 'cross-origin')
    .header('cross-origin-opener-policy', 'unsafe-none')
    .header('content-security-policy', contentPolicy);
}

function answer(reply: FastifyReply, opened: OpenedPop): FastifyReply {
  switch (opened.outcome) {
    case 'answer':
      if (opened.contentType !== undefined) reply.header('content-type', opened.contentType);
      return reply.status(opened.status).serializer(String).send(opened.body);
    case 'elsewhere':
      return reply.status(303).header('location', opened.location).send();
    case 'wrong':
      return page(reply, 401, 'This address is not valid.');
    case 'expired':
      return page(reply, 410, 'This address has expired. Open the site again from the console.');
    case 'gone':
      return page(reply, 410, 'There is nothing here any more: the call went elsewhere, or is over.');
    case 'wrong-method':
      return page(reply, 405, 'This address is to be opened from the console.');
    case 'unshowable':
      return page(reply, 502, `The site answered with something that cannot be shown here (${opened.contentType}).`);
    case 'failed':
      return page(reply, 502, `The site could not be reached: ${opened.failure.message}.`);
  }
}

const page = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.status(status).header('content-type', 'text/plain; charset=utf-8').serializer(String).send(text);
