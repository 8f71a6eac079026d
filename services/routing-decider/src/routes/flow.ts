import { routingInput, token } from '@patchcord/contracts';
import { flowInput, flowInstruction } from '@patchcord/flows';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { RunFlow } from '../usecases/run-flow.ts';

const { ani, dnis } = routingInput.shape;

const turn = z.int().nonnegative();

/** Strict: a misspelt `turn` must not end as an input that counts twice. */
const body = z
  .strictObject({
    callId: token.meta({ description: 'Our id of the call, e.g. `c-berlin-1795218080_2E1608`' }),
    input: flowInput.meta({ description: 'What happened: `started` first, then what came of each instruction' }),
    turn: turn.optional().meta({
      description:
        'Of the instruction that the input is about. With it an input that is sent again counts once; without it the input is about the instruction of now',
    }),
    ani,
    dnis,
  })
  .meta({
    id: 'FlowQuestion',
    examples: [
      { callId: 'c-berlin-1795218080_2E1608', input: { type: 'started' }, ani: '+14155550123', dnis: '+12025550100' },
      { callId: 'c-berlin-1795218080_2E1608', input: { type: 'digits', digits: '4711000' }, turn: 3 },
    ],
  });

const answer = z
  .object({
    instruction: flowInstruction,
    turn: turn.meta({ description: 'That of the instruction, to be sent with what comes of it' }),
    stored: z.boolean().meta({
      description: 'Whether the session has this step; if not, only the replica that answers can go on with the call',
    }),
  })
  .meta({
    id: 'FlowAnswer',
    examples: [
      { instruction: { do: 'play', turn: 1, prompts: [{ sound: 'custom/welcome' }] }, turn: 1, stored: true },
      {
        instruction: { do: 'leave', turn: 6, leave: { to: 'queue', target: 'premium', returns: false } },
        turn: 6,
        stored: true,
      },
    ],
  });

const params = z.object({ flow: token });

/** `POST /v1/flows/{flow}/next`. */
export function registerFlow(app: HttpServer, { runFlow }: { readonly runFlow: RunFlow }): void {
  app.post(
    '/v1/flows/:flow/next',
    {
      onRequest: requireScope('routing:decide'),
      schema: {
        params,
        body,
        response: { 200: answer },
        tags: ['flows'],
        summary: 'What a call in a flow is to do next',
      },
    },
    async ({ tenantId, params: { flow: flowId }, body: { callId, input, turn: of, ...told } }) => {
      const about = input.turn === undefined && of !== undefined ? { ...input, turn: of } : input;
      const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
      const { instruction, stored } = await runFlow({ tenantId, flowId, callId, input: about, told: known });
      return { instruction, turn: instruction.turn, stored };
    },
  );
}
