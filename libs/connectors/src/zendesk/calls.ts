import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import { callText } from '../crm/call-text.ts';
import { clientId } from '../crm/client-id.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { byExternalId, update } from './records.ts';
import { path, type Settings } from './settings.ts';
import { bodyOf, oneOf } from './wire.ts';

const module = 'tickets';

/**
 * A ticket with our key as its external id. That is not unique: it is looked for first, and for two hours Zendesk itself
 * makes no second ticket of the same `Idempotency-Key`.
 */
export async function logCall(
  api: CrmApi<Settings>,
  entry: CallEntry,
  written?: (ref: RecordRef) => Promise<void>,
): Promise<RecordRef> {
  const known = await findCall(api, entry.key);
  if (known !== undefined) {
    await written?.(known);
    await updateCall(api, known, entry);
    return known;
  }
  const comment = { body: textOfCall(entry), public: false };
  const { json, headers } = await api.ask({
    method: 'POST',
    path: path(api.settings, module),
    headers: { 'idempotency-key': clientId(entry.key) },
    json: bodyOf(module, { ...ticketOf(api.settings, entry), comment, ...entry.fields, external_id: entry.key }),
    writes: true,
  });
  const ref = { module, id: oneOf(module, json).id };
  await written?.(ref);
  // `hit`: it was made before, though it could not be found.
  if (headers['x-idempotency-lookup'] === 'hit') await updateCall(api, ref, entry);
  else await addVoice(api, ref, entry, []);
  return ref;
}

export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const [found] = (await byExternalId(api, module, key)).filter(({ fields }) => fields.external_id === key);
  return found === undefined ? undefined : { module, id: found.id };
}

const comment = z.looseObject({ type: z.string(), body: z.string().nullish(), plain_body: z.string().nullish() });
const comments = z.object({ comments: z.array(comment) });
type Comment = z.infer<typeof comment>;

/** Comments cannot be changed: what became known since is one more, unless it is there already. */
export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, module, ref.id, 'comments') });
  const there = comments.parse(json).comments;
  const body = textOfCall(entry);
  const said = there.flatMap((one) => [wordsOf(one.body), wordsOf(one.plain_body)]);
  const isSaid = said.includes(wordsOf(body));
  const values = { ...(isSaid ? {} : { comment: { body, public: false } }), ...entry.fields };
  if (Object.keys(values).length > 0) await update(api, ref, values);
  await addVoice(api, ref, entry, there);
}

/** A text as it stays the same however lines and blanks come back. */
const wordsOf = (text: string | null | undefined): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();

/** What an account has beside the ticket: a player for the recording, or a call of Talk Partner Edition. Once. */
async function addVoice(
  api: CrmApi<Settings>,
  ref: RecordRef,
  entry: CallEntry,
  there: readonly Comment[],
): Promise<void> {
  const { callLog, appId } = api.settings;
  const has = (type: string): boolean => there.some((one) => one.type === type);
  const { recordingUrl = '' } = entry;
  // Without a recording Zendesk shows that it is not available.
  if (callLog === 'voice-comment' && recordingUrl !== '' && !has('VoiceComment'))
    await update(api, ref, { voice_comment: voiceOf(entry, recordingUrl) });
  if (callLog !== 'talk-partner' || has('TpeVoiceComment')) return;
  const call = { ...talkCall(entry), app_id: appId, ticket_id: Number(ref.id) };
  const shown = { title: entry.subject, call_fields: talkFields.filter((name) => name in call) };
  await api.ask({ method: 'POST', path: path(api.settings, 'calls'), json: { call, comment: shown }, writes: true });
}

function voiceOf(entry: CallEntry, recordingUrl: string): object {
  const { from, to, startedAt, durationSeconds, userId } = entry;
  return {
    from: from ?? 'unknown',
    to: to ?? 'unknown',
    recording_url: recordingUrl,
    started_at: startedAt,
    call_duration: Math.round(durationSeconds),
    ...(userId === undefined ? {} : { answered_by_id: numberOf(userId) }),
  };
}

/** What people see of a call of Talk Partner Edition. */
const talkFields = ['from_line', 'to_line', 'call_started_at', 'call_ended_at', 'call_disposition', 'recording_url'];
const completions = { answered: 'completed', abandoned: 'abandoned_in_queue', missed: undefined, failed: undefined };

function talkCall(entry: CallEntry): Record<string, unknown> {
  const { key, from, to, startedAt, endedAt, direction, outcome, disposition, recordingUrl, userId } = entry;
  const caller = callerOf(entry);
  const completion = completions[outcome];
  return {
    external_id: key,
    from_line: from ?? 'unknown',
    to_line: to ?? 'unknown',
    call_started_at: startedAt,
    call_ended_at: endedAt,
    direction: direction === 'outbound' ? 'outbound' : 'inbound',
    ...(completion === undefined ? {} : { completion_status: completion }),
    ...(disposition === undefined ? {} : { call_disposition: disposition }),
    ...(recordingUrl === undefined ? {} : { recording_url: recordingUrl }),
    ...(userId === undefined ? {} : { agent_id: numberOf(userId) }),
    ...(caller === undefined ? {} : { end_user_id: numberOf(caller.id) }),
  };
}

const callerOf = ({ about }: CallEntry): RecordRef | undefined => about.find((one) => one.module === 'users');

/** 45 and 46: a call in and out, by what Zendesk counts channels. */
function ticketOf({ ticketStatus }: Settings, entry: CallEntry): Record<string, unknown> {
  const caller = callerOf(entry);
  return {
    subject: entry.subject,
    via_id: entry.direction === 'outbound' ? 46 : 45,
    ...(caller === undefined ? {} : { requester_id: numberOf(caller.id) }),
    ...(entry.userId === undefined ? {} : { assignee_id: numberOf(entry.userId) }),
    ...(ticketStatus === undefined ? {} : { status: ticketStatus }),
  };
}

/** A ticket has no fields of a call: its text tells all. */
function textOfCall(entry: CallEntry): string {
  const text = callText(entry, [
    'notes',
    'disposition',
    'numbers',
    'direction',
    'started',
    'duration',
    'outcome',
    'recording',
  ]);
  const others = entry.about.filter(({ module: one }) => one === 'tickets').map(({ id }) => `Ticket: #${id}`);
  return [text, ...others].join('\n');
}

function numberOf(id: string): number {
  if (/^\d{1,15}$/.test(textOf(id))) return Number(id);
  throw new Failure('permanent', 'crm_user', 'a user is none of Zendesk: expected its number');
}
