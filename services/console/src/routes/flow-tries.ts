import { ConfigRejected, type ConfigStore } from '@patchcord/bus';
import {
  configSchemas,
  type Flow,
  rawNumber,
  routeDestination,
  ruledIssues,
  sessionChanges,
  workflowOutcomes,
} from '@patchcord/contracts';
import { flowInstruction } from '@patchcord/flows';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { shownVariables, tryFlow } from '../usecases/try-flow.ts';

const variables = sessionChanges.default({}).meta({ description: 'Variables of the session by full name' });

const input = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('played') }),
    z.strictObject({ type: z.literal('digits'), digits: z.string().max(256) }),
    z.strictObject({ type: z.literal('timeout') }),
    z.strictObject({ type: z.literal('hung-up') }),
    z.strictObject({ type: z.literal('failed'), reason: z.string().max(512).default('') }),
    z.strictObject({
      type: z.literal('identified'),
      outcome: z.enum(['success', 'failure']),
      id: z.string().max(256).optional(),
      destination: routeDestination.optional(),
    }),
    z.strictObject({ type: z.literal('variables'), variables }),
    z.strictObject({ type: z.literal('answered'), outcome: z.enum(['succeeded', ...workflowOutcomes]), variables }),
  ])
  .meta({
    description: 'What happened: `variables`: somebody wrote them; `answered`: what the call waits for is known',
  });

const body = z
  .strictObject({
    flow: z.unknown().meta({ description: 'The flow as it would be stored; it need not be' }),
    caller: z.strictObject({ ani: rawNumber.optional(), dnis: rawNumber.optional() }).default({}),
    variables,
    at: z.iso.datetime().optional().meta({ description: 'When the call comes; default: now' }),
    inputs: z.array(input).max(200).default([]).meta({ description: 'What happened since, in its order' }),
  })
  .meta({
    id: 'FlowTry',
    examples: [
      {
        flow: {
          id: 'menu',
          name: 'Menu',
          start: 'ask',
          modules: [
            { id: 'ask', type: 'simple-menu', options: { '1': 'sales' } },
            { id: 'sales', type: 'queue', queue: 'sales' },
          ],
        },
        caller: { ani: '+14155550123' },
        inputs: [{ type: 'digits', digits: '1' }],
      },
    ],
  });

const module = z.string();
const step = z.object({
  instruction: flowInstruction,
  module: module.meta({ description: 'Where the call is now' }),
  entered: z.array(module).readonly().meta({ description: 'Modules that it came into, in their order' }),
  notes: z
    .array(
      z.object({
        about: z.string(),
        module,
        text: z.string(),
        tried: z
          .array(z.object({ trigger: z.string(), module, fires: z.boolean(), note: z.string().optional() }))
          .readonly()
          .optional(),
      }),
    )
    .readonly(),
  wouldRun: z
    .array(z.object({ kind: z.enum(['automation', 'crm-workflow']), id: z.string(), module }))
    .readonly()
    .meta({ description: 'What a call would set off now. Here nothing is' }),
});

const answer = z.object({
  steps: z.array(step).readonly().meta({ description: 'The first one is that of the call coming in' }),
  variables: z.record(z.string(), z.unknown()).meta({ description: 'Those of the session at the end' }),
});

/** `POST /v1/flows/try`: a made-up call goes through a flow. */
export function registerFlowTries(app: HttpServer, config: ConfigStore): void {
  const schema = {
    summary: 'Takes a made-up call through a flow, stored or not; nothing is stored, sent or called',
    description:
      'The engine is that of real calls. Each request begins anew: to go on, send all inputs so far and the next one.',
    tags: ['flows'],
    body,
    response: { 200: answer },
  };
  app.post('/v1/flows/try', { onRequest: requireScope('admin'), schema }, async ({ tenantId, body: asked }) => {
    const flow = checkedFlow(asked.flow);
    const { caller, inputs, at } = asked;
    const now = at === undefined ? Date.now() : Date.parse(at);
    const made = { tenantId, flow, caller: withoutAbsent(caller), variables: asked.variables, inputs, now };
    const { steps, variables: written } = tryFlow(config.tenant(tenantId), made);
    return { steps, variables: shownVariables(written) };
  });
}

/** @throws ConfigRejected as when it is stored */
function checkedFlow(candidate: unknown): Flow {
  const parsed = configSchemas.flow.safeParse(candidate);
  if (parsed.success) return parsed.data;
  throw new ConfigRejected(ruledIssues(parsed.error));
}

const withoutAbsent = ({ ani, dnis }: { ani?: string | undefined; dnis?: string | undefined }) => ({
  ...(ani === undefined ? {} : { ani }),
  ...(dnis === undefined ? {} : { dnis }),
});
