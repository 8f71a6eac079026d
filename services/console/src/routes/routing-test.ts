import {
  contactMatch,
  rawNumber,
  routeDestination,
  routingDecision,
  routingInput,
  routingRule,
  token,
} from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { type TestRoutingDeps, testRouting } from '../usecases/test-routing.ts';
import { emptyBody } from './empty-body.ts';

const asked = z.strictObject({
  ani: rawNumber.meta({ description: 'Who calls', example: '+14155550123' }),
  dnis: rawNumber.optional().meta({ description: 'The number that is called; its rule is tested' }),
  dtmf: routingInput.shape.dtmf.meta({ description: 'What the caller enters where the rule asks for digits' }),
  rule: token.optional().meta({ description: 'A rule instead of the one of the called number' }),
});

const verdict = z.object({
  rule: z
    .object({
      id: token,
      name: z.string(),
      rows: routingRule.shape.rows.unwrap(),
      default: routeDestination,
      on: z.record(z.string(), routeDestination.optional()),
      budgetMs: z.number(),
    })
    .optional()
    .meta({ description: 'Absent: the called number is of no rule' }),
  decision: routingDecision.optional(),
  campaign: z.object({ id: token, name: z.string() }).optional(),
  known: z.object({ database: token, match: contactMatch.optional(), contacts: z.number() }).optional(),
});

/** `POST /v1/routing-test`: what would happen to a caller now. */
export function registerRoutingTest(app: HttpServer, deps: TestRoutingDeps): void {
  const schema = {
    summary: 'What would happen to this caller now: the rule, the row that matches and why, the campaign, who is known',
    description: 'The CRM is really asked. Nothing is written: there is no call.',
    tags: ['routing'],
    body: asked,
    response: { 200: verdict },
  };
  const onRequest = requireScope('admin');
  app.post('/v1/routing-test', { onRequest, preValidation: emptyBody, schema }, ({ tenantId, body }) =>
    testRouting(deps, { ...body, tenantId }),
  );
}
