import { z } from 'zod';
import { defineRpc } from './rpc-definition.ts';
import { token } from './tokens.ts';

/** A secret as it may be shown: everything but its value. */
export const secretInfo = z.object({
  id: token,
  version: z.number().int().positive(),
  updatedAt: z.iso.datetime(),
  /** Id of the key that sealed it. */
  keyId: z.string(),
  actor: z.string().optional(),
});
export type SecretInfo = z.infer<typeof secretInfo>;

/** Verbs of secrets, and of the consents that bring some. */
export const secretRpc = {
  /** Seals a secret. Its value is in no answer, log or trace. */
  putSecret: defineRpc(
    'crm-dispatcher',
    'put-secret',
    z.object({ tenantId: token, id: token, value: z.string().min(1).max(65_536), actor: z.string().optional() }),
    secretInfo,
  ),
  listSecrets: defineRpc(
    'crm-dispatcher',
    'list-secrets',
    z.object({ tenantId: token }),
    z.object({ secrets: z.array(secretInfo) }),
  ),
  removeSecret: defineRpc(
    'crm-dispatcher',
    'remove-secret',
    z.object({ tenantId: token, id: token }),
    z.object({ outcome: z.enum(['removed', 'unknown']) }),
  ),
  /** Begins the consent of an `oauth2-authorization-code`: where the person's browser goes. */
  beginConsent: defineRpc(
    'crm-dispatcher',
    'begin-consent',
    z.object({ tenantId: token, authenticationId: token, redirectUri: z.url() }),
    z.object({ url: z.url() }),
  ),
  /** Ends it with what the authorization server sent back. */
  endConsent: defineRpc(
    'crm-dispatcher',
    'end-consent',
    z.object({ callbackUrl: z.url() }),
    z.object({ tenantId: token, authenticationId: token }),
  ),
} as const;
