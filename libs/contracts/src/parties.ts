import { z } from 'zod';
import { token } from './tokens.ts';

/** An agent as the PBX names one. `agentId` is the token everything else uses (Asterisk: `1001` of `PJSIP/1001`). */
export const agentRef = z.object({
  agentId: token,
  name: z.string().max(256).optional(),
  /** The PBX's own address of the phone, e.g. `PJSIP/1001`. */
  interface: z.string().max(256).optional(),
});
export type AgentRef = z.infer<typeof agentRef>;

/** Who ended something. `system`: the PBX itself (queue limit, restart, crash). */
export const endedBy = z.enum(['agent', 'customer', 'transfer', 'system', 'unknown']);
export type EndedBy = z.infer<typeof endedBy>;

export const direction = z.enum(['inbound', 'outbound', 'internal']);
export type Direction = z.infer<typeof direction>;

/** A number or name as the PBX sent it; normalised only where it is compared. */
export const rawNumber = z.string().max(128);

export const durationMs = z.number().int().nonnegative();
