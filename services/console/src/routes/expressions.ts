import { templateLimits, token } from '@patchcord/contracts';
import { type ExpressionEntry, encodings, expressionCatalogue } from '@patchcord/expressions';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { callMoments, namesFor } from '../domain/course-of-events.ts';
import { sampleValues } from '../domain/sample-values.ts';
import type { CallValuesDeps } from '../usecases/call-values.ts';
import { evaluateText } from '../usecases/evaluate-text.ts';
import { emptyBody } from './empty-body.ts';

const tags = ['expressions'];
const onRequest = requireScope('admin');

type Group = ExpressionEntry['group'];
const groups = [...new Set(expressionCatalogue.map(({ group }) => group))] as [Group, ...Group[]];

const filter = z.strictObject({
  event: z
    .enum(callMoments, { error: `expected one of ${callMoments.join(', ')}` })
    .optional()
    .meta({ description: 'Only names that may have a value when this event is told for the first time in a call' }),
  group: z.enum(groups, { error: `expected one of ${groups.join(', ')}` }).optional(),
});

const entry = z.object({
  name: z.string().meta({ description: 'What stands between `<` and `>` is to be replaced' }),
  label: z.string(),
  type: z.enum(['text', 'number', 'boolean', 'time', 'list', 'object', 'any']),
  group: z.enum(groups),
  example: z.unknown(),
  since: z.string().meta({ description: 'The event from which on there may be a value' }),
});

const asked = z.strictObject({
  text: z.string().max(templateLimits.characters).meta({
    description: 'A text with placeholders',
    example: 'Dear {ivr.name|Sir or Madam}',
  }),
  encoding: z.enum(encodings).default('none').meta({ description: 'Where the text will stand' }),
  callId: token.optional().meta({ description: 'A call whose values are taken' }),
  values: sampleValues,
});

const evaluated = z.object({
  text: z.string(),
  notes: z.array(z.string()).meta({ description: 'What is missing, and made-up values that no call ever has' }),
  placeholders: z
    .array(
      z.object({
        expression: z.string(),
        found: z.boolean(),
        value: z.unknown().optional(),
        note: z.string().optional(),
      }),
    )
    .meta({ description: 'Each name once, in the order of the text' }),
});

/** The names that texts and triggers can have, and what a text comes to. */
export function registerExpressions(app: HttpServer, deps: CallValuesDeps): void {
  const list = {
    summary: 'Every name that an expression can have: its type, an example, and from which event on',
    tags,
    querystring: filter,
    response: { 200: z.object({ expressions: z.array(entry) }) },
  };
  app.get('/v1/expressions', { onRequest, schema: list }, async ({ query }) => ({ expressions: namesFor(query) }));

  const evaluate = {
    summary: 'Fills the placeholders of a text: with the values of a call, made-up ones, or both',
    description: 'Without `callId` the values are those of a call that has just begun, and of which nothing is known.',
    tags,
    body: asked,
    response: { 200: evaluated },
  };
  app.post(
    '/v1/expressions/evaluate',
    { onRequest, preValidation: emptyBody, schema: evaluate },
    async ({ tenantId, body }) => {
      const { text, notes, placeholders } = await evaluateText(deps, { ...body, tenantId });
      return { text, notes: [...notes], placeholders: [...placeholders] };
    },
  );
}
