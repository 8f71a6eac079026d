import { Failure, type PbxCommand } from '@patchcord/contracts';
import { parseInterface } from '../mapping/channel-name.ts';
import { field } from '../message.ts';
import type { Asking } from './asking.ts';
import { agentChannel } from './channels.ts';
import { extensionOf } from './originate.ts';
import { understood } from './refusals.ts';

type Transfer = Extract<PbxCommand, { command: 'transfer' }>;

interface Place {
  readonly context: string;
  readonly extension: string;
}

interface HandedOn {
  readonly place: Place;
  readonly done: Promise<void>;
}

/** Channels of agents whose calls were handed on; the oldest are forgotten first. */
const maxRemembered = 1_000;

/**
 * Sends the other side to an extension; the agent's own part ends. Where nobody would answer, the caller is lost: so it
 * is asked first whether there is such an extension, and of a colleague whether his phone is there. Pressed twice, it is
 * done once: for a moment the agent's channel is still there, and what the PBX says then depends on luck.
 *
 * @throws Failure permanent `not_found`, `ambiguous`, `number_refused`, `agent_unreachable`, `not_supported`
 */
export function createTransfer(asking: Asking): (command: Transfer) => Promise<void> {
  const handedOn = new Map<string, HandedOn>();
  const once = async (uniqueId: string, next: HandedOn): Promise<void> => {
    handedOn.set(uniqueId, next);
    if (handedOn.size > maxRemembered) handedOn.delete(handedOn.keys().next().value ?? '');
    try {
      await next.done;
    } catch (error) {
      handedOn.delete(uniqueId);
      throw error;
    }
  };
  return async (command) => {
    const place = placeOf(asking, command);
    const channel = await agentChannel(asking, command);
    const before = handedOn.get(channel.uniqueId);
    if (before === undefined) {
      return once(channel.uniqueId, { place, done: handOn(asking, command, { channel: channel.name, place }) });
    }
    if (isSame(before.place, place)) return before.done;
    throw new Failure('permanent', 'not_found', `the call was handed on to ${JSON.stringify(before.place.extension)}`);
  };
}

const isSame = (one: Place, other: Place): boolean =>
  one.context === other.context && one.extension === other.extension;

interface To {
  readonly channel: string;
  readonly place: Place;
}

async function handOn(asking: Asking, { to }: Transfer, { channel, place }: To): Promise<void> {
  await demandExtension(asking, { channel, place });
  if (to.kind === 'agent') await demandPhone(asking, channel, to.interface);
  const headers = { Channel: channel, Context: place.context, Exten: place.extension };
  const nobody = 'there is nobody on the line who could be transferred';
  await understood(asking.client.action('BlindTransfer', headers), [
    { when: /does not exist|no such channel/i, code: 'not_found', message: 'the call ended already' },
    { when: /transfer invalid/i, code: 'not_supported', message: nobody },
    { when: /not permitted/i, code: 'not_supported', message: 'the PBX does not permit to transfer this call' },
    { when: /failed/i, code: 'number_refused', message: noSuchPlace(place) },
  ]);
}

function placeOf({ dialplan }: Asking, { to }: Transfer): Place {
  const { context } = dialplan;
  switch (to.kind) {
    case 'number':
      return { context, extension: extensionOf(to.number) };
    case 'agent':
      return { context, extension: parseInterface(to.interface).endpoint };
    case 'queue':
      return { context: dialplan.queueContext ?? context, extension: to.queue };
  }
}

/** What may stand in an argument of a dialplan function: nothing that ends it. */
const plainExtension = /^[\w+*#.-]{1,79}$/;

async function demandExtension(asking: Asking, { channel, place }: To): Promise<void> {
  const { context, extension } = place;
  const refused = new Failure('permanent', 'number_refused', noSuchPlace(place));
  if (!plainExtension.test(extension)) throw refused;
  // A transfer begins at the extension's first step, wherever calls that we make begin.
  if ((await askedValue(asking, channel, `DIALPLAN_EXISTS(${context},${extension},1)`)) === '0') throw refused;
}

const plainDevice = /^[\w/@.+-]{1,128}$/;

/**
 * The extension of an agent is there also when his phone is not registered: then the PBX would hang up on the caller. One
 * that this PBX does not know at all (`INVALID`) may be another's, where the dialplan leads.
 */
async function demandPhone(asking: Asking, channel: string, device: string): Promise<void> {
  if (!plainDevice.test(device)) return;
  if ((await askedValue(asking, channel, `DEVICE_STATE(${device})`)) !== 'UNAVAILABLE') return;
  throw new Failure('permanent', 'agent_unreachable', `${device} is not registered at the PBX: nobody would answer`);
}

/** Of a dialplan function; without its module it has no value, and then the transfer itself will tell. */
async function askedValue({ client }: Asking, Channel: string, Variable: string): Promise<string | undefined> {
  const { response } = await understood(client.action('Getvar', { Channel, Variable }), [
    { when: /no such channel/i, code: 'not_found', message: 'the call ended already' },
  ]);
  return field(response, 'Value');
}

const noSuchPlace = ({ context, extension }: Place): string =>
  `the dialplan context "${context}" has no extension ${JSON.stringify(extension)}: expected a number that can be dialled`;
