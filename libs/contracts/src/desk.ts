import { z } from 'zod';
import { openAcw } from './acw-rpc.ts';
import { direction, rawNumber } from './parties.ts';
import { token } from './tokens.ts';

const instant = z.iso.datetime({ offset: true });

/** An agent's part of a call, as he sees it on his desk: from the first ring until a while after its end. */
export const deskCall = z
  .object({
    callId: token,
    interactionId: token,
    /** Of the call: of two tellings the higher counts. */
    version: z.number().int().nonnegative(),
    state: z.enum(['ringing', 'talking', 'held', 'ended']),
    direction: direction.optional(),
    ani: rawNumber.optional(),
    callerName: z.string().optional(),
    dnis: rawNumber.optional(),
    queue: z.string().optional(),
    campaignId: token.optional(),
    ringingAt: instant.optional(),
    answeredAt: instant.optional(),
    heldAt: instant.optional(),
    endedAt: instant.optional(),
  })
  .meta({ id: 'DeskCall', description: "An agent's part of a call, as he sees it on his desk." });
export type DeskCall = z.infer<typeof deskCall>;

/** What an agent does, and what he has still to do after his calls. */
export const deskAgent = z
  .object({
    agentId: token,
    /** As the PBX tells it; `unknown`: it told nothing yet. */
    state: z.enum(['ready', 'paused', 'ringing', 'busy', 'on-hold', 'offline', 'unknown']),
    reason: z.string().optional(),
    /** Only of a pause in one queue. */
    queue: z.string().optional(),
    since: instant.optional(),
    /** Absent: it could not be asked for now. */
    acw: z.array(openAcw).optional(),
  })
  .meta({ id: 'DeskAgent', description: 'What an agent does, and what he has still to do after his calls.' });
export type DeskAgent = z.infer<typeof deskAgent>;

/** What an agent can choose from at his desk. */
export const deskChoices = z
  .object({
    /** None: the tenant has said none. */
    pauseReasons: z.array(z.string()),
    /** Those he is logged in to: of the campaigns he works on. */
    queues: z.array(z.string()),
    /** Whether his phone can be told what to do, and why not. */
    phone: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('reached'), interface: z.string() }),
      z.object({ outcome: z.enum(['away', 'unclear']), interface: z.string(), message: z.string() }),
    ]),
    /** Colleagues and queues that calls can be handed on to. */
    transferTo: z.object({
      agents: z.array(z.object({ agentId: token, name: z.string() })),
      queues: z.array(z.string()),
    }),
    /** In whose name he calls: campaigns he works on. */
    campaigns: z.array(z.object({ id: token, name: z.string() })),
  })
  .meta({ id: 'DeskChoices', description: 'What an agent can choose from at his desk.' });
export type DeskChoices = z.infer<typeof deskChoices>;
