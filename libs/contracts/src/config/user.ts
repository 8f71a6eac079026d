import { z } from 'zod';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';

export const roles = ['agent', 'supervisor', 'admin'] as const;
export const role = z.enum(roles);
export type Role = (typeof roles)[number];

/** A person who logs in. */
export const user = z
  .strictObject({
    ...entityFields,
    username: z.string().min(1).max(128),
    role,
    /** Which agent he is. Whoever has the role `agent` acts for this one only. */
    agentId: token.optional(),
    disabled: z.boolean().default(false),
    /** Who he is at an identity provider; set when he signs in with it for the first time. */
    identity: z.strictObject({ provider: token, subject: z.string().min(1).max(255) }).optional(),
    /** PHC string of argon2id; set by `PUT /v1/users/{id}/password`. */
    passwordHash: z
      .string()
      .max(512)
      .regex(/^\$argon2id\$/, 'expected a PHC string of argon2id')
      .optional(),
  })
  .refine(({ role, agentId }) => role !== 'agent' || agentId !== undefined, {
    path: ['agentId'],
    message: 'expected the agent that he is: whoever has the role "agent" acts for that one only',
  });
export type User = z.infer<typeof user>;
