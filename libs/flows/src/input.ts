import { routeDestination } from '@patchcord/contracts';
import { z } from 'zod';

/** Which instruction an input is about. What is about an earlier one is late and changes nothing. */
const about = { turn: z.number().int().nonnegative().optional() };

const keys = z.string().max(256);

/** What happened to a call in a flow. Drivers send the `turn` of the instruction that they carried out. */
export const flowInput = z.discriminatedUnion('type', [
  /** The call comes into the flow; of one that is in it already: what was to be done? */
  z.strictObject({ ...about, type: z.literal('started') }),
  /** All prompts were played; or a voicemail, a recording or a queue let the call go again. */
  z.strictObject({ ...about, type: z.literal('played') }),
  /**
   * A read ended. `terminatedBy`: the key that ended it, if one did; it may as well be the last of `digits`. No digits
   * and no key: the caller entered nothing.
   */
  z.strictObject({ ...about, type: z.literal('digits'), digits: keys, terminatedBy: keys.optional() }),
  /** The time that the instruction names is over: of a read, of a wait, of a queue or a transfer. */
  z.strictObject({ ...about, type: z.literal('timeout') }),
  z.strictObject({ ...about, type: z.literal('hung-up') }),
  /** Variables of the session are others now. */
  z.strictObject({ ...about, type: z.literal('variables-changed') }),
  /** How an identification ended. */
  z.strictObject({
    ...about,
    type: z.literal('identified'),
    outcome: z.enum(['success', 'failure']),
    /** What the caller is known by. */
    id: z.string().max(256).optional(),
    /** Where the identification sends him. */
    destination: routeDestination.optional(),
  }),
  /** The instruction could not be carried out: a sound that is missing, a queue that is not there, nobody who answers. */
  z.strictObject({ ...about, type: z.literal('failed'), reason: z.string().max(512).default('') }),
]);
export type FlowInput = z.infer<typeof flowInput>;
export type FlowInputOf<Type extends FlowInput['type']> = Extract<FlowInput, { readonly type: Type }>;
