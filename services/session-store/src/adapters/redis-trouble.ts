import { Failure } from '@patchcord/contracts';
import { deadline } from '@patchcord/runtime';

const answerWithinMs = 3000;

/**
 * Awaits Redis; what it rejects with, and silence, is our own trouble and never the message's. A write that is given
 * up may still happen: the version of the call decides, whenever it does.
 */
export async function fromRedis<T>(answer: Promise<T>): Promise<T> {
  try {
    return await deadline(answer, answerWithinMs, 'Redis');
  } catch (cause) {
    throw new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer', { cause });
  }
}
