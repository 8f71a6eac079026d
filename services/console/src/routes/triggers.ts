import { conditionOperators, entityFields, token, trigger, triggerUses } from '@patchcord/contracts';
import { operatorCatalogue } from '@patchcord/expressions';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { etagOf } from '../domain/etag.ts';
import { sampleValues } from '../domain/sample-values.ts';
import type { CallValuesDeps } from '../usecases/call-values.ts';
import { cloneTrigger } from '../usecases/clone-trigger.ts';
import { getEntity } from '../usecases/put-entity.ts';
import { testTrigger } from '../usecases/test-trigger.ts';
import { emptyBody } from './empty-body.ts';

const tags = ['triggers'];
const onRequest = requireScope('admin');
const params = z.object({ id: token });

const operator = z.object({
  operator: z.enum(conditionOperators),
  meaning: z.string().meta({ description: 'When a condition with it is met' }),
  expectation: z
    .enum(['none', 'text', 'number', 'pattern', 'regular expression', 'list'])
    .meta({ description: 'What the value is compared with; `none`: the operator looks only at the value' }),
  placeholders: z.boolean().meta({ description: 'Whether the expectation may hold placeholders' }),
  example: z
    .object({ expression: z.string(), expectation: z.string(), value: z.unknown().optional() })
    .meta({ description: 'A condition that is met with this value, or when there is none' }),
});

const use = z.object({
  kind: z.string().meta({ description: 'Kind of the entity, e.g. `flow` or `automation`' }),
  id: token,
  name: z.string(),
  path: z.string().meta({ description: 'Where within the entity, e.g. `modules[2].routes[0].when`' }),
  module: token.optional().meta({ description: 'Of a flow: the module' }),
  invert: z.boolean(),
  enabled: z.boolean(),
});

const type = trigger.shape.type.unwrap();

const shown = z.object({
  ...entityFields,
  type,
  conditions: z.array(
    z.object({
      expression: z.string(),
      operator: z.enum(conditionOperators),
      expectation: z.string(),
      strict: z.boolean(),
    }),
  ),
});

const asked = z
  .strictObject({
    trigger: token.optional().meta({ description: 'Id of a stored trigger; or, instead of it, `conditions`' }),
    id: token.optional().meta({ description: 'Not looked at, so that a trigger can be sent as it will be stored' }),
    name: entityFields.name.optional().meta({ description: 'Not looked at' }),
    type: type.optional().meta({ description: 'With `conditions`; default `ALL`' }),
    conditions: trigger.shape.conditions.optional(),
    invert: z.boolean().default(false).meta({ description: 'As at a use that fires when the trigger does not' }),
    callId: token.optional().meta({ description: 'A call whose values are taken' }),
    session: sampleValues,
  })
  .superRefine(({ trigger: stored, conditions, type }, context) => {
    const message = 'expected either the id of a "trigger", or "conditions" of one that is not stored';
    if ((stored === undefined) === (conditions === undefined))
      context.addIssue({ code: 'custom', path: ['trigger'], message });
    else if (stored !== undefined && type !== undefined)
      context.addIssue({ code: 'custom', path: ['type'], message: 'expected no type: the stored trigger has one' });
  });

const tested = z.object({
  fires: z.boolean().meta({ description: 'Whether a use of the trigger would fire' }),
  triggered: z.boolean().meta({ description: 'The same without `invert`' }),
  type,
  invert: z.boolean(),
  conditions: z
    .array(
      z.object({
        expression: z.string(),
        operator: z.enum(conditionOperators),
        expectation: z.string().meta({ description: 'What the value was compared with' }),
        template: z
          .string()
          .optional()
          .meta({ description: 'The expectation as it is written, where that is something else' }),
        value: z.unknown().optional().meta({ description: 'Not there when there is none' }),
        met: z.boolean(),
        note: z.string().optional().meta({ description: 'Why it could not be compared as it was meant' }),
      }),
    )
    .meta({ description: 'All of them, also those that no longer mattered' }),
  notes: z.array(z.string()).meta({ description: 'Made-up values that no call ever has' }),
});

/** What triggers are made of, where they are used, what they come to with a call; and a copy of one. */
export function registerTriggers(app: HttpServer, deps: CallValuesDeps): void {
  const { config } = deps;
  const operators = {
    summary: 'Every operator: its meaning, what it takes, and an example that is met',
    tags,
    response: { 200: z.object({ operators: z.array(operator) }) },
  };
  app.get('/v1/triggers/operators', { onRequest, schema: operators }, async () => ({
    operators: [...operatorCatalogue],
  }));

  const uses = {
    summary: 'Where a trigger is used: automations, and routes and waits of flows',
    tags,
    params,
    response: { 200: z.object({ uses: z.array(use) }) },
  };
  app.get('/v1/triggers/:id/uses', { onRequest, schema: uses }, async ({ tenantId, params: { id } }) => {
    await getEntity(config, { tenantId, kind: 'trigger', id });
    return { uses: triggerUses(config.tenant(tenantId), id) };
  });

  const clone = {
    summary: 'Stores a copy of a trigger under another id and name; its ETag is its revision',
    tags,
    params,
    body: z.strictObject({ id: token, name: entityFields.name }),
    response: { 201: shown },
  };
  app.post('/v1/triggers/:id/clone', { onRequest, preValidation: emptyBody, schema: clone }, async (request, reply) => {
    const { tenantId, tokenId } = identityOf(request);
    const entry = await cloneTrigger(config, { tenantId, tokenId, ...request.params, copy: request.body });
    return reply.status(201).header('etag', etagOf(entry.revision)).send(shown.parse(entry.entity));
  });

  registerTest(app, deps);
}

function registerTest(app: HttpServer, deps: CallValuesDeps): void {
  const schema = {
    summary: 'Whether a trigger would fire, and why: with the values of a call, made-up ones, or both',
    description:
      'Without `callId` the values are those of a call that has just begun, and of which nothing else is known. ' +
      'Nothing is stored and nothing is set off.',
    tags,
    body: asked,
    response: { 200: tested },
  };
  app.post('/v1/triggers/test', { onRequest, preValidation: emptyBody, schema }, async ({ tenantId, body }) => {
    const { conditions, notes, ...rest } = await testTrigger(deps, { ...body, tenantId });
    return { ...rest, conditions: [...conditions], notes: [...notes] };
  });
}
