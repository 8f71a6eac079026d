import type { AmiMessage } from './message.ts';

/** What a PBX says of itself after a gap: everything that is left of what was missed. */
export interface AmiSnapshot {
  /** `CoreShowChannel` events: every channel that exists. A known channel that is not among them is over. */
  readonly channels: readonly AmiMessage[];
  /** `QueueParams`, `QueueMember` and `QueueEntry` events; undefined when this AMI user may not ask for them. */
  readonly queues: readonly AmiMessage[] | undefined;
  /** The PBX is another process than before the gap: no call of before is alive. */
  readonly restarted: boolean;
  /** When the connection before was lost (epoch ms): what a crash ended, ended then. */
  readonly lostAtMs?: number | undefined;
}
