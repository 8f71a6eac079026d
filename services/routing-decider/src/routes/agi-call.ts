import type { AgiSession } from '@patchcord/asterisk';
import { callIdOf, type RouteDestination, rawNumber, token } from '@patchcord/contracts';
import type { PbxPeer } from '../domain/pbx-peers.ts';

/** A call that a dialplan handed over, as the rest of the house names it. */
export interface AgiCaller {
  readonly callId: string | undefined;
  readonly ani: string | undefined;
  readonly dnis: string | undefined;
}

/** Asterisk gives the linked id of the first channel to all of a call: our call id is made of it. */
export async function callerOf(session: AgiSession, { pbxId }: PbxPeer): Promise<AgiCaller> {
  const { uniqueId, callerNumber, dialledNumber } = session.request;
  const linkedId = (await session.getVariable('CHANNEL(linkedid)')) ?? uniqueId;
  return {
    callId: token.safeParse(callIdOf(pbxId, linkedId)).data,
    ani: rawNumber.safeParse(callerNumber).data,
    dnis: rawNumber.safeParse(dialledNumber).data,
  };
}

/** Rejects when nobody is there any more: a service may still think, and nobody waits for it. */
export const gone = (hungUp: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (hungUp.aborted) reject(hungUp.reason);
    hungUp.addEventListener('abort', () => reject(hungUp.reason), { once: true });
  });

/** Variables of a channel, in the order in which they are set. */
export type ChannelVariables = readonly (readonly [name: string, value: string])[];

export const destinationVariables = ({ type, target }: RouteDestination): ChannelVariables => [
  ['CRM_DESTINATION_TYPE', type],
  ['CRM_DESTINATION_TARGET', channelText(target)],
];

/** So many bytes fit into a command when each is a quote (`AGI_BUF_LEN` of res_agi.c is 2048). */
const longestBytes = 900;

/** A text of somebody else as the value of a channel variable: one line, cut where a command would be too long. */
export function channelText(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ');
  const bytes = Buffer.from(line);
  if (bytes.length <= longestBytes) return line;
  return new TextDecoder().decode(bytes.subarray(0, longestBytes), { stream: true });
}
