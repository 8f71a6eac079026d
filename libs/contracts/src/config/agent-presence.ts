import { z } from 'zod';
import { token } from '../tokens.ts';

/** What a CRM is told of an agent. */
const crmPresence = z.enum(['available', 'busy', 'away', 'offline']);
export type CrmPresence = z.infer<typeof crmPresence>;

/** What an agent does: his state as the PBX tells it, or after-call work. */
const presentedStates = ['ready', 'paused', 'ringing', 'busy', 'on-hold', 'offline', 'acw'] as const;
export type PresentedState = (typeof presentedStates)[number];

const usual = {
  ready: 'available',
  paused: 'away',
  ringing: 'busy',
  busy: 'busy',
  'on-hold': 'busy',
  offline: 'offline',
  acw: 'busy',
} as const satisfies Record<PresentedState, CrmPresence>;

/** Whether a CRM is told if agents can be reached. Default: it is not. */
export const agentPresence = z
  .strictObject({
    enabled: z.boolean().default(false),
    /** What is shown of each state; of a state that is not named nothing is told. Without `acw` after-call work is nothing of its own. */
    states: z.partialRecord(z.enum(presentedStates), crmPresence).default(usual),
    /** Reasons of pauses that are shown otherwise than `paused`. Capitals do not matter. */
    pauses: z.record(z.string().trim().min(1).max(256), crmPresence).default({}),
    /** The CRM's own word, where its state is called otherwise. */
    words: z.partialRecord(crmPresence, z.string().min(1).max(128)).default({}),
    /** Whose, by ids of agents. */
    agents: z
      .union([z.literal('all'), z.array(token).min(1)], 'expected all, or a list with at least one id of an agent')
      .default('all'),
  })
  .prefault({});
export type AgentPresence = z.infer<typeof agentPresence>;
