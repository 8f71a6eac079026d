import type { Readable } from 'node:stream';
import { Failure } from '@patchcord/contracts';

export interface PlacesOptions {
  /** Streams of this process. */
  readonly maxStreams?: number;
  /** Streams of one agent. */
  readonly maxStreamsOfAgent?: number;
}

/** Where streams are open. */
export interface Places {
  /** @throws Failure throttled `too_many_streams` */
  take(whose: string, create: () => Promise<Readable>): Promise<Readable>;
  /** Ends all of them. */
  end(): void;
}

/** So many streams, of all agents and of each: one broken page does not take the place of the others. */
export function createPlaces({ maxStreams = 2000, maxStreamsOfAgent = 20 }: PlacesOptions): Places {
  const open = new Set<Readable>();
  const taken = new Map<string, number>();
  const change = (whose: string, by: 1 | -1): void => {
    const now = (taken.get(whose) ?? 0) + by;
    if (now === 0) taken.delete(whose);
    else taken.set(whose, now);
  };
  let total = 0;
  const give = (whose: string): void => {
    total -= 1;
    change(whose, -1);
  };
  return {
    take: async (whose, create) => {
      if (total >= maxStreams || (taken.get(whose) ?? 0) >= maxStreamsOfAgent) {
        throw new Failure('throttled', 'too_many_streams', 'too many streams are open here');
      }
      total += 1;
      change(whose, 1);
      try {
        const stream = await create();
        // Dropped already: what throws is caught below, and its place is given back.
        if (stream.closed) throw new Failure('own-trouble', 'stream_closed', 'the stream could not be opened');
        open.add(stream);
        stream.once('close', () => {
          open.delete(stream);
          give(whose);
        });
        return stream;
      } catch (error) {
        give(whose);
        throw error;
      }
    },
    end: () => {
      for (const stream of open) stream.push(null);
    },
  };
}
