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
  /** Applies the snapshot as of `atMs`, then everything held back, then lets live events through. */
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

  const map = (work: () => readonly AnyEvent[], message?: AmiMessage): void => {
    try {
      emit(work());
    } catch (error) {
      onDefect(error, message);
    }
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
    release(snapshot, atMs) {
      const waiting = held ?? [];
      held = undefined;
      if (snapshot !== undefined) map(() => mapper.resync(snapshot, atMs));
      for (const item of waiting) apply(item);
    },
    held: () => held?.length ?? 0,
  };
}
