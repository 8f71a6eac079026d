import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import { cutText } from '../crm/fit.ts';
import type { CrmAnswer, CrmApi, FieldValues, RecordRef, UpsertKey } from '../crm/port.ts';
import { meaningOf, type Problem, problemOf } from './failures.ts';
import { path, type Settings, triggersOf } from './settings.ts';

const written = z.object({ data: z.array(z.looseObject({ details: z.looseObject({ id: z.string() }) })).min(1) });
const mostNote = 32_000;

const bodyOf = (settings: Settings, values: FieldValues): object => ({
  data: [values],
  trigger: triggersOf(settings),
});

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const json = bodyOf(api.settings, values);
  const answer = await api.ask({ method: 'POST', path: path(api.settings, module), json, writes: true });
  return { module, id: idOf(answer) };
}

/**
 * Makes a record, unless one with a value is there that may be there once only. A refusal may come with any status: as
 * one row of many it is even a success.
 */
export async function createOnce(
  api: CrmApi<Settings>,
  module: string,
  values: FieldValues,
): Promise<{ readonly ref: RecordRef } | { readonly duplicate: Problem }> {
  const json = bodyOf(api.settings, values);
  const expect = [200, 201, 202, 207, 400];
  const answer = await api.ask({ method: 'POST', path: path(api.settings, module), json, expect, writes: true });
  const problem = problemOf(answer);
  if (problem === undefined && answer.status < 400) return { ref: { module, id: idOf(answer) } };
  if (problem?.code === 'DUPLICATE_DATA') return { duplicate: problem };
  throw refused(answer.status, problem);
}

function refused(status: number, problem: Problem | undefined): Failure {
  if (problem === undefined)
    return new Failure('permanent', `http_${status}`, 'Zoho CRM refused it without a word', { status });
  const { class: failureClass, code, message, waitMs } = meaningOf(problem);
  return new Failure(failureClass, code, message, {
    status,
    ...(waitMs === undefined ? {} : { retryAt: new Date(Date.now() + waitMs) }),
  });
}

const idOf = ({ json }: CrmAnswer): string => written.parse(json).data[0]?.details.id ?? '';

export async function update(api: CrmApi<Settings>, { module, id }: RecordRef, values: FieldValues): Promise<void> {
  const json = bodyOf(api.settings, values);
  await api.ask({ method: 'PUT', path: path(api.settings, module, id), json, writes: true });
}

/** The field has to be one whose values are unique, or one that the module is checked for duplicates by, as `Email`. */
export async function upsert(
  api: CrmApi<Settings>,
  { module, field, value }: UpsertKey,
  values: FieldValues,
): Promise<RecordRef> {
  const json = { ...bodyOf(api.settings, { ...values, [field]: value }), duplicate_check_fields: [field] };
  const answer = await api.ask({ method: 'POST', path: path(api.settings, module, 'upsert'), json, writes: true });
  return { module, id: idOf(answer) };
}

/** Nothing tells two notes apart: without an answer it may be there twice. */
export async function attachNote(api: CrmApi<Settings>, to: RecordRef, text: string): Promise<void> {
  const parent = { module: { api_name: to.module }, id: to.id };
  const note = { Note_Content: cutText(text, mostNote), Parent_Id: parent };
  await api.ask({ method: 'POST', path: path(api.settings, 'Notes'), json: { data: [note] }, writes: true });
}
