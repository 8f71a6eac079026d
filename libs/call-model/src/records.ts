import type { CallRecord, DispositionValue, Interaction, Session } from '@patchcord/contracts';
import { defined, msBetween } from './defined.ts';
import type { Transcripts } from './digital/log.ts';
import { digitalRecordsOf } from './digital/records.ts';
import { renderCall } from './render.ts';
import { story } from './story.ts';

/** What is known only after the call, of one record. */
export interface AfterCall {
  readonly disposition?: DispositionValue | undefined;
  readonly acwMs?: number | undefined;
}

export interface RecordContext {
  readonly campaignId?: string | undefined;
  /** By record id: the interaction's id, or the call's for a call that no agent took. */
  readonly afterCall?: Readonly<Record<string, AfterCall>> | undefined;
  /** Only of a digital contact. */
  readonly transcripts?: Transcripts | undefined;
}

/**
 * What is to be written into the CRM of this call: one record per interaction that was answered, or one for a call
 * that no agent took, however many phones rang. Of a call that was merged into another: nothing, the other tells it.
 * Of a digital contact: one per segment.
 */
export function callRecordsOf(session: Session, context: RecordContext = {}): CallRecord[] {
  if (session.mergedInto !== undefined) return [];
  if (session.channel === 'digital') return ofSegments(session, context);
  const common = commonOf(session, context);
  const answered = session.interactions.filter((one) => one.answeredAt !== undefined);
  if (answered.length === 0) return [{ ...common, ...unanswered(session), ...after(session.callId, context) }];
  return answered.map((one) => ({
    ...common,
    ...ofInteraction(session, one),
    ...after(one.interactionId, context),
  }));
}

function ofSegments(session: Session, context: RecordContext): CallRecord[] {
  const campaign = defined({ campaignId: context.campaignId });
  return digitalRecordsOf(session, context.transcripts).map((record) => ({
    ...record,
    ...campaign,
    ...after(record.recordId, context),
  }));
}

type Common = Omit<CallRecord, 'recordId'>;

function commonOf(session: Session, { campaignId }: RecordContext): Common {
  const [call] = story(session).calls;
  return {
    channel: 'voice',
    callId: session.callId,
    tenantId: session.tenantId,
    // Who asks for the record of a call that lasts tells what became of it so far.
    outcome: session.outcome ?? (session.answeredAt === undefined ? 'missed' : 'answered'),
    digits: session.digits,
    variables: session.variables,
    transfers: session.transfers,
    recordings: session.recordings,
    summary: call === undefined ? '' : renderCall(call),
    ...defined({
      campaignId,
      data: session.data,
      direction: session.direction,
      ani: session.ani,
      dnis: session.dnis,
      callerName: session.callerName,
      offeredAt: session.offeredAt,
    }),
  };
}

function unanswered(session: Session): Pick<CallRecord, 'recordId'> & Partial<CallRecord> {
  const visit = session.queues.at(-1);
  // Of an outbound call it is known who tried; of an inbound one that rang many phones, nobody in particular missed it.
  const agent = session.direction === 'outbound' ? session.interactions[0]?.agent : undefined;
  const waitMs = session.abandoned?.waitMs ?? visit?.waitMs ?? msBetween(session.offeredAt, session.endedAt);
  return {
    recordId: session.callId,
    ...defined({ agent, queue: visit?.queue, endedAt: session.endedAt, endedBy: session.endedBy, waitMs }),
  };
}

function ofInteraction(session: Session, one: Interaction): Pick<CallRecord, 'recordId'> & Partial<CallRecord> {
  const visit = session.queues.findLast(
    ({ queue, enteredAt }) => queue === one.queue && (one.answeredAt === undefined || enteredAt <= one.answeredAt),
  );
  const { interactionId, agent, queue, answeredAt, endedAt, ringMs, talkMs, holdMs, endedBy } = one;
  return {
    recordId: interactionId,
    interactionId,
    agent,
    holdMs,
    ...defined({ queue, answeredAt, endedAt, waitMs: visit?.waitMs, ringMs, talkMs, endedBy }),
  };
}

const after = (recordId: string, { afterCall }: RecordContext): Partial<CallRecord> => {
  const known = afterCall?.[recordId];
  return defined({ disposition: known?.disposition, acwMs: known?.acwMs });
};
