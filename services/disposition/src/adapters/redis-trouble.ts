import { Failure } from '@patchcord/contracts';

/** Awaits Redis; what it rejects with is our own trouble, never the message's or the job's. */
export async function fromRedis<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw redisTrouble(cause);
  }
}

export const redisTrouble = (cause: unknown): Failure =>
  new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer', { cause });
