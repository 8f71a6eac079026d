import type { AnyEvent } from '@patchcord/contracts';
import type { AmiMessage } from '../message.ts';
import type { AmiSnapshot } from '../snapshot.ts';

/** Turns what the PBX says into canonical events; holds what it knows of the calls that are open. Pure but for that. */
export interface EventMapper {
  /** `atMs`: when the message was received (epoch ms); AMI events carry no time of their own. */
  apply(message: AmiMessage, atMs: number): readonly AnyEvent[];
  /** Brings what is known in line with what is, after a gap. */
  resync(snapshot: AmiSnapshot, atMs: number): readonly AnyEvent[];
}

/** The live events of one connection: held back until the snapshot is applied, mapped at once after that. */
export interface Feed {
  accept(message: AmiMessage, atMs: number): void;
  /** Holds events back again, for another snapshot. */
  hold(): void;
  /** The snapshot is of this moment: what is held back so far is older than it, what comes from now on is newer. */
  mark(): void;
  /**
   * Applies what is older than the snapshot, the snapshot as of `atMs`, what is newer, then lets live events through.
   * Without a mark everything held back is newer.
   */
  release(snapshot: AmiSnapshot | undefined, atMs: number): void;
  /** Messages held back. */
  held(): number;
}

export interface FeedOptions {
  readonly mapper: EventMapper;
  readonly emit: (events: readonly AnyEvent[]) => void;
  /** The mapper failed on one message; the others go on. */
  readonly onDefect: (error: unknown, message: AmiMessage | undefined) => void;
}

interface Held {
  readonly message: AmiMessage;
  readonly atMs: number;
}

export function createFeed({ mapper, emit, onDefect }: FeedOptions): Feed {
  let held: Held[] | undefined = [];
  let marked = 0;

  const map = (work: () => readonly AnyEvent[], message?: AmiMessage): void => {
    try {
      emit(work());
    } catch (error) {
      onDefect(error, message);
    }
  };
  /** The calls of a PBX process that is gone end first: what is held back is of the new one. */
  const forget = (snapshot: AmiSnapshot, atMs: number): AmiSnapshot => {
    map(() => mapper.resync({ ...snapshot, channels: [], queues: undefined }, atMs));
    return { ...snapshot, restarted: false };
  };
  const apply = ({ message, atMs }: Held): void => map(() => mapper.apply(message, atMs), message);

  return {
    accept(message, atMs) {
      if (held === undefined) apply({ message, atMs });
      else held.push({ message, atMs });
    },
    hold() {
      held ??= [];
    },
    mark() {
      marked = held?.length ?? 0;
    },
    release(snapshot, atMs) {
      const waiting = held ?? [];
      const older = waiting.splice(0, marked);
      held = undefined;
      marked = 0;
      const last = snapshot?.restarted === true ? forget(snapshot, older[0]?.atMs ?? atMs) : snapshot;
      for (const item of older) apply(item);
      if (last !== undefined) map(() => mapper.resync(last, atMs));
      for (const item of waiting) apply(item);
    },
    held: () => held?.length ?? 0,
  };
}
