import type { AgiSession } from '@patchcord/asterisk';
import type { ChannelVariables } from './agi-call.ts';

/** What a channel has been told, so that nothing is told twice: each command is a way to the PBX and back. */
export interface Told {
  /** Sets what the channel does not have yet. */
  tell(variables: ChannelVariables): Promise<void>;
  /** The same for what may turn out otherwise: nobody waits for it, and `tell` ends it. */
  guess(variables: ChannelVariables): void;
}

export function createTold(session: Pick<AgiSession, 'setVariable'>): Told {
  const told = new Map<string, string>();
  let sure = false;
  const set = async (variables: ChannelVariables, isOver: () => boolean): Promise<void> => {
    for (const [name, value] of variables) {
      if (isOver()) return;
      if (told.get(name) === value) continue;
      told.set(name, value);
      await session.setVariable(name, value);
    }
  };
  return {
    tell: (variables) => {
      sure = true;
      return set(variables, () => false);
    },
    // A session that is over is seen by whoever waits for its end.
    guess: (variables) => void set(variables, () => sure).catch(() => undefined),
  };
}
