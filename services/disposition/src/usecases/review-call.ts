import type { Transcripts } from '@patchcord/call-model';
import type { Campaign, Session } from '@patchcord/contracts';
import { writeRecords } from '../domain/records.ts';
import type { CallRef } from '../domain/state.ts';
import { type ChangeCall, silently } from './change-call.ts';

export interface ReviewCallOptions {
  readonly change: ChangeCall;
  readonly campaignOf: (session: Session) => Campaign | undefined;
  /** Of the digital contact under this call id; undefined of a call. */
  readonly transcriptsOf?: ((ref: CallRef) => Promise<Transcripts | undefined>) | undefined;
}

export type ReviewCall = (ref: CallRef) => Promise<void>;

/** Writes the records of a call that are due, and whatever a process that died left to be done. */
export function createReviewCall({ change, campaignOf, transcriptsOf }: ReviewCallOptions): ReviewCall {
  return async (ref) => {
    const transcripts = await transcriptsOf?.(ref);
    await change(
      ref,
      silently((call) => writeRecords(call, campaignOf(call.session), transcripts)),
    );
  };
}
