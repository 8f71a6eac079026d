import type { FastifyRequest } from 'fastify';

/** As `preValidation`: a request without a body is one with an empty object, where every field has a default. */
export async function emptyBody(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}
