import type { ConfigStore } from '@patchcord/bus';
import type { Contacts } from '@patchcord/contacts';
import { asFailure, type Contact, Failure, type Session, type TenantConfig } from '@patchcord/contracts';
import { normaliseNumber } from '@patchcord/expressions';
import { databaseOf, regionOf } from '../domain/facts.ts';
import type { Occasion } from '../domain/firings.ts';

/** None, the one it is about, or several that fit, of which none was chosen. */
export type FoundContacts = readonly Contact[];

export type FindContacts = (occasion: Occasion) => Promise<FoundContacts>;

export interface FindContactsOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly contacts: Pick<Contacts, 'linkOf' | 'get' | 'find'>;
}

/**
 * Whom an occasion is about: the contact it names, else the one its call is linked to, else who has the customer's
 * number in the campaign's database.
 *
 * @throws Failure own-trouble: nobody is not the same as not being able to look
 */
export function createFindContacts({ config, contacts }: FindContactsOptions): FindContacts {
  const seek = async (occasion: Occasion): Promise<FoundContacts> => {
    const { tenantId, campaign, contactId, callId, session } = occasion;
    const entities = config.tenant(tenantId);
    if (entities['contact-database'].size === 0) return [];
    if (contactId !== undefined && campaign.database !== undefined)
      return listOf(await contacts.get(tenantId, campaign.database, contactId));
    const link = callId === undefined ? undefined : await contacts.linkOf(tenantId, callId);
    const linked = link === undefined ? undefined : await contacts.get(tenantId, link.databaseId, link.contactId);
    if (linked !== undefined) return [linked];
    const number = session === undefined ? undefined : customerNumber(session, entities);
    const database = databaseOf(entities, campaign);
    if (number === undefined || database === undefined) return [];
    return (await contacts.find({ tenantId, database, region: regionOf(entities) }, number)).contacts;
  };
  return (occasion) =>
    seek(occasion).catch((error: unknown) => {
      const failure = asFailure(error);
      if (failure.class !== 'defect') throw failure;
      throw new Failure('own-trouble', 'contacts_unavailable', 'contacts could not be looked up', { cause: error });
    });
}

const listOf = (contact: Contact | undefined): FoundContacts => (contact === undefined ? [] : [contact]);

/** The other side's number, where it is a number that people have: not hidden, and no extension. */
function customerNumber({ direction, ani, dnis }: Session, config: TenantConfig): string | undefined {
  const number = direction === 'outbound' ? dnis : ani;
  if (number === undefined || direction === 'internal') return undefined;
  return normaliseNumber(number, regionOf(config)).kind === 'number' ? number : undefined;
}
