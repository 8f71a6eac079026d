import { z } from 'zod';
import { maxCustomEventDepth } from '../automation-run.ts';
import { defineEvent } from '../define-event.ts';
import { session } from '../session.ts';
import { token } from '../tokens.ts';

export const customRaised = defineEvent({
  entity: 'custom',
  event: 'raised',
  meaning: "An event of the tenant's own, told by an automation or by another system.",
  data: z.object({
    /** `order-shipped` sets off automations on `custom.order-shipped`. */
    name: token,
    /** What it tells: `{event.<name>}` in the texts of automations. */
    values: z.record(token, z.unknown()),
    callId: token.optional(),
    /** The call as it was, so that a reader asks nobody. Absent where there is none. */
    session: session.optional(),
    /** 1 for one that no automation told; an automation that it sets off tells the next. */
    depth: z.number().int().min(1).max(maxCustomEventDepth),
  }),
  examples: [{ name: 'order-shipped', values: { track_id: 'T-4711' }, callId: 'c-lab-1795218080_2E1608', depth: 1 }],
});
