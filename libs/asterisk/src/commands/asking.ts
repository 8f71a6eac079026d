import type { AmiClient } from '../ami/client.ts';

/** What commands work with. */
export interface Asking {
  readonly pbxId: string;
  readonly client: Pick<AmiClient, 'action' | 'watch'>;
  readonly dialplan: PbxDialplan;
  /** The call that a channel belongs to, where that is known better than by its Linkedid. */
  readonly callOf: (uniqueId: string) => string | undefined;
  readonly patienceMs: number;
}

/** How calls that we make enter the dialplan. */
export interface PbxDialplan {
  /** Where the number is dialled once the agent answered, e.g. `from-internal`. */
  readonly context: string;
  /** Where the name of a queue is an extension that leads into it; without it, that is the context of numbers. */
  readonly queueContext?: string | undefined;
  /** Default 1. */
  readonly priority?: number | undefined;
  /** `"Name" <number>` that the other side is shown; without it what the dialplan says. */
  readonly callerId?: string | undefined;
}
