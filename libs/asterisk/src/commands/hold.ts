import { Failure } from '@patchcord/contracts';
import { parseChannelName } from '../mapping/channel-name.ts';
import { field } from '../message.ts';
import type { Asking } from './asking.ts';
import { agentChannel, type OpenChannel } from './channels.ts';
import { understood } from './refusals.ts';

const words = {
  hold: { event: 'hold', confirmation: 'Hold' },
  resume: { event: 'talk', confirmation: 'Unhold' },
} as const;

/**
 * Hold is the phone's own doing (a re-INVITE); AMI has no action for it, and to redirect the customer somewhere else
 * would end his queue call. But many phones do it when told so by a NOTIFY in the dialog of the call (`Event: hold`,
 * `Event: talk`), and the PBX then tells `Hold`. So that is sent, and believed only when the PBX tells it.
 *
 * @throws Failure permanent `not_supported`
 */
export async function holdOrResume(
  asking: Asking,
  command: { readonly command: 'hold' | 'resume'; readonly interface: string; readonly callId?: string | undefined },
): Promise<void> {
  const channel = await agentChannel(asking, command);
  const { event, confirmation } = words[command.command];
  if (parseChannelName(channel.name).technology !== 'PJSIP') throw notSupported(channel, 'is not on a PJSIP channel');
  const told = waitFor(asking, confirmation, channel.uniqueId);
  try {
    const notify = { Channel: channel.name, Variable: [`Event=${event}`] };
    await understood(asking.client.action('PJSIPNotify', notify), [
      { when: /invalid\/unknown command/i, code: 'not_supported', message: 'the PBX has no res_pjsip_notify: load it' },
      {
        when: /specify/i,
        code: 'not_supported',
        message: 'this Asterisk is too old: expected 18.22, 20.7, 21.2 or later',
      },
      { when: /not found|no such/i, code: 'not_found', message: 'the call ended' },
    ]);
    if (!(await told.came)) throw notSupported(channel, `did not follow NOTIFY with Event: ${event}`);
  } finally {
    told.stop();
  }
}

const notSupported = ({ name }: OpenChannel, why: string): Failure =>
  new Failure(
    'permanent',
    'not_supported',
    `${parseChannelName(name).device} ${why}: switch on its remote control (NOTIFY talk/hold), or use its hold key`,
  );

function waitFor({ client, patienceMs }: Asking, name: string, uniqueId: string) {
  const { promise: came, resolve } = Promise.withResolvers<boolean>();
  const stopWatching = client.watch((event) => {
    if (field(event, 'Event') === name && field(event, 'Uniqueid') === uniqueId) resolve(true);
  });
  const timer = setTimeout(resolve, patienceMs, false);
  return {
    came,
    stop: () => {
      stopWatching();
      clearTimeout(timer);
    },
  };
}
