import {
  Failure,
  type PbxCommand,
  type PbxCommandReply,
  requestedCallId,
  requestedChannelId,
} from '@patchcord/contracts';
import type { AmiHeaders } from '../ami/action.ts';
import type { Asking } from './asking.ts';
import { openChannels } from './channels.ts';
import { type Progress, watchProgress } from './progress.ts';
import { understood } from './refusals.ts';

type Originate = Extract<PbxCommand, { command: 'originate' }>;

/**
 * Rings the agent; once he answered, the dialplan dials the number. Asynchronous: a synchronous Originate blocks the
 * whole AMI session for as long as the phone rings.
 *
 * @throws Failure permanent `agent_unreachable`, `agent_busy`, `agent_declined`, `agent_no_answer`, `number_refused`
 */
export async function originate(asking: Asking, command: Originate): Promise<PbxCommandReply> {
  const channelId = requestedChannelId(command.requestId);
  const callId = requestedCallId(asking.pbxId, command.requestId);
  if (await isOpen(asking, channelId)) return { outcome: 'repeated', callId };
  const progress = watchProgress(asking, channelId);
  try {
    await understood(asking.client.action('Originate', headersOf(asking, command, channelId)), [
      { when: /extension does not exist/i, code: 'number_refused', message: noSuchNumber(asking, command) },
    ]);
    const end =
      command.waitFor === 'answer'
        ? await progress.until(['answered'], command.ringTimeoutMs + asking.patienceMs)
        : await progress.until(['ringing', 'answered'], asking.patienceMs);
    if (end?.step !== 'failed') return { outcome: 'accepted', callId };
    // Another process was asked for the same at the same time: the PBX makes one channel of an id.
    if (await isOpen(asking, channelId)) return { outcome: 'repeated', callId };
    throw failureOf(end, command.interface);
  } finally {
    progress.stop();
  }
}

const isOpen = async (asking: Asking, channelId: string): Promise<boolean> =>
  (await openChannels(asking)).some(({ uniqueId }) => uniqueId === channelId);

function headersOf({ dialplan }: Asking, command: Originate, channelId: string): AmiHeaders {
  return {
    Channel: command.interface,
    Context: dialplan.context,
    Exten: extensionOf(command.to),
    Priority: String(dialplan.priority ?? 1),
    Timeout: String(command.ringTimeoutMs),
    Async: 'true',
    ChannelId: channelId,
    ...(dialplan.callerId === undefined ? {} : { CallerID: dialplan.callerId }),
    Variable: Object.entries(command.variables).map(([name, value]) => `${name}=${escaped(value)}`),
  };
}

/** Without what people write between digits. */
export const extensionOf = (to: string): string => to.replace(/[ ().-]/g, '');

/**
 * Asterisk splits the header at commas into further variables, so that a contact's name could set any of them, or write
 * a dialplan function. It takes a backslash before each character that means something (`ast_app_separate_args`).
 */
const escaped = (value: string): string => value.replace(/[\\",()[\]]/g, '\\$&');

const noSuchNumber = ({ dialplan }: Asking, { to }: Originate): string =>
  `the dialplan context "${dialplan.context}" has no extension that fits ${JSON.stringify(extensionOf(to))}`;

/** Q.850 causes of the agent's channel; seen: 17 busy (486), 21 declined (603), 19 no answer. */
const failures: readonly { causes: readonly string[]; reasons: readonly string[]; code: string; message: string }[] = [
  { causes: ['17'], reasons: ['5'], code: 'agent_busy', message: 'is busy' },
  { causes: ['21'], reasons: [], code: 'agent_declined', message: 'declined the call' },
  { causes: ['18', '19'], reasons: ['3'], code: 'agent_no_answer', message: 'did not answer' },
];

function failureOf({ cause, reason }: Extract<Progress, { step: 'failed' }>, device: string): Failure {
  const known = failures.find(({ causes, reasons }) => causes.includes(cause ?? '') || reasons.includes(reason));
  if (known !== undefined) return new Failure('permanent', known.code, `${device} ${known.message}`);
  const message = `${device} cannot be reached: the PBX has no such phone, or it is not registered`;
  return new Failure('permanent', 'agent_unreachable', message);
}
