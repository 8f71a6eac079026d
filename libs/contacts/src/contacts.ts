import type { Contact, ContactDatabase, ContactMatch } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { idOfExternal, schemaOf } from './identity.ts';
import { databaseKeys, linkKey } from './keys.ts';
import { indexedNumber } from './number-index.ts';
import { type ContactValues, type DatabaseOfTenant, type PreparedContact, requireContact } from './prepare.ts';
import { fromRedis, script } from './redis.ts';
import { createRowReader, type RowReader } from './rows.ts';
import { findScript, removeScript, writeScript } from './scripts.ts';

/** A contact that a call is about. */
export interface ContactRef {
  readonly databaseId: string;
  readonly contactId: string;
}

export interface Found {
  /** How they were found; absent when nobody was. */
  readonly match?: ContactMatch;
  /** All that match in this way, in the order of their ids; 50 at most. */
  readonly contacts: readonly Contact[];
  /** There are more than these. */
  readonly more: boolean;
}

/** `exists`: there is a contact with this external id and other values; it was not changed. */
export interface Added {
  readonly outcome: 'added' | 'unchanged' | 'exists';
  readonly contact: Contact;
}

/**
 * `external-id-fixed`: the contact has an external id, and a contact's external id never changes. `external-id-taken`:
 * another contact has it.
 */
export type Updated =
  | { readonly outcome: 'updated' | 'unchanged'; readonly contact: Contact }
  | { readonly outcome: 'missing' | 'external-id-fixed' | 'external-id-taken' };

export interface Page {
  readonly contacts: readonly Contact[];
  /** Where the next page begins; absent after the last one. */
  readonly cursor?: string;
}

/** What became of each contact of a batch, in its order. */
export type Written = 'added' | 'updated' | 'unchanged';

export interface Contacts {
  /**
   * Adds a contact. The same external id, or without one the same values, is the same contact: adding it twice adds it
   * once.
   *
   * @throws Failure permanent `invalid_request` with `issues` by column
   */
  add(where: DatabaseOfTenant, values: ContactValues): Promise<Added>;
  /** Many at once: `update` changes those that are there and have an external id. */
  write(
    where: DatabaseOfTenant,
    contacts: readonly PreparedContact[],
    options: { update: boolean },
  ): Promise<Written[]>;
  get(tenantId: string, databaseId: string, contactId: string): Promise<Contact | undefined>;
  byExternalId(tenantId: string, databaseId: string, externalId: string): Promise<Contact | undefined>;
  /**
   * Who has this number: by E.164; if nobody, by the number within the country; if nobody, by the last digits
   * (`lastDigits` of the database). Hidden numbers, extensions and names find nobody.
   */
  find(where: DatabaseOfTenant, number: string): Promise<Found>;
  /** Replaces all values of a contact. @throws Failure permanent `invalid_request` with `issues` by column */
  update(where: DatabaseOfTenant, contactId: string, values: ContactValues): Promise<Updated>;
  /** False when there was none. */
  remove(tenantId: string, databaseId: string, contactId: string): Promise<boolean>;
  count(tenantId: string, databaseId: string): Promise<number>;
  /**
   * All contacts in no order, about `limit` a page (a small database comes as one page). What is there from the first
   * page to the last is listed; what is written meanwhile may be listed, and a contact may come twice.
   */
  list(tenantId: string, databaseId: string, page: { cursor?: string; limit: number }): Promise<Page>;
  /** Remembers for `ttlMs` whom a call is about, in place of whom was remembered. */
  linkCall(tenantId: string, callId: string, ref: ContactRef, ttlMs: number): Promise<void>;
  linkOf(tenantId: string, callId: string): Promise<ContactRef | undefined>;
}

const maxFound = 50;
const write = script(writeScript);
const find = script(findScript);
const remove = script(removeScript);

/** Contact databases in Redis. */
export function createContacts(redis: Redis): Contacts {
  const reader = createRowReader(redis);
  const get: Contacts['get'] = async (tenantId, databaseId, contactId) => {
    const row = await fromRedis(redis.hget(databaseKeys(tenantId, databaseId).rows, contactId));
    return row === null ? undefined : reader.contactOf({ tenantId, databaseId, contactId, row });
  };
  return {
    add: (where, values) => add(redis, get, where, values),
    write: async (where, contacts, { update }) => {
      const outcomes = await writeMany(redis, where, { mode: update ? 'upsert' : 'add', contacts });
      return outcomes.map(([outcome]) => writtenOf[outcome] ?? 'unchanged');
    },
    get,
    byExternalId: async (tenantId, databaseId, externalId) => {
      const wanted = externalId.trim();
      const later = await fromRedis(redis.hget(databaseKeys(tenantId, databaseId).external, wanted));
      return get(tenantId, databaseId, later ?? idOfExternal(wanted));
    },
    find: (where, number) => findContacts({ redis, reader }, where, number),
    update: (where, contactId, values) => update(redis, { where, contactId, values }),
    remove: async (tenantId, databaseId, contactId) => {
      const { rows, external, numbers, shared } = databaseKeys(tenantId, databaseId);
      return (await remove(redis, [rows, external, numbers, shared], [contactId])) === 1;
    },
    count: async (tenantId, databaseId) => fromRedis(redis.hlen(databaseKeys(tenantId, databaseId).rows)),
    list: (tenantId, databaseId, page) => listContacts({ redis, reader }, { tenantId, databaseId }, page),
    linkCall: async (tenantId, callId, { databaseId, contactId }, ttlMs) => {
      const text = JSON.stringify({ databaseId, contactId });
      await fromRedis(redis.set(linkKey(tenantId, callId), text, 'PX', ttlMs));
    },
    linkOf: async (tenantId, callId) => {
      const text = await fromRedis(redis.get(linkKey(tenantId, callId)));
      return text === null ? undefined : (JSON.parse(text) as ContactRef);
    },
  };
}

