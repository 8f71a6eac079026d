import { Failure } from '@patchcord/contracts';
import type { FastifyInstance } from 'fastify';

/** Deeper than anything that somebody means; what goes through a body by recursion has room for thousands. */
const maxLevels = 64;

/** Refuses bodies that nothing after it could go through: JSON is read at any depth, and written only to some. */
export function registerNestingLimit(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _reply, done) => {
    const message = `the body is nested too deeply: expected at most ${maxLevels} levels`;
    done(fits(request.body, maxLevels) ? undefined : new Failure('permanent', 'invalid_request', message));
  });
}

function fits(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return true;
  return levels > 0 && Object.values(value).every((each) => fits(each, levels - 1));
}
