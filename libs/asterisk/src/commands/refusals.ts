import { Failure, isFailure } from '@patchcord/contracts';
import type { AmiFailureCode } from '../ami/failures.ts';
import type { AmiReply } from '../ami/pending.ts';

/** What a refusal means to whoever asked for the command. All of them are permanent: a person must change something. */
export interface Refusal {
  readonly when: RegExp;
  readonly code: string;
  readonly message: string;
}

/** Observed: AMI has no codes, only the text of `Message`. A user who lacks a class is told `Permission denied`. */
const permission: Refusal = {
  when: /permission denied/i,
  code: 'pbx_permission',
  message: 'the AMI user may not do this: its "write" needs the classes call, originate, agent and system',
};

/** An answer; the refusals that are known come as failures that say what to do. */
export async function understood(reply: Promise<AmiReply>, refusals: readonly Refusal[] = []): Promise<AmiReply> {
  try {
    return await reply;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const known = [...refusals, permission].find(({ when }) => when.test(error.message));
    throw known === undefined ? error : new Failure('permanent', known.code, known.message, { cause: error });
  }
}

/** Whether it was done, or had been done before: a refusal that fits `already` is no failure. */
export async function doneOrAlready(
  reply: Promise<AmiReply>,
  already: RegExp,
  refusals: readonly Refusal[],
): Promise<'done' | 'already'> {
  try {
    await reply;
    return 'done';
  } catch (error) {
    if (isRefusal(error) && already.test(error.message)) return 'already';
    await understood(Promise.reject(error), refusals);
    throw error;
  }
}

const isRefusal = (error: unknown): error is Failure =>
  isFailure(error) && error.code === ('ami_action_refused' satisfies AmiFailureCode);
