import { courseStep } from '@patchcord/call-model';
import { digitalContact, digitalId, Failure, token } from '@patchcord/contracts';
import { demandAgent, type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { type FindDigital, isOf } from '../usecases/find-digital.ts';

const query = z.strictObject({
  agentId: token.optional().meta({ description: 'Only contacts of which this agent has, or had, a segment' }),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
});
const contactOut = digitalContact.meta({ id: 'DigitalContact' });
const list = z.object({ contacts: z.array(contactOut) });
const one = z.object({ contact: contactOut, course: z.array(courseStep) });

/** `GET /v1/digital-interactions` and `GET /v1/digital-interactions/{contactId}`. */
export function registerDigital(app: HttpServer, find: FindDigital): void {
  const onRequest = requireScope('sessions:read');
  const tags = ['digital'];
  app.get(
    '/v1/digital-interactions',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Open chats, mails and other digital contacts, those that changed last first',
        querystring: query,
        response: { 200: list },
      },
    },
    async (request) => {
      const identity = identityOf(request);
      const { limit, agentId = identity.agentId } = request.query;
      if (agentId !== undefined) demandAgent(identity, agentId);
      return { contacts: await find.open(identity.tenantId, { limit, agentId }) };
    },
  );
  app.get(
    '/v1/digital-interactions/:contactId',
    {
      onRequest,
      schema: {
        tags,
        summary: 'One digital contact as it is now, and what happened to it',
        params: z.object({ contactId: digitalId }),
        response: { 200: one },
      },
    },
    async (request) => {
      const { tenantId, agentId } = identityOf(request);
      const { contactId } = request.params;
      const found = await find.one({ tenantId, contactId });
      if (found === undefined || !isOf(found.contact, agentId)) throw noSuchContact(contactId);
      return found;
    },
  );
}

const noSuchContact = (id: string): Failure =>
  new Failure('permanent', 'not_found', `there is no digital contact "${id}": it never was, or it was too long ago`);
