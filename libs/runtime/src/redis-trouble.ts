import { Failure } from '@patchcord/contracts';

/** That Redis did not answer: our own trouble, never that of a message, a job or a destination. */
export const redisTrouble = (cause: unknown): Failure =>
  new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer', { cause });

/** Awaits Redis. @throws Failure own-trouble `redis_unavailable` for whatever it rejects with */
export async function fromRedis<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw redisTrouble(cause);
  }
}
