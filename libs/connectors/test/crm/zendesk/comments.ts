import { textOf } from '../../../src/crm/values.ts';
import type { Reply } from '../fake-http.ts';
import type { FakeRecord, FakeRecords } from '../fake-records.ts';

interface FakeComment {
  readonly type: 'Comment' | 'VoiceComment' | 'TpeVoiceComment';
  readonly body: string;
  readonly public: boolean;
  readonly data?: unknown;
}

/** Of a ticket, the oldest first. None can be changed. */
export const commentsOf = (records: FakeRecords, ticketId: string): FakeComment[] =>
  records
    .of('comments')
    .filter(({ values }) => values.ticketId === ticketId)
    .map(({ values }) => values.comment as FakeComment);

const add = (records: FakeRecords, ticketId: string, comment: FakeComment): void =>
  void records.add('comments', { ticketId, comment });

/** What is said of a ticket when it is made or changed. */
export function addComment(
  records: FakeRecords,
  { module, id }: FakeRecord,
  { comment, voice_comment: voice }: Record<string, unknown>,
): void {
  if (module !== 'tickets') return;
  const { body = '', public: isPublic = true } = (comment ?? {}) as { body?: string; public?: boolean };
  // Blanks at the end of lines are gone when it is read.
  if (comment !== undefined) add(records, id, { type: 'Comment', body: `${body.trimEnd()}\n`, public: isPublic });
  if (voice !== undefined) add(records, id, { type: 'VoiceComment', body: 'Call', public: false, data: voice });
}

/** A call of Talk Partner Edition, shown at its ticket. */
export function addCall(records: FakeRecords, json: unknown): Reply {
  const { call = {}, comment } = json as { call?: Record<string, unknown>; comment?: { title?: string } };
  const mandatory = ['app_id', 'from_line', 'to_line', 'call_started_at', 'direction'];
  const missing = mandatory.find((name) => call[name] === undefined);
  if (missing !== undefined || records.get('tickets', String(Number(call.ticket_id))) === undefined)
    return { status: 422, body: { error: 'RecordInvalid', details: { [missing ?? 'ticket_id']: [] } } };
  const { id } = records.add('calls', call);
  if (comment !== undefined)
    add(records, String(Number(call.ticket_id)), {
      type: 'TpeVoiceComment',
      body: textOf(comment.title),
      public: false,
      data: call,
    });
  return { status: 201, body: { call: { ...call, id: Number(id) } } };
}
