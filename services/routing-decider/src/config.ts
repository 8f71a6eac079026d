import { routingBudgetCapMs, token } from '@patchcord/contracts';
import { baseSettings, httpPort, integerText, jsonListText, portText } from '@patchcord/runtime';
import { z } from 'zod';
import { isAddressRange } from './domain/pbx-peers.ts';

const pbx = z.strictObject({
  pbxId: token,
  tenantId: token,
  addresses: z
    .array(z.string().refine(isAddressRange, 'expected an IP address or a range, e.g. 10.0.0.5 or 10.1.0.0/24'))
    .min(1, 'expected at least one address'),
});

export const settingsSchema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8084),
  ROUTING_MAX_BUDGET_MS: integerText(50, routingBudgetCapMs)
    .default(routingBudgetCapMs)
    .meta({ description: 'the longest that any caller is kept waiting for a decision (ms)', example: '3000' }),
  FASTAGI_PORT: portText().optional().meta({
    description: 'the port that dialplans reach identification at over FastAGI; not set: none, 0: a free one',
    example: '4573',
  }),
  FASTAGI_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'the address that FastAGI listens on', example: '0.0.0.0' }),
  FASTAGI_PBXS: jsonListText(pbx, 'PBXs').default([]).meta({
    description: 'which PBX calls from which addresses over FastAGI, a JSON list',
    example: '[{"pbxId":"main","tenantId":"acme","addresses":["10.0.0.5"]}]',
  }),
  FASTAGI_TTS_APPLICATION: z
    .string()
    .regex(/^[A-Za-z]\w{0,79}$/, 'expected the name of a dialplan application, e.g. Flite')
    .optional()
    .meta({
      description: 'the dialplan application that says a text over FastAGI; not set: texts of flows are left out',
      example: 'Flite',
    }),
});
export type Settings = z.output<typeof settingsSchema>;
