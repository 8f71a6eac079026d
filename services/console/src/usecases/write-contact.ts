import type { Contacts, ContactValues, DatabaseOfTenant } from '@patchcord/contacts';
import { type Contact, Failure } from '@patchcord/contracts';

/** @throws Failure permanent `invalid_request` with issues by column | `already_exists` */
export async function addContact(
  contacts: Pick<Contacts, 'add'>,
  where: DatabaseOfTenant,
  values: ContactValues,
): Promise<{ outcome: 'added' | 'unchanged'; contact: Contact }> {
  const { outcome, contact } = await contacts.add(where, values);
  if (outcome !== 'exists') return { outcome, contact };
  const message = `"${where.database.externalIdColumn}": "${contact.externalId}" is the contact "${contact.contactId}" already: change that one, or expected an id that is not used`;
  throw new Failure('permanent', 'already_exists', message);
}

/** @throws Failure permanent `invalid_request` with issues by column | `not_found` | `conflict` */
export async function changeContact(
  contacts: Pick<Contacts, 'update'>,
  where: DatabaseOfTenant,
  { contactId, values }: { readonly contactId: string; readonly values: ContactValues },
): Promise<{ outcome: 'updated' | 'unchanged'; contact: Contact }> {
  const updated = await contacts.update(where, contactId, values);
  if ('contact' in updated) return updated;
  const { id, externalIdColumn } = where.database;
  if (updated.outcome === 'missing') {
    throw new Failure('permanent', 'not_found', `there is no contact "${contactId}" in the database "${id}"`);
  }
  const why =
    updated.outcome === 'external-id-fixed'
      ? 'expected the external id the contact has, which never changes: to give it another, remove it and add it again'
      : 'another contact has this external id: expected one that is not used';
  throw new Failure('permanent', 'conflict', `"${externalIdColumn}": ${why}`);
}
