import { z } from 'zod';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';

export const scopes = [
  'events:write',
  'sessions:read',
  'sessions:write',
  'routing:decide',
  'dispositions:read',
  'dispositions:write',
  'contacts:read',
  'contacts:write',
  /** Make and end calls, log agents in and out, pause them. */
  'calls:control',
  'recordings:read',
  'admin',
] as const;
export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;

/** SHA-256 of a token, lower-case hex. Tokens are 256 random bits, so a slow hash would add nothing. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits');
const instant = z.iso.datetime({ offset: true });

/** An API token, by its hash only: the token itself is shown once, when it is made. */
export const apiToken = z
  .strictObject({
    ...entityFields,
    sha256,
    scopes: z.array(scope).min(1),
    /** Not valid from then on. */
    expiresAt: instant.optional(),
    /** The token it took the place of, still valid until then. */
    previous: z.strictObject({ sha256, validUntil: instant }).optional(),
    /** Acts for this agent only. */
    agentId: token.optional(),
  })
  .refine(({ scopes, agentId }) => agentId === undefined || !scopes.includes('admin'), {
    path: ['scopes'],
    message: 'expected no "admin": the token acts for one agent only, and an administrator acts for all',
  });
export type ApiToken = z.infer<typeof apiToken>;
