import type { PbxCommand, PbxCommandReply } from '@patchcord/contracts';
import type { Asking, PbxDialplan } from './asking.ts';
import { hangUp } from './hang-up.ts';
import { holdOrResume } from './hold.ts';
import { originate } from './originate.ts';
import { demandQueues, logIn, logOut, pause } from './queues.ts';
import { createTransfer } from './transfer.ts';

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
   * `unknown_queue`, `pbx_permission`, `number_refused`, `agent_unreachable`, and those of `originate`
   */
  execute(command: PbxCommand): Promise<PbxCommandReply>;
}

/** The commands of the house on one logged-in AMI connection. */
export function createPbxCommands({ patienceMs = 3_000, callOf, ...options }: PbxCommandsOptions): PbxCommands {
  const asking: Asking = { ...options, patienceMs, callOf: callOf ?? (() => undefined) };
  const transfer = createTransfer(asking);
  return {
    async execute(command) {
      if (command.command === 'originate') return originate(asking, command);
      if (command.command === 'transfer') await transfer(command);
      else await run(asking, command);
      return { outcome: 'accepted' };
    },
  };
}

async function run(asking: Asking, command: Exclude<PbxCommand, { command: 'originate' | 'transfer' }>): Promise<void> {
  switch (command.command) {
    case 'hangup':
      return hangUp(asking, command);
    case 'hold':
    case 'resume':
      return holdOrResume(asking, command);
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
