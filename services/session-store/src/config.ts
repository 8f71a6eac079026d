import { token } from '@patchcord/contracts';
import { baseSettings, httpPort, integerText, jsonListText, Secret, urlText } from '@patchcord/runtime';
import { z } from 'zod';

const hourMs = 3_600_000;

const absolutePath = z.string().regex(/^\//, 'expected a path that begins with "/"');

const store = z.strictObject({
  tenantId: token,
  kind: z.literal('directory'),
  path: absolutePath,
  pbxId: token.optional(),
  stripPrefix: absolutePath.optional(),
});

const storesExample =
  '[{"tenantId":"acme","kind":"directory","path":"/recordings","stripPrefix":"/var/spool/asterisk/monitor"}]';

const linkKey = z
  .string()
  .min(32, 'expected at least 32 characters, e.g. of "openssl rand -base64 32"')
  .transform((text) => new Secret(text));

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
  SESSION_STANDALONE_TTL_MS: integerText(60_000, 30 * 24 * hourMs)
    .default(24 * hourMs)
    .meta({ description: 'how long a session without a call is kept after its last use (ms)', example: '86400000' }),
  RECORDINGS_STORES: jsonListText(store, 'stores')
    .default([])
    .meta({ description: 'the folders that recordings are served from, a JSON list', example: storesExample }),
  RECORDINGS_LINK_KEY: linkKey.optional().meta({
    description: 'the key that links to recordings are signed with; without one they end with the process',
  }),
  RECORDINGS_PUBLIC_URL: urlText('http', 'https').optional().meta({
    description: 'how this service is reached from outside, for links to recordings',
    example: 'https://calls.example.com',
  }),
  RECORDINGS_INDEX_DAYS: integerText(1, 3650)
    .default(90)
    .meta({ description: 'how long recordings can be found after they were made (days)', example: '90' }),
});
export type Settings = z.output<typeof settingsSchema>;
