import type { CallRecord, Interaction, Session } from '@patchcord/contracts';
import { defined } from '../defined.ts';
import type { Transcripts } from './log.ts';

/**
 * One record per segment. Holds nothing of what came after the segment, so that it is not written again when the next
 * agent goes on; only the transcript of the whole conversation may reach further.
 */
export function digitalRecordsOf(session: Session, transcripts: Transcripts | undefined): SegmentRecord[] {
  return session.interactions.map((one) => segmentRecord(session, one, transcripts));
}

/** What of a record the session tells. */
export type SegmentRecord = Omit<CallRecord, 'disposition' | 'acwMs' | 'campaignId'>;

function segmentRecord(session: Session, one: Interaction, transcripts: Transcripts | undefined): SegmentRecord {
  const { interactionId, agent, queue, answeredAt, endedAt, talkMs, holdMs, endedBy } = one;
  return {
    recordId: interactionId,
    channel: 'digital',
    callId: session.callId,
    interactionId,
    tenantId: session.tenantId,
    outcome: 'answered',
    agent,
    holdMs,
    digits: '',
    variables: session.variables,
    transfers: session.transfers.filter(({ at, from }) => at === endedAt && from?.agentId === agent.agentId),
    recordings: [],
    summary: summaryOf(session, one),
    ...defined({ queue, answeredAt, endedAt, talkMs, endedBy }),
    ...defined({
      data: session.data,
      direction: session.direction,
      ani: session.ani,
      dnis: session.dnis,
      callerName: session.callerName,
      offeredAt: session.offeredAt,
      digital: digitalPart(session, one),
      transcript: transcripts?.segments[one.legId] ?? transcripts?.whole,
    }),
  };
}

function digitalPart({ digital }: Session, { legId, endReason }: Interaction): CallRecord['digital'] {
  if (digital === undefined) return undefined;
  return { ...digital, segmentId: legId, ...defined({ endReason }) };
}

/** What happened in one segment, as a person would tell it. */
function summaryOf(session: Session, one: Interaction): string {
  const { kind = 'digital contact', pointOfContact } = session.digital ?? {};
  const place = pointOfContact === undefined ? '' : ` at ${pointOfContact}`;
  const who = session.callerName ?? 'a customer';
  const name = one.agent.name ?? one.agent.agentId;
  return `${names[kind]} with ${who}${place}. ${name}: ${timesOf(one)}${endOf(session, one)}.`;
}

const names = {
  chat: 'Chat',
  sms: 'SMS',
  email: 'E-mail',
  social: 'Social media conversation',
  messaging: 'Messenger conversation',
  'digital contact': 'Digital contact',
} as const;

function timesOf({ answeredAt, endedAt }: Interaction): string {
  const from = answeredAt === undefined ? 'an unknown time' : clock(answeredAt);
  return endedAt === undefined ? `since ${from}` : `${from} to ${clock(endedAt)}`;
}

function endOf({ transfers }: Session, { endReason, endedAt, agent }: Interaction): string {
  if (endReason === undefined) return '';
  const to = transfers.find(({ at, from }) => at === endedAt && from?.agentId === agent.agentId)?.to;
  const target = to?.agent?.name ?? to?.agent?.agentId ?? to?.extension;
  return `, ${endReason}${endReason === 'transferred' && target !== undefined ? ` to ${target}` : ''}`;
}

/** UTC, to the second. */
const clock = (instant: string): string => new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
