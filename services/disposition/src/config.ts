import { baseSettings, httpPort, integerText } from '@patchcord/runtime';
import { z } from 'zod';

const dayMs = 24 * 3_600_000;

export const settingsSchema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8085),
  AFTER_CALL_SETTLE_MS: integerText(0, 60_000).default(1000).meta({
    description: 'how long late events of a call are waited for before its record is written (ms)',
    example: '1000',
  }),
  // Longer than a message of a killed process takes to come again: else one call is recorded as missed and as answered.
  AFTER_CALL_UNANSWERED_SETTLE_MS: integerText(0, 600_000).default(10_000).meta({
    description: 'how long an answer is waited for before a call is recorded as one that nobody took (ms)',
    example: '10000',
  }),
  // After-call work may last a day, and its timer must still find the call.
  AFTER_CALL_TTL_MS: integerText(60_000, 30 * dayMs)
    .default(2 * dayMs)
    .meta({ description: 'how long a call takes dispositions after its last change (ms)', example: '172800000' }),
  // A mail may lie for weeks; the event that ends its segment must still find who had it.
  DIGITAL_TTL_MS: integerText(60_000, 365 * dayMs)
    .default(30 * dayMs)
    .meta({
      description: 'how long a digital contact is kept, and takes dispositions, after its last change (ms)',
      example: '2592000000',
    }),
  CARD_TTL_MS: integerText(60_000, 30 * dayMs)
    .default(2 * dayMs)
    .meta({
      description:
        'how long a customer card is kept after its last change (ms); of a digital contact at least DIGITAL_TTL_MS',
      example: '172800000',
    }),
  DISPOSITION_TTL_MS: integerText(60_000, 3650 * dayMs)
    .default(90 * dayMs)
    .meta({
      description:
        'how long a disposition is listed, and that of a contact remains its only one, after its last change (ms)',
      example: '7776000000',
    }),
});
export type Settings = z.output<typeof settingsSchema>;
