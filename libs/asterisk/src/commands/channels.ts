import { callIdOf, Failure } from '@patchcord/contracts';
import { parseChannelName, parseInterface } from '../mapping/channel-name.ts';
import { type AmiMessage, field } from '../message.ts';
import type { Asking } from './asking.ts';
import { understood } from './refusals.ts';

export interface OpenChannel {
  readonly name: string;
  readonly uniqueId: string;
  readonly linkedId: string;
  /** It is called, and nobody has answered yet. */
  readonly rings: boolean;
}

/** What there is at this moment. Commands are rare: asking is right where remembering may be wrong. */
export async function openChannels({ client }: Pick<Asking, 'client'>): Promise<OpenChannel[]> {
  const { events } = await understood(client.action('CoreShowChannels'));
  return events.flatMap((event) => channelOf(event));
}

function channelOf(event: AmiMessage): OpenChannel[] {
  const name = field(event, 'Channel');
  const uniqueId = field(event, 'Uniqueid');
  if (name === undefined || uniqueId === undefined) return [];
  const rings = field(event, 'ChannelState') === '5';
  return [{ name, uniqueId, linkedId: field(event, 'Linkedid') || uniqueId, rings }];
}

/**
 * The one channel of the agent's phone, of one call if it is named.
 * @throws Failure permanent `not_found`, or `ambiguous` when he has several calls and none is named
 */
export async function agentChannel(
  asking: Asking,
  { interface: device, callId }: { readonly interface: string; readonly callId?: string | undefined },
): Promise<OpenChannel> {
  const his = (await openChannels(asking)).filter(({ name }) => isOf(device, name));
  const wanted = callId === undefined ? his : his.filter((channel) => callOf(asking, channel) === callId);
  const [first, ...others] = wanted;
  if (first === undefined) {
    const what = callId === undefined ? 'no call' : `no part in the call "${callId}"`;
    throw new Failure('permanent', 'not_found', `${device} has ${what} on the PBX "${asking.pbxId}" now`);
  }
  if (others.length === 0) return first;
  throw new Failure('permanent', 'ambiguous', `${device} has ${wanted.length} calls: expected the callId of one`);
}

const callOf = ({ callOf: known, pbxId }: Asking, { uniqueId, linkedId }: OpenChannel): string =>
  known(uniqueId) ?? callIdOf(pbxId, linkedId);

/** A queue's member behind a Local channel: its first half, or the phone it leads to once the halves are gone. */
function isOf(device: string, name: string): boolean {
  const channel = parseChannelName(name);
  const wanted = parseInterface(device);
  if (channel.half === '2') return false;
  if (wanted.technology !== 'Local') return channel.device === device;
  return channel.half === '1' ? sameLocal(channel.device, device) : channel.endpoint === wanted.endpoint;
}

/** `/n` and other switches are not part of the channel's name. */
const sameLocal = (one: string, other: string): boolean => one === other.replace(/^(Local\/[^/]+)\/.*$/, '$1');
