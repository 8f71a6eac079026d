import type { Transcripts } from '@patchcord/call-model';
import type { Campaign, Memorialization, Session } from '@patchcord/contracts';
import type { LinksOf } from '../domain/ports.ts';
import { writeRecords } from '../domain/records.ts';
import type { CallRef } from '../domain/state.ts';
import { type ChangeCall, silently } from './change-call.ts';

export interface ReviewCallOptions {
  readonly change: ChangeCall;
  readonly campaignOf: (session: Session) => Campaign | undefined;
  readonly memorializationsOf: (tenantId: string, campaign: Campaign) => readonly Memorialization[];
  readonly linksOf: LinksOf;
  /** Of the digital contact under this call id; undefined of a call. */
  readonly transcriptsOf?: ((ref: CallRef) => Promise<Transcripts | undefined>) | undefined;
}

export type ReviewCall = (ref: CallRef) => Promise<void>;

/** Writes the records of a call that are due, and whatever a process that died left to be done. */
export function createReviewCall(options: ReviewCallOptions): ReviewCall {
  const { change, campaignOf, memorializationsOf, linksOf, transcriptsOf } = options;
  return async (ref) => {
    const [transcripts, links] = await Promise.all([transcriptsOf?.(ref), linksOf(ref.tenantId, ref.callId)]);
    await change(
      ref,
      silently((call) => {
        const campaign = campaignOf(call.session);
        const memorializations = campaign === undefined ? [] : memorializationsOf(ref.tenantId, campaign);
        return writeRecords(call, { campaign, memorializations, links, transcripts });
      }),
    );
  };
}
