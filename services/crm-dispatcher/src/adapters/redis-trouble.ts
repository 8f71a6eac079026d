import { Failure } from '@patchcord/contracts';

/** What Redis rejects with is our own trouble, never the message's or the destination's. */
export const fromRedis = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((cause: unknown) => {
    throw new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer', { cause });
  });
