import { type AgiSession, isPlainValue } from '@patchcord/asterisk';
import type { ChannelVariables } from './agi-call.ts';

/** What a channel has been told, so that nothing is told twice: each command is a way to the PBX and back. */
export interface Told {
  /** Sets what the channel does not have yet, in as few commands as can be. */
  tell(variables: ChannelVariables): Promise<void>;
  /** The same for what may turn out otherwise: nobody waits for it, and `tell` ends it. */
  guess(variables: ChannelVariables): void;
}

export function createTold(session: Pick<AgiSession, 'setVariable' | 'setVariables'>): Told {
  const told = new Map<string, string>();
  let sure = false;
  const set = async (variables: ChannelVariables, isOver: () => boolean): Promise<void> => {
    for (const group of commandsFor(variables.filter(([name, value]) => told.get(name) !== value))) {
      if (isOver()) return;
      for (const [name, value] of group) told.set(name, value);
      const [[name, value] = ['', ''], ...others] = group;
      await (others.length === 0 ? session.setVariable(name, value) : session.setVariables(group));
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

/** Plain values go together; an empty one, or somebody else's text, goes by itself. */
function commandsFor(variables: ChannelVariables): ChannelVariables[] {
  const plain = variables.filter(([, value]) => isPlainValue(value));
  const others = variables.filter(([, value]) => !isPlainValue(value));
  return [...others.map((each) => [each]), ...(plain.length === 0 ? [] : [plain])];
}
