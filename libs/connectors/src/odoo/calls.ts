import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import type { Settings } from './settings.ts';
import { call, idOf, ids, rows, valuesOf } from './wire.ts';

const messages = 'mail.message';

/**
 * A call stands in the chatter of everybody it was about. Our key is part of its text, so what is there already is found
 * by it, and written again instead of a second time.
 *
 * @returns the message at the first
 */
export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const places = entry.about.length > 0 ? entry.about : [await nobody(api)];
  const written: number[] = [];
  for (const place of places) written.push(await writeAt(api, place, entry));
  return { module: messages, id: String(written[0]) };
}

async function writeAt(api: CrmApi<Settings>, place: RecordRef, entry: CallEntry): Promise<number> {
  const [known] = await messagesOf(api, entry.key, place);
  if (known !== undefined) {
    await rewrite(api, known, entry);
    return known;
  }
  return api.settings.log === 'activity' ? completeActivity(api, place, entry) : post(api, place, entry);
}

async function post(api: CrmApi<Settings>, place: RecordRef, entry: CallEntry): Promise<number> {
  return note(api, place, textOf(entry), valuesOf(entry.fields ?? {}));
}

/** A message in the chatter that is sent to nobody. */
export async function note(
  api: CrmApi<Settings>,
  place: RecordRef,
  text: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const { html } = api.settings;
  const args = {
    ids: [idOf(place)],
    ...(html ? { body: htmlOf(text), body_is_html: true } : { body: text }),
    message_type: 'comment',
    subtype_xmlid: 'mail.mt_note',
    ...more,
  };
  const { json } = await call(api, { model: place.module, method: 'message_post', args, writes: true });
  return first(json);
}

/** One that was made before its answer was lost is completed, not made again. */
async function completeActivity(api: CrmApi<Settings>, place: RecordRef, entry: CallEntry): Promise<number> {
  const activity = (await openActivity(api, place, entry.key)) ?? (await makeActivity(api, place, entry));
  const args = { ids: [activity], feedback: entry.disposition ?? entry.outcome };
  const { json } = await call(api, { model: 'mail.activity', method: 'action_feedback', args, writes: true });
  return z.number().parse(json);
}

async function openActivity(api: CrmApi<Settings>, place: RecordRef, key: string): Promise<number | undefined> {
  const domain = [
    ['res_model', '=', place.module],
    ['res_id', '=', idOf(place)],
    ['note', 'like', keyLine(key)],
  ];
  const args = { domain, fields: ['note'], order: 'id' };
  const { json } = await call(api, { model: 'mail.activity', method: 'search_read', args });
  return rows.parse(json).find(({ note: text }) => holds(text, key))?.id;
}

async function makeActivity(api: CrmApi<Settings>, place: RecordRef, entry: CallEntry): Promise<number> {
  const values = {
    res_model_id: await onlyId(api, 'ir.model', ['model', '=', place.module]),
    res_id: idOf(place),
    activity_type_id: await onlyId(api, 'mail.activity.type', ['category', '=', 'phonecall']),
    summary: entry.subject,
    note: htmlOf(textOf(entry)),
    date_deadline: entry.startedAt.slice(0, 10),
    ...(entry.userId === undefined ? {} : { user_id: idOf({ id: entry.userId }) }),
    ...valuesOf(entry.fields ?? {}),
  };
  const args = { vals_list: [values] };
  const { json } = await call(api, { model: 'mail.activity', method: 'create', args, writes: true });
  return first(json);
}

async function onlyId(api: CrmApi<Settings>, model: string, condition: readonly string[]): Promise<number> {
  const args = { domain: [condition], fields: ['id'], limit: 1 };
  const { json } = await call(api, { model, method: 'search_read', args });
  const [found] = rows.parse(json);
  if (found !== undefined) return found.id;
  throw new Failure('permanent', 'crm_activities', `calls cannot be activities: there is no ${model} for them`);
}

const first = (json: unknown): number => ids.parse(json)[0] ?? 0;

/** Where calls stand that were about nobody we know. */
async function nobody(api: CrmApi<Settings>): Promise<RecordRef> {
  const { unknownCallersTo: id = (await ourselves(api)).partner } = api.settings;
  return { module: 'res.partner', id: String(id) };
}

const us = z.tuple([z.looseObject({ login: z.string(), partner_id: z.tuple([z.number(), z.string()]) })]);

/** The user whose key we have, and the contact that every user is. */
export async function ourselves(api: CrmApi<Settings>): Promise<{ readonly login: string; readonly partner: number }> {
  const context = await call(api, { model: 'res.users', method: 'context_get', args: {} });
  const { uid } = z.object({ uid: z.number() }).parse(context.json);
  const args = { ids: [uid], fields: ['login', 'partner_id'] };
  const { json } = await call(api, { model: 'res.users', method: 'read', args });
  const [{ login, partner_id: partner }] = us.parse(json);
  return { login, partner: partner[0] };
}

export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const [known] = await messagesOf(api, key);
  return known === undefined ? undefined : { module: messages, id: String(known) };
}

/** Those about whom it became known later that it was about them get it, too. */
export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  const written: number[] = [];
  for (const place of entry.about) written.push(await writeAt(api, place, entry));
  if (!written.includes(idOf(ref))) await rewrite(api, idOf(ref), entry);
}

async function rewrite(api: CrmApi<Settings>, message: number, entry: CallEntry): Promise<void> {
  const args = { ids: [message], vals: { body: htmlOf(textOf(entry)) } };
  await call(api, { model: messages, method: 'write', args, writes: true });
}

/** The oldest first. `_` in the key fits any character in SQL, so the text is looked at again. */
async function messagesOf(api: CrmApi<Settings>, key: string, place?: RecordRef): Promise<number[]> {
  const at =
    place === undefined
      ? []
      : [
          ['model', '=', place.module],
          ['res_id', '=', idOf(place)],
        ];
  const args = { domain: [...at, ['body', 'like', keyLine(key)]], fields: ['body'], order: 'id' };
  const { json } = await call(api, { model: messages, method: 'search_read', args });
  return rows
    .parse(json)
    .filter(({ body }) => holds(body, key))
    .map(({ id }) => id);
}

const keyLine = (key: string): string => escaped(`Call id: ${key}`);

/** The key is the last of its line: `i-1` is not in `i-12`. */
function holds(html: unknown, key: string): boolean {
  if (typeof html !== 'string') return false;
  const line = keyLine(key);
  return html
    .split(line)
    .slice(1)
    .some((rest) => /^\s*(<|$)/.test(rest));
}

/** Odoo has no model of calls: all that is known stands in the text, our key at its end. */
const textOf = (entry: CallEntry): string =>
  `${entry.subject}\n${callText(entry, ['notes', 'disposition', 'direction', 'started', 'duration', 'outcome', 'numbers', 'recording', 'key'])}`;

const htmlOf = (text: string): string => `<p>${escaped(text).replace(/\n/g, '<br>')}</p>`;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
