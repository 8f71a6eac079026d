import { eventIssues, routingBudgetCapMs, token } from '@patchcord/contracts';
import { baseSettings, httpPort, integerText, portText } from '@patchcord/runtime';
import { z } from 'zod';
import { isAddressRange, type PbxPeer } from './domain/pbx-peers.ts';

const pbx = z.strictObject({
  pbxId: token,
  tenantId: token,
  addresses: z
    .array(z.string().refine(isAddressRange, 'expected an IP address or a range, e.g. 10.0.0.5 or 10.1.0.0/24'))
    .min(1, 'expected at least one address'),
});

/** The text of `FASTAGI_PBXS`: a JSON list. */
const pbxPeers = z.string().transform((text, context): PbxPeer[] => {
  const parsed = z.array(pbx, { error: 'expected a JSON list of PBXs' }).safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  for (const { path, message } of eventIssues(parsed.error)) {
    context.addIssue({ code: 'custom', message: `${path === '' ? 'the value' : path}: ${message}` });
  }
  return z.NEVER;
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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
  FASTAGI_PBXS: pbxPeers.default([]).meta({
    description: 'which PBX calls from which addresses over FastAGI, a JSON list',
    example: '[{"pbxId":"main","tenantId":"acme","addresses":["10.0.0.5"]}]',
  }),
});
export type Settings = z.output<typeof settingsSchema>;