const writtenOf: Readonly<Record<string, Written>> = { added: 'added', changed: 'updated' };

async function add(redis: Redis, get: Contacts['get'], where: DatabaseOfTenant, given: ContactValues): Promise<Added> {
  const contact = requireContact(where, given);
  const [[outcome, contactId] = ['', '']] = await writeMany(redis, where, { mode: 'add', contacts: [contact] });
  const asGiven = contactFrom(where.database, contact, contactId);
  if (outcome === 'added') return { outcome, contact: asGiven };
  if (outcome === 'same') return { outcome: 'unchanged', contact: asGiven };
  // Who has no external id is known by its first values: it was added and edited since, and stays as edited.
  const stored = await get(where.tenantId, where.database.id, contactId);
  return { outcome: contact.externalId === '' ? 'unchanged' : 'exists', contact: stored ?? asGiven };
}

async function update(
  redis: Redis,
  to: { where: DatabaseOfTenant; contactId: string; values: ContactValues },
): Promise<Updated> {
  const { where, contactId } = to;
  const prepared = requireContact(where, to.values);
  const contacts = [{ ...prepared, contactId }];
  const [[outcome] = ['']] = await writeMany(redis, where, { mode: 'replace', contacts });
  if (outcome === 'missing') return { outcome };
  if (outcome === 'fixed') return { outcome: 'external-id-fixed' };
  if (outcome === 'taken') return { outcome: 'external-id-taken' };
  const contact = contactFrom(where.database, prepared, contactId);
  return { outcome: outcome === 'same' ? 'unchanged' : 'updated', contact };
}

function contactFrom({ id: databaseId }: ContactDatabase, of: PreparedContact, contactId: string): Contact {
  const { externalId, values } = of;
  return { contactId, databaseId, ...(externalId === '' ? {} : { externalId }), values };
}

/** Outcome and id of each; see {@link writeScript}. */
async function writeMany(
  redis: Redis,
  { tenantId, database }: DatabaseOfTenant,
  what: { mode: 'add' | 'upsert' | 'replace'; contacts: readonly PreparedContact[] },
): Promise<[string, string][]> {
  const { rows, external, schemas, numbers, shared } = databaseKeys(tenantId, database.id);
  const { columns } = database;
  const args = what.contacts.flatMap(({ contactId, externalId, entries, row }) => [
    contactId,
    externalId,
    entries,
    row,
  ]);
  const derived = what.mode === 'replace' ? [idOfExternal(what.contacts[0]?.externalId ?? '')] : [];
  const keys = [rows, external, schemas, numbers, shared];
  const head = [what.mode, schemaOf(columns), JSON.stringify(columns)];
  const flat = (await write(redis, keys, [...head, ...args, ...derived])) as string[];
  return what.contacts.map((_, at) => [flat[at * 2] ?? '', flat[at * 2 + 1] ?? '']);
}

interface ReadDeps {
  readonly redis: Redis;
  readonly reader: RowReader;
}

async function findContacts(deps: ReadDeps, where: DatabaseOfTenant, raw: string): Promise<Found> {
  const number = indexedNumber(raw, where.region);
  if (number === undefined) return { contacts: [], more: false };
  const { tenantId, database } = where;
  const { rows, numbers, shared } = databaseKeys(tenantId, database.id);
  const args = [number.countryCode, number.national, database.lastDigits, maxFound];
  const [match, more, ...flat] = (await find(deps.redis, [rows, numbers, shared], args)) as [
    string,
    number,
    ...string[],
  ];
  const contacts = await contactsOf(deps.reader, { tenantId, databaseId: database.id }, flat);
  return { ...(match === '' ? {} : { match: match as ContactMatch }), contacts, more: more === 1 };
}

async function listContacts(
  deps: ReadDeps,
  of: { tenantId: string; databaseId: string },
  page: { cursor?: string; limit: number },
): Promise<Page> {
  const { rows } = databaseKeys(of.tenantId, of.databaseId);
  const [cursor, flat] = await fromRedis(deps.redis.hscan(rows, page.cursor ?? '0', 'COUNT', page.limit));
  const contacts = await contactsOf(deps.reader, of, flat);
  return { contacts, ...(cursor === '0' ? {} : { cursor }) };
}

/** Ids and rows in turn to contacts. */
async function contactsOf(
  reader: RowReader,
  of: { tenantId: string; databaseId: string },
  flat: readonly string[],
): Promise<Contact[]> {
  const contacts: Contact[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    contacts.push(await reader.contactOf({ ...of, contactId: flat[at] ?? '', row: flat[at + 1] ?? '' }));
  }
  return contacts;
}
