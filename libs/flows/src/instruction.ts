import { z } from 'zod';

const heard = z.union([
  z.object({ sound: z.string() }),
  z.object({ text: z.string(), language: z.string().optional(), voice: z.string().optional() }),
]);
/** Something that the caller hears, with the values of the call in it. */
export type Heard = z.infer<typeof heard>;

const target = { target: z.string() };

/** Where a flow hands the call to. `returns`: the flow says what follows if the call comes back from there. */
export const leave = z.discriminatedUnion('to', [
  z.object({
    to: z.literal('queue'),
    ...target,
    priority: z.number().optional(),
    timeoutMs: z.number().optional(),
    returns: z.boolean(),
  }),
  /** `timeoutMs` 0: it rings as long as the PBX lets it. */
  z.object({ to: z.literal('transfer'), ...target, timeoutMs: z.number().optional(), returns: z.boolean() }),
  z.object({ to: z.literal('voicemail'), ...target, returns: z.boolean() }),
  z.object({ to: z.literal('play-recording'), ...target, returns: z.boolean() }),
  /** Only where an identification sends a call there. */
  z.object({ to: z.literal('ivr'), ...target, returns: z.boolean() }),
  z.object({ to: z.literal('hangup') }),
  /** The flow is over, and the PBX goes on with the call as its own plan says. */
  z.object({ to: z.literal('continue') }),
]);
export type Leave = z.infer<typeof leave>;

const turn = { turn: z.number().int() };
const prompts = { prompts: z.array(heard) };

/** What a driver does next. `turn` is sent back with what came of it. Times in ms. */
export const flowInstruction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('play'), ...turn, ...prompts }),
  z.object({
    do: z.literal('read'),
    ...turn,
    ...prompts,
    /** The read ends with this many keys, at once. */
    maxDigits: z.number().int(),
    /** Keys that end it before. */
    terminators: z.array(z.string()),
    /** Time for the first key, from the end of the prompts. */
    firstDigitTimeoutMs: z.number().int(),
    betweenDigitsTimeoutMs: z.number().int(),
    /** Keys end the prompts, from `delayMs` after their start on; those pressed before are dropped. */
    bargeIn: z.object({ enabled: z.boolean(), delayMs: z.number().int() }),
  }),
  z.object({
    do: z.literal('wait'),
    ...turn,
    /** Until then (ms since 1970) at the latest; each change of the session's variables is to be told before. */
    deadline: z.number(),
    /** The same as a duration from now. */
    remainingMs: z.number(),
    /** Played again and again meanwhile. */
    filler: z.array(heard),
  }),
  z.object({ do: z.literal('identify'), ...turn, identification: z.string() }),
  z.object({ do: z.literal('leave'), ...turn, leave }),
]);
export type FlowInstruction = z.infer<typeof flowInstruction>;
