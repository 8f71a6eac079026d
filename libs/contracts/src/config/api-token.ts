import { z } from 'zod';
import { entityFields } from './common.ts';

export const scopes = [
  'events:write',
  'sessions:read',
  'sessions:write',
  'routing:decide',
  'dispositions:write',
  'admin',
] as const;
export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;

/** An API token, by its hash only: the token itself is shown once, when it is made. */
export const apiToken = z.strictObject({
  ...entityFields,
  /** SHA-256 of the token, lower-case hex. Tokens are 256 random bits, so a slow hash would add nothing. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits'),
  scopes: z.array(scope).min(1),
});
export type ApiToken = z.infer<typeof apiToken>;
