import type { Bus, ConfigStore } from '@patchcord/bus';
import type { Contacts, DatabaseOfTenant } from '@patchcord/contacts';
import { type Contact, campaignOf, Failure, type Session } from '@patchcord/contracts';
import { readCall } from './call-values.ts';
import { contactDatabaseOf } from './contact-database.ts';
import { addContact } from './write-contact.ts';

export interface DeskContactDeps {
  readonly bus: Bus;
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly contacts: Pick<Contacts, 'add' | 'find' | 'get' | 'linkCall' | 'linkOf'>;
}

/** An agent's part of a call, and whom it is about. */
export interface OfCall {
  readonly tenantId: string;
  readonly agentId: string;
  readonly callId: string;
}

/** Whom a call may be about. */
export interface CallContacts {
  /** What can be said of a contact; absent: the campaign of the call has no contact database. */
  readonly database?: {
    readonly id: string;
    readonly name: string;
    readonly columns: readonly string[];
    readonly phoneColumns: readonly string[];
  };
  /** The other side's number; absent: it is hidden. */
  readonly number?: string;
  /** Told, or the only one that fits. */
  readonly contact?: Contact;
  /** Who has the number, where nobody said which one it is. */
  readonly candidates: readonly Contact[];
}

/** Long enough for a disposition that is corrected after some days. */
const linkedForMs = 7 * 24 * 3_600_000;

/**
 * Whom an agent's call is about: who was told, else all who have the number.
 *
 * @throws Failure permanent `not_found` | `forbidden`
 */
export async function readCallContacts(deps: DeskContactDeps, of: OfCall): Promise<CallContacts> {
  const session = await ownCall(deps, of);
  const where = databaseOf(deps, session);
  const number = customerNumber(session);
  if (where === undefined) return { candidates: [], ...(number === undefined ? {} : { number }) };
  const { id, name, columns, phoneColumns } = where.database;
  const shown = { database: { id, name, columns, phoneColumns }, ...(number === undefined ? {} : { number }) };
  const linked = await linkedContact(deps, of);
  if (linked !== undefined) return { ...shown, contact: linked, candidates: [] };
  const candidates = number === undefined ? [] : (await deps.contacts.find(where, number)).contacts;
  const [only, ...others] = candidates;
  return only !== undefined && others.length === 0
    ? { ...shown, contact: only, candidates: [] }
    : { ...shown, candidates };
}

/** Says which contact it is. @throws Failure permanent `not_found` | `forbidden` | `conflict` */
export async function chooseContact(deps: DeskContactDeps, of: OfCall, contactId: string): Promise<Contact> {
  const where = demandDatabase(deps, await ownCall(deps, of));
  const databaseId = where.database.id;
  const contact = await deps.contacts.get(of.tenantId, databaseId, contactId);
  if (contact === undefined) {
    const message = `there is no contact "${contactId}" in the database "${databaseId}": expected one that is there`;
    throw new Failure('permanent', 'not_found', message);
  }
  await deps.contacts.linkCall(of.tenantId, of.callId, { databaseId, contactId }, linkedForMs);
  return contact;
}

/** Adds who calls to the contacts, and says that it is him. Told again it is the same contact. @throws as addContact */
export async function addCaller(
  deps: DeskContactDeps,
  of: OfCall,
  values: Readonly<Record<string, string>>,
): Promise<{ outcome: 'added' | 'unchanged'; contact: Contact }> {
  const where = demandDatabase(deps, await ownCall(deps, of));
  const added = await addContact(deps.contacts, where, values);
  const { databaseId, contactId } = added.contact;
  await deps.contacts.linkCall(of.tenantId, of.callId, { databaseId, contactId }, linkedForMs);
  return added;
}

async function ownCall({ bus }: DeskContactDeps, { tenantId, agentId, callId }: OfCall): Promise<Session> {
  const session = await readCall(bus, { tenantId, callId });
  if (session.interactions.some(({ agent }) => agent.agentId === agentId)) return session;
  throw new Failure('permanent', 'forbidden', `agent "${agentId}" has no part in the call "${callId}"`);
}

function databaseOf({ config }: DeskContactDeps, session: Session): DatabaseOfTenant | undefined {
  const id = campaignOf(config.tenant(session.tenantId), session)?.database;
  return id === undefined ? undefined : contactDatabaseOf(config, session.tenantId, id);
}

function demandDatabase(deps: DeskContactDeps, session: Session): DatabaseOfTenant {
  const where = databaseOf(deps, session);
  if (where !== undefined) return where;
  throw new Failure('permanent', 'conflict', 'the campaign of this call has no contact database: give it one first');
}

async function linkedContact(
  { contacts }: DeskContactDeps,
  { tenantId, callId }: OfCall,
): Promise<Contact | undefined> {
  const link = await contacts.linkOf(tenantId, callId);
  return link === undefined ? undefined : contacts.get(tenantId, link.databaseId, link.contactId);
}

const customerNumber = ({ direction, ani, dnis }: Session): string | undefined =>
  direction === 'outbound' ? dnis : ani;
