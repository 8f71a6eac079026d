import { routingBudgetCapMs } from '@patchcord/contracts';
import { baseSettings, httpPort, integerText } from '@patchcord/runtime';
import { z } from 'zod';

export const settingsSchema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8084),
  ROUTING_MAX_BUDGET_MS: integerText(50, routingBudgetCapMs)
    .default(routingBudgetCapMs)
    .meta({ description: 'the longest that any caller is kept waiting for a decision (ms)', example: '3000' }),
});
export type Settings = z.output<typeof settingsSchema>;
