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

/**
 * Sends the other side to an extension; the agent's own part ends. Where nobody would answer, the caller is lost: so it
 * is asked first whether there is such an extension.
 *
 * @throws Failure permanent `not_found`, `ambiguous`, `number_refused`, `not_supported`
 */
export async function transfer(asking: Asking, command: Transfer): Promise<void> {
  const place = placeOf(asking, command);
  const { name } = await agentChannel(asking, command);
  await demandExtension(asking, { channel: name, place });
  const headers = { Channel: name, Context: place.context, Exten: place.extension };
  await understood(asking.client.action('BlindTransfer', headers), [
    { when: /does not exist|no such channel/i, code: 'not_found', message: 'the call ended already' },
    { when: /invalid for transfer/i, code: 'not_supported', message: 'there is nobody on the line to transfer yet' },
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

async function demandExtension(
  { client, dialplan }: Asking,
  { channel, place }: { readonly channel: string; readonly place: Place },
): Promise<void> {
  const { context, extension } = place;
  const refused = new Failure('permanent', 'number_refused', noSuchPlace(place));
  if (!plainExtension.test(extension)) throw refused;
  const Variable = `DIALPLAN_EXISTS(${context},${extension},${dialplan.priority ?? 1})`;
  const { response } = await understood(client.action('Getvar', { Channel: channel, Variable }), [
    { when: /no such channel/i, code: 'not_found', message: 'the call ended already' },
  ]);
  // Without its module the function has no value: then the transfer itself will tell.
  if (field(response, 'Value') === '0') throw refused;
}

const noSuchPlace = ({ context, extension }: Place): string =>
  `the dialplan context "${context}" has no extension ${JSON.stringify(extension)}: expected a number that can be dialled`;
