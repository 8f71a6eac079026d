import { callRpc } from '@patchcord/bus';
import { automationTestReply, automationTestRequest, Failure, rpc, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { sampleValues } from '../domain/sample-values.ts';
import { type CallValuesDeps, readCall } from '../usecases/call-values.ts';
import { emptyBody } from './empty-body.ts';

const tags = ['automations'];
const onRequest = requireScope('admin');
/** A request may take a minute, and the login before it too. */
const timeoutMs = 130_000;

const choices = z.strictObject({
  event: automationTestRequest.shape.event.meta({ description: 'What sets it off; default: the first of its events' }),
  callId: token.optional().meta({ description: 'A call that it is about; default: one of which nothing is known' }),
  values: sampleValues,
  send: z.boolean().default(false).meta({ description: 'Whether it is really done' }),
});
const given = choices.extend({ automation: z.record(z.string(), z.unknown()) });
const response = { 200: automationTestReply };

/** Shows what an automation would do for a call or for made-up values, and if asked does it. */
export function registerAutomationTests(app: HttpServer, deps: CallValuesDeps): void {
  const { bus, config } = deps;
  const test = async (tenantId: string, automation: object, { callId, ...chosen }: z.output<typeof choices>) => {
    const session = callId === undefined ? undefined : await readCall(bus, { tenantId, callId });
    return callRpc(bus, rpc.testAutomation, { ...chosen, tenantId, automation, session }, { timeoutMs });
  };
  const stored = {
    summary: 'Tests a stored automation: shows what it does for a call, and with `send` does it',
    tags,
    params: z.object({ id: token }),
    body: choices,
    response,
  };
  app.post(
    '/v1/automations/:id/test',
    { onRequest, preValidation: emptyBody, schema: stored },
    async ({ tenantId, params, body }) => {
      const automation = config.tenant(tenantId).automation.get(params.id);
      if (automation === undefined)
        throw new Failure('permanent', 'not_found', `there is no automation "${params.id}"`);
      return test(tenantId, automation, body);
    },
  );
  const unstored = { summary: 'Tests an automation before it is stored', tags, body: given, response };
  app.post(
    '/v1/automations/test',
    { onRequest, schema: unstored },
    async ({ tenantId, body: { automation, ...chosen } }) =>
      test(tenantId, { id: 'test', name: 'Test', ...automation }, chosen),
  );
}
