import { Failure } from '@patchcord/contracts';

/** Awaits Redis. @throws Failure own-trouble `redis_unavailable` */
export async function fromRedis<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer', { cause });
  }
}
