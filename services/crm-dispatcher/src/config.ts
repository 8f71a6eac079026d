import { recordRetry } from '@patchcord/contracts';
import { baseSettings, httpPort, integerText, listText, secretText, urlText } from '@patchcord/runtime';
import { z } from 'zod';
import { sealingKeysText } from './adapters/secrets-keys.ts';

const dayMs = 24 * 3_600_000;

/** Delays in ms, separated by commas. */
const delaysText = z
  .string()
  .regex(/^\d{1,9}(,\d{1,9}){0,49}$/, 'expected 1 to 50 delays in ms, separated by commas')
  .transform((text) => text.split(',').map(Number));

/** CIDR ranges, separated by commas. */
const cidrsText = () =>
  listText().pipe(
    z.array(
      z.union([z.cidrv4(), z.cidrv6()], { error: 'expected CIDR ranges such as 10.20.0.0/16, separated by commas' }),
    ),
  );

export const settingsSchema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8083),
  DISPATCH_RETRY_DELAYS_MS: delaysText.default([...recordRetry.delaysMs]).meta({
    description: 'the delay before each attempt, the first one included (ms); after the last one the work is dead',
    example: recordRetry.delaysMs.join(','),
  }),
  DISPATCH_REMOVED_GRACE_MS: integerText(0, dayMs).default(10_000).meta({
    description: 'how long work of a destination that is no more configured waits before it is dead (ms)',
    example: '10000',
  }),
  BREAKER_FAILURES: integerText(1, 1000).default(5).meta({
    description: 'failures in a row after which a destination is left alone',
    example: '5',
  }),
  BREAKER_OPEN_MS: integerText(10, dayMs).default(10_000).meta({
    description: 'how long such a destination is left alone before one request tries again (ms)',
    example: '10000',
  }),
  EGRESS_ALLOWED_CIDRS: cidrsText().default([]).meta({
    description:
      'the private addresses that destinations may be at, where their own `egress.allowCidrs` names them too',
    example: '10.20.0.0/16,192.168.7.9/32',
  }),
  EGRESS_CONNECTIONS_PER_ORIGIN: integerText(1, 10_000).default(512).meta({
    description: 'connections to one origin at once',
    example: '512',
  }),
  EGRESS_MAX_RESPONSE_BYTES: integerText(1024, 64 * 1024 * 1024)
    .default(1024 * 1024)
    .meta({ description: 'how much of an answer is read (bytes)', example: '1048576' }),
  SECRETS_KEYS: sealingKeysText().optional().meta({
    description: 'the keys that secrets are sealed with: the first one seals, all of them open',
    example: 'k1:base64-of-32-random-bytes',
  }),
  SCREEN_POP_PUBLIC_URL: urlText('http', 'https').default('http://localhost:8083').meta({
    description: "where the agents' browsers reach this service, for sites that need credentials",
    example: 'https://pops.example.com',
  }),
  CONSOLE_PUBLIC_URL: urlText('http', 'https').optional().meta({
    description: 'where browsers reach the console, for links to the story of a call that are written into CRMs',
    example: 'https://patchcord.example.com',
  }),
  SCREEN_POP_URL_SECONDS: integerText(10, 86_400).default(300).meta({
    description: 'how long such an address serves after it was given out (s)',
    example: '300',
  }),
  SCREEN_POP_KEY: secretText()
    .refine((key) => key.reveal().length >= 32, 'expected at least 32 characters')
    .optional()
    .meta({
      description: 'the key that signs such addresses, the same for all replicas; without it they agree on one',
    }),
});
export type Settings = z.output<typeof settingsSchema>;
