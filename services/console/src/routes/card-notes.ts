import { type Bus, callRpc } from '@patchcord/bus';
import { cardNote, maxNoteLength, rpc, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { addressOf, personOf } from '../domain/card-address.ts';
import { etagOf, preconditionOf } from '../domain/etag.ts';

const onRequest = requireScope('dispositions:write');
const timeoutMs = 5000;

/** What somebody writes down on a card while he talks. */
export function registerCardNotes(app: HttpServer, bus: Bus): void {
  const schema = {
    summary: 'Keeps the note of whoever asks; with If-Match only over the revision that he has read',
    description: 'The ETag is the revision of the note. `If-None-Match: *` writes the first one only.',
    tags: ['customer card'],
    params: z.object({ cardId: token }),
    body: z.strictObject({ text: z.string().max(maxNoteLength) }),
    response: { 200: z.object({ outcome: z.enum(['changed', 'unchanged']), note: cardNote }) },
  };
  app.put('/v1/agent/cards/:cardId/note', { onRequest, schema }, async (request, reply) => {
    const identity = identityOf(request);
    const { ifAbsent, ifRevision } = preconditionOf(request.headers);
    const demanded = ifAbsent === true ? 0 : ifRevision;
    const answer = await callRpc(
      bus,
      rpc.noteOnCard,
      {
        ...addressOf(identity, request.params.cardId),
        by: personOf(identity),
        text: request.body.text,
        ...(demanded === undefined ? {} : { ifRevision: demanded }),
      },
      { timeoutMs },
    );
    reply.header('etag', etagOf(answer.note.revision));
    return answer;
  });
}
