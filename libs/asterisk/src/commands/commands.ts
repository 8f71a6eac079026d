import type { PbxCommand, PbxCommandReply } from '@patchcord/contracts';
import type { Asking, PbxDialplan } from './asking.ts';
import { agentChannel } from './channels.ts';
import { holdOrResume } from './hold.ts';
import { originate } from './originate.ts';
import { demandQueues, logIn, logOut, pause } from './queues.ts';
import { understood } from './refusals.ts';
import { transfer } from './transfer.ts';

export type { PbxDialplan } from './asking.ts';

export interface PbxCommandsOptions extends Pick<Asking, 'pbxId' | 'client'> {
  readonly dialplan: PbxDialplan;
  readonly callOf?: Asking['callOf'];
  /** How long a phone may take to begin to ring, or to go on hold. Default 3 s. */
  readonly patienceMs?: number;
}

export interface PbxCommands {
  /**
   * Does one thing. Repeating it is safe: what is done already stays as it is.
   * @throws Failure `ami_*` of the connection, permanent `not_found`, `ambiguous`, `not_supported`, `not_logged_in`,
   * `unknown_queue`, `pbx_permission`, `number_refused`, and those of `originate`
   */
  execute(command: PbxCommand): Promise<PbxCommandReply>;
}

/** The commands of the house on one logged-in AMI connection. */
export function createPbxCommands({ patienceMs = 3_000, callOf, ...options }: PbxCommandsOptions): PbxCommands {
  const asking: Asking = { ...options, patienceMs, callOf: callOf ?? (() => undefined) };
  return {
    async execute(command) {
      if (command.command === 'originate') return originate(asking, command);
      await run(asking, command);
      return { outcome: 'accepted' };
    },
  };
}

async function run(asking: Asking, command: Exclude<PbxCommand, { command: 'originate' }>): Promise<void> {
  switch (command.command) {
    case 'hangup': {
      const { name } = await agentChannel(asking, command);
      await understood(asking.client.action('Hangup', { Channel: name }), [
        { when: /no such channel/i, code: 'not_found', message: 'the call ended already' },
      ]);
      return;
    }
    case 'hold':
    case 'resume':
      return holdOrResume(asking, command);
    case 'transfer':
      return transfer(asking, command);
    case 'login':
      demandQueues(command);
      return logIn(asking, command);
    case 'logout':
      return logOut(asking, command);
    case 'pause':
    case 'unpause':
      return pause(asking, command);
  }
}
