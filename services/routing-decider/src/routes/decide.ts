import { type RoutingInput, routingDecision, routingInput, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { DecideRoute } from '../usecases/decide-route.ts';
import { emptyAsAbsent, numberInQuery } from './query.ts';

const budgetMs = z.int().min(1).meta({ description: 'How long the caller can wait (ms)' });

/** Strict: a misspelt `ani` must not end as a decision about nobody. */
const body = z.strictObject({ ...routingInput.shape, budgetMs: budgetMs.optional() }).meta({ id: 'RoutingQuestion' });

/** A dialplan writes every parameter, also those whose variable is empty. */
const query = z.strictObject({
  callId: emptyAsAbsent(token),
  ani: emptyAsAbsent(numberInQuery),
  dnis: emptyAsAbsent(numberInQuery),
  dtmf: emptyAsAbsent(routingInput.shape.dtmf.unwrap()),
  budgetMs: emptyAsAbsent(z.coerce.number().pipe(budgetMs)),
});

const params = z.object({ rule: token });

type Question = { readonly [Key in keyof z.output<typeof body>]: z.output<typeof body>[Key] | undefined };

export interface DecideRouteDeps {
  readonly decide: DecideRoute;
  readonly now: () => number;
  /** When what is handled now came in, by the same clock. */
  readonly turn: () => number;
}

/** `POST` and `GET /v1/routing/{rule}/decide`. */
export function registerDecide(app: HttpServer, { decide, now, turn }: DecideRouteDeps): void {
  const ask = (tenantId: string, ruleId: string, question: Question, elapsedMs: number) => {
    const { budgetMs: limit, ...given } = question;
    const budget = limit === undefined ? {} : { budgetMs: limit };
    return decide({ tenantId, ruleId, input: inputOf(given), ...budget }, Math.min(turn(), now() - elapsedMs));
  };
  const onRequest = requireScope('routing:decide');
  const common = { params, response: { 200: routingDecision }, tags: ['routing'] };

  app.post(
    '/v1/routing/:rule/decide',
    { onRequest, schema: { ...common, body, summary: 'Where does this call go?' } },
    (request, reply) => ask(request.tenantId, request.params.rule, request.body, reply.elapsedTime),
  );
  app.get(
    '/v1/routing/:rule/decide',
    { onRequest, schema: { ...common, querystring: query, summary: 'Where does this call go? For a dialplan.' } },
    (request, reply) => ask(request.tenantId, request.params.rule, request.query, reply.elapsedTime),
  );
}

/** Without the keys that are absent: what is not known is not sent. */
function inputOf({ callId, ani, dnis, dtmf }: { readonly [Key in keyof RoutingInput]: RoutingInput[Key] | undefined }) {
  return {
    ...(callId === undefined ? {} : { callId }),
    ...(ani === undefined ? {} : { ani }),
    ...(dnis === undefined ? {} : { dnis }),
    ...(dtmf === undefined ? {} : { dtmf }),
  };
}
