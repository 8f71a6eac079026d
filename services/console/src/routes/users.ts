import { token } from '@patchcord/contracts';
import { type HttpServer, identityOf } from '@patchcord/runtime';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type SetPasswordDependencies, setPassword } from '../usecases/set-password.ts';

/** Long rather than strange (NIST SP 800-63B); the upper end bounds what hashing costs. */
const newPassword = z.string().min(10, 'expected at least 10 characters').max(256);

/** Passwords. Everything else of a user is configuration: `/v1/config/user`. */
export function registerUsers(app: HttpServer, dependencies: SetPasswordDependencies): void {
  const schema = {
    summary: 'Sets a password and ends every access token of the person; oldPassword for whoever is no administrator',
    tags: ['users'],
    params: z.object({ id: token }),
    body: z.strictObject({ password: newPassword, oldPassword: z.string().max(256).optional() }),
  };
  // Whoever is nobody is told so, before anything is said of his body.
  const onRequest = async (request: FastifyRequest): Promise<void> => void identityOf(request);
  app.put('/v1/users/:id/password', { onRequest, schema }, async (request, reply) => {
    const by = identityOf(request);
    await setPassword(dependencies, { by, userId: request.params.id, ...request.body });
    return reply.status(204).send();
  });
}
