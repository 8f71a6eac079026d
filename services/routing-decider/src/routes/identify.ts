import { routeDestination, routingInput, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { Identify } from '../usecases/identify.ts';
import { emptyAsAbsent, numberInQuery } from './query.ts';

const digits = z
  .string()
  .regex(/^[0-9*#A-D]{0,64}$/, 'expected up to 64 digits 0-9, *, #, A-D')
  .meta({ description: 'What the caller entered; absent or empty: nothing in time' });
const attempt = z
  .int()
  .min(0)
  .max(20)
  .meta({ description: 'Which attempt this was, as the answer before said it; 0 begins' });

const { callId, ani, dnis } = routingInput.shape;

/** Strict: misspelt `digits` must not end as a caller who entered nothing. */
const body = z
  .strictObject({ attempt: attempt.default(0), digits: digits.optional(), callId, ani, dnis })
  .meta({ id: 'IdentificationAttempt' });

/** A dialplan writes every parameter, also those whose variable is empty. */
const query = z.strictObject({
  attempt: emptyAsAbsent(z.coerce.number().pipe(attempt)),
  digits: digits.optional(),
  callId: emptyAsAbsent(token),
  ani: emptyAsAbsent(numberInQuery),
  dnis: emptyAsAbsent(numberInQuery),
});

const step = z
  .discriminatedUnion('next', [
    z.object({
      next: z.literal('ask'),
      prompt: z.string().meta({ description: "What the caller hears, in the PBX's own words" }),
      timeoutMs: z.number().int(),
      maxDigits: z.number().int(),
      attempt: z.number().int().meta({ description: 'To be sent with the digits' }),
    }),
    z.object({
      next: z.literal('go'),
      destination: routeDestination,
      outcome: z.enum(['success', 'failure']),
      identifiedAs: z.string().optional(),
      reason: z.string(),
    }),
  ])
  .meta({ id: 'IdentificationStep' });

const params = z.object({ id: token });

interface Question {
  readonly attempt?: number | undefined;
  readonly digits?: string | undefined;
  readonly callId?: string | undefined;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
}

export interface IdentifyDeps {
  readonly identify: Identify;
  readonly now: () => number;
  /** When what is handled now came in, by the same clock. */
  readonly turn: () => number;
}

/** `POST` and `GET /v1/identifications/{id}/next`. */
export function registerIdentify(app: HttpServer, { identify, now, turn }: IdentifyDeps): void {
  const next = (
    tenantId: string,
    identificationId: string,
    { attempt: nth = 0, digits: entered = '', ...call }: Question,
    elapsedMs: number,
  ) =>
    identify(
      { tenantId, identificationId, attempt: nth, digits: entered, ...call },
      Math.min(turn(), now() - elapsedMs),
    );
  const onRequest = requireScope('routing:decide');
  const common = { params, response: { 200: step }, tags: ['identification'] };

  app.post(
    '/v1/identifications/:id/next',
    { onRequest, schema: { ...common, body, summary: 'The next step of identifying a caller' } },
    (request, reply) => next(request.tenantId, request.params.id, request.body, reply.elapsedTime),
  );
  app.get(
    '/v1/identifications/:id/next',
    {
      onRequest,
      schema: { ...common, querystring: query, summary: 'The next step of identifying a caller. For a dialplan.' },
    },
    (request, reply) => next(request.tenantId, request.params.id, request.query, reply.elapsedTime),
  );
}
