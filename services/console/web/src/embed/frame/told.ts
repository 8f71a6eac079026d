import type { AfterCallInteraction, DeskAgent, DeskCall } from '@patchcord/contracts';
import { readInteractions } from '../../pages/desk/disposition/disposition-api.ts';
import type { EmbeddedCall, EmbeddedLog, EmbeddedState } from '../protocol.ts';

/** What the page around is told of an agent. */
export const stateOf = ({ agentId, state, reason }: DeskAgent): EmbeddedState => ({
  agentId,
  state,
  ...(reason === undefined ? {} : { reason }),
});

/** What it is told of a call: nothing that only the house needs. */
export function callOf(call: DeskCall): EmbeddedCall {
  const { callId, interactionId, state, direction, ani, dnis, callerName: name, queue, answeredAt, endedAt } = call;
  const number = direction === 'outbound' ? dnis : ani;
  const known = { direction, number, name, queue, answeredAt, endedAt };
  const present = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return { callId, interactionId, state, ...present };
}

export interface Over {
  readonly call: DeskCall;
  /** It is not on the desk any more. */
  readonly isGone: boolean;
}

/** What became of a call that is over, its after-call work included; undefined: that goes on. */
export async function logOf({ call, isGone }: Over): Promise<EmbeddedLog | undefined> {
  if (call.answeredAt === undefined) return { call: callOf(call) };
  const { interactions } = await readInteractions(call.callId);
  const part = interactions.find(({ interactionId }) => interactionId === call.interactionId);
  // It may take a moment until it is known; what is gone from the desk and not known never will be.
  const isDone = part?.acw?.status === 'complete' || (part === undefined && isGone);
  return isDone ? entryOf(call, part) : undefined;
}

function entryOf(call: DeskCall, part: AfterCallInteraction | undefined): EmbeddedLog {
  const endedAt = call.endedAt ?? part?.endedAt;
  const { name, comments } = part?.disposition?.disposition ?? {};
  const ms =
    call.answeredAt === undefined || endedAt === undefined
      ? undefined
      : Date.parse(endedAt) - Date.parse(call.answeredAt);
  return {
    call: callOf({ ...call, state: 'ended', ...(endedAt === undefined ? {} : { endedAt }) }),
    ...(ms === undefined ? {} : { seconds: Math.round(ms / 1000) }),
    ...(name === undefined ? {} : { disposition: name }),
    ...(comments === undefined ? {} : { comments }),
  };
}
