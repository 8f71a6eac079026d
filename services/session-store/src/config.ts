import { baseSettings, httpPort, integerText } from '@patchcord/runtime';
import { z } from 'zod';

const hourMs = 3_600_000;

export const settingsSchema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8082),
  SESSION_ENDED_TTL_MS: integerText(1000, 7 * 24 * hourMs)
    .default(hourMs)
    .meta({ description: 'how long the session of a call that has ended can be read (ms)', example: '3600000' }),
  // A call whose end was never told must go some day.
  SESSION_LIVE_TTL_MS: integerText(60_000, 30 * 24 * hourMs)
    .default(24 * hourMs)
    .meta({ description: 'how long a call without an end is kept after its last event (ms)', example: '86400000' }),
});
export type Settings = z.output<typeof settingsSchema>;
