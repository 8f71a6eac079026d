import { Failure } from '@patchcord/contracts';
import type { CrmRecord } from './port.ts';
import type { CrmUser, RecordPage, UserPage } from './port-lists.ts';
import { textOf } from './values.ts';

/** Pages in the order of ids, each behind the last id of the one before: what is deleted meanwhile moves nothing. */
export function pageById(records: readonly CrmRecord[], limit: number): RecordPage {
  const last = records.at(-1);
  return records.length < limit || last === undefined ? { records } : { records, next: last.id };
}

/** Pages by number of records passed over. What is deleted meanwhile lets another one be passed over. */
export function pageByOffset(records: readonly CrmRecord[], { offset, limit }: OffsetPage): RecordPage {
  return records.length < limit ? { records } : { records, next: String(offset + limit) };
}

export interface OffsetPage {
  readonly offset: number;
  readonly limit: number;
}

/** How many records a cursor passes over. */
export function offsetOf(cursor = '0'): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new Failure('permanent', 'crm_cursor', 'the list cannot go on from there: expected a number of records');
}

/** How the users of a CRM stand among its records. */
interface UserFields {
  readonly email?: string;
  readonly username?: string;
  readonly isActive: (fields: CrmRecord['fields']) => boolean;
}

/** Users that are records like others. */
export function usersOf({ records, next }: RecordPage, { email, username, isActive }: UserFields): UserPage {
  const users = records.map(({ id, name, fields }): CrmUser => {
    const said = (field: string | undefined): string => (field === undefined ? '' : textOf(fields[field]));
    return {
      id,
      name: name || said(username) || id,
      ...(said(email) === '' ? {} : { email: said(email) }),
      ...(said(username) === '' ? {} : { username: said(username) }),
      active: isActive(fields),
    };
  });
  return { users, ...(next === undefined ? {} : { next }) };
}

/** So many users are asked for at once. */
export const usersAtOnce = 100;
