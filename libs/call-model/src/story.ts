import {
  type AnyEvent,
  agentRef,
  callOutcome,
  direction,
  endedBy,
  type Session,
  session as sessionSchema,
} from '@patchcord/contracts';
import { z } from 'zod';
import { defined, msBetween } from './defined.ts';
import { sessionsOf } from './fold/fold.ts';
import { pausesOf, type StoryPause, storyPause } from './pauses.ts';

const durationMs = z.number().int().nonnegative();

const storyInteraction = z.object({
  agent: agentRef,
  queue: z.string().optional(),
  /** `tried`: his phone was part of the call, but he never spoke with the customer. */
  result: z.enum(['ringing', 'talking', 'talked', 'missed', 'tried']),
  missedReason: z.string().optional(),
  ringMs: durationMs.optional(),
  talkMs: durationMs.optional(),
  holdMs: durationMs.optional(),
  holds: z.number().int().nonnegative(),
  endedBy: endedBy.optional(),
});
export type StoryInteraction = z.infer<typeof storyInteraction>;

const storyCall = z.object({
  callId: z.string(),
  direction: direction.optional(),
  /** The dialled number; the DID of an inbound call. */
  did: z.string().optional(),
  caller: z.object({ number: z.string().optional(), name: z.string().optional() }),
  state: sessionSchema.shape.state,
  outcome: callOutcome.optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  durationMs: durationMs.optional(),
  endedBy: endedBy.optional(),
  endReason: z.string().optional(),
  abandoned: z.object({ during: z.string(), afterMs: durationMs.optional() }).optional(),
  ivrs: z.array(z.string()),
  digits: z.string(),
  queues: z.array(z.object({ queue: z.string(), waitMs: durationMs.optional(), reason: z.string().optional() })),
  interactions: z.array(storyInteraction),
  transfers: z.array(
    z.object({
      kind: z.enum(['blind', 'attended', 'redirect']),
      from: agentRef.optional(),
      to: z.object({ extension: z.string().optional(), agent: agentRef.optional() }),
      consultCallId: z.string().optional(),
    }),
  ),
  variables: z.record(z.string(), z.string()),
  recordings: z.array(
    z.object({
      location: z.string(),
      legId: z.string(),
      startedAt: z.string().optional(),
      endedAt: z.string().optional(),
    }),
  ),
});
export type StoryCall = z.infer<typeof storyCall>;

/** What happened, call by call, as data: `renderStory` makes a text of it. */
export const storySchema = z.object({
  calls: z.array(storyCall),
  /** Agents who took a break from calls meanwhile: wrap-up, lunch. */
  pauses: z.array(storyPause),
});
export type Story = z.infer<typeof storySchema>;

export interface StoryOptions {
  /** The times of the events mean nothing, e.g. read from a recording without a clock: leave them and durations out. */
  readonly withoutTimes?: boolean;
}

/** The story of one or more calls. A consult call that was merged is told as part of the call it was merged into. */
export function story(sessions: Session | readonly Session[], options: StoryOptions = {}): Story {
  const list = 'callId' in sessions ? [sessions] : sessions;
  const calls = list.filter((one) => one.mergedInto === undefined).map(callOf);
  return { calls: options.withoutTimes === true ? calls.map(withoutTimes) : calls, pauses: [] };
}

/** The story of a mixed lot of events, in any order: of all calls in it, and of the breaks that agents took. */
export function storyOf(events: readonly AnyEvent[], options: StoryOptions = {}): Story {
  const pauses = pausesOf(events);
  return {
    ...story(sessionsOf(events), options),
    pauses: options.withoutTimes === true ? pauses.map(timeless) : pauses,
  };
}

function callOf(session: Session): StoryCall {
  const { callId, direction: way, state, outcome, offeredAt, endedAt, endedBy: by, endReason } = session;
  const began = offeredAt ?? session.queues[0]?.enteredAt ?? session.interactions[0]?.ringingAt;
  return {
    callId,
    state,
    caller: defined({ number: session.ani, name: session.callerName }),
    ...defined({ direction: way, did: session.dnis, outcome, startedAt: began, endedAt, endedBy: by, endReason }),
    ...defined({ durationMs: msBetween(began, endedAt), abandoned: abandonedOf(session, began) }),
    ivrs: session.ivrs,
    digits: session.digits,
    queues: session.queues.map(({ queue, waitMs, reason }) => ({ queue, ...defined({ waitMs, reason }) })),
    interactions: session.interactions.map(interactionOf),
    transfers: session.transfers.map(({ kind, from, to, consultCallId }) => ({
      kind,
      to: defined({ extension: to.extension, agent: to.agent }),
      ...defined({ from, consultCallId }),
    })),
    variables: session.variables,
    recordings: session.recordings.map(({ location, legId, startedAt, endedAt: end }) => ({
      location,
      legId,
      ...defined({ startedAt, endedAt: end }),
    })),
  };
}

function abandonedOf({ abandoned }: Session, began: string | undefined): StoryCall['abandoned'] {
  if (abandoned === undefined) return undefined;
  return { during: abandoned.during, ...defined({ afterMs: msBetween(began, abandoned.at) }) };
}

function interactionOf(one: Session['interactions'][number]): StoryInteraction {
  return {
    agent: one.agent,
    holds: one.holds,
    result: resultOf(one),
    ...defined({ queue: one.queue, missedReason: one.missedReason, ringMs: one.ringMs, endedBy: one.endedBy }),
    ...(one.answeredAt === undefined ? {} : { holdMs: one.holdMs, ...defined({ talkMs: one.talkMs }) }),
  };
}

function resultOf({ state, answeredAt }: Session['interactions'][number]): StoryInteraction['result'] {
  if (state === 'missed' || state === 'ringing') return state;
  if (state !== 'ended') return 'talking';
  return answeredAt === undefined ? 'tried' : 'talked';
}

function withoutTimes(call: StoryCall): StoryCall {
  const { startedAt: _, endedAt: __, durationMs: ___, ...rest } = call;
  return {
    ...rest,
    ...(call.abandoned === undefined ? {} : { abandoned: { during: call.abandoned.during } }),
    queues: call.queues.map(({ queue, reason }) => ({ queue, ...defined({ reason }) })),
    interactions: call.interactions.map(untimed),
    recordings: call.recordings.map(({ location, legId }) => ({ location, legId })),
  };
}

function timeless(pause: StoryPause): StoryPause {
  const { from: _, to: __, durationMs: ___, ...rest } = pause;
  return rest;
}

function untimed(one: StoryInteraction): StoryInteraction {
  const { ringMs: _, talkMs: __, holdMs: ___, ...rest } = one;
  return rest;
}
