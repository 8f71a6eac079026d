import type { AfterCallInteraction, DeskAgent, DeskCall } from '@patchcord/contracts';
import { ask } from '../../api/client.ts';
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

/** What became of a call that is over; a disposition only where one was saved. */
export async function logOf(call: DeskCall): Promise<EmbeddedLog> {
  const { interactions } = await ask<{ interactions: AfterCallInteraction[] }>(
    `/v1/calls/${encodeURIComponent(call.callId)}/interactions`,
  );
  const { disposition } = interactions.find(({ interactionId }) => interactionId === call.interactionId) ?? {};
  const { answeredAt, endedAt } = call;
  const ms =
    answeredAt === undefined || endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(answeredAt);
  const { name, comments } = disposition?.disposition ?? {};
  return {
    call: callOf(call),
    ...(ms === undefined ? {} : { seconds: Math.round(ms / 1000) }),
    ...(name === undefined ? {} : { disposition: name }),
    ...(comments === undefined ? {} : { comments }),
  };
}
