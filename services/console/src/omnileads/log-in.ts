import type { User } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import type { FastifyReply } from 'fastify';
import type { LogInOutcome } from '../usecases/log-in.ts';
import { type OmniLeadsDeps, path } from './deps.ts';
import { fieldsOf, idOut, textOf } from './fields.ts';
import { schemas } from './schemas.ts';

/** `POST /api/v1/login`: username and password for a bearer token. */
export function registerLogInPath(app: HttpServer, { logIn }: Pick<OmniLeadsDeps, 'logIn'>): void {
  const schema = {
    summary: 'OMniLeads: log in',
    description: 'Fields `username`, `password`; ours: `tenant`, where a username exists at several.',
    tags: ['omnileads'],
    security: [],
    ...schemas.logIn,
  };
  path(app, { method: 'POST', url: '/api/v1/login/', schema }, async (request, reply) => {
    const fields = fieldsOf(request);
    const [username, password] = [textOf(fields, 'username'), fields.get('password')];
    if (username === undefined || typeof password !== 'string' || password === '') {
      const missing = {
        ...(username === undefined ? { username: needed } : {}),
        ...(password ? {} : { password: needed }),
      };
      return reply
        .status(400)
        .send({ ...missing, status: 'ERROR', message: 'username and password are needed', errors: missing });
    }
    const tenantId = textOf(fields, 'tenant');
    return answer(reply, await logIn({ username, password, tenantId, address: request.ip }));
  });
}

const needed = ['expected a value: the field is required'];

/** Whoever is refused gets the status by which scripts of the original know it: 404. */
function answer(reply: FastifyReply, outcome: LogInOutcome): FastifyReply {
  if (outcome.outcome === 'granted') {
    const { accessToken, expiresInSeconds, user } = outcome;
    return reply.send({ user: personOf(user), expires_in: expiresInSeconds.toFixed(6), token: accessToken });
  }
  if (outcome.outcome === 'limited') {
    const seconds = Math.max(1, Math.ceil((outcome.retryAt.getTime() - Date.now()) / 1000));
    return reply.status(429).header('retry-after', String(seconds)).send(refusal('too many wrong passwords: wait'));
  }
  return reply.status(404).send(refusal('username or password is not right, or the person is disabled'));
}

const refusal = (message: string) => ({ status: 'ERROR', message, detail: message, errors: {} });

/** The original kept first and last names; here the whole name is the first. */
const personOf = ({ username, name, role, agentId }: User) => ({
  username,
  first_name: name,
  last_name: '',
  email: '',
  ...(role === 'agent' && agentId !== undefined ? { agent_id: idOut(agentId) } : {}),
});
