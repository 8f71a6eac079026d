import type { Added, DatabaseOfTenant } from '@patchcord/contacts';
import type { Campaign, Contact, ContactDatabase } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import type { FastifyRequest } from 'fastify';
import { contactDatabaseOf } from '../usecases/contact-database.ts';
import { type OmniLeadsDeps, path } from './deps.ts';
import { type Fields, fieldsOf, idOut, refuse, textOf } from './fields.ts';
import { schemas } from './schemas.ts';
import { campaignOf, spaceOf } from './who.ts';

const tags = ['omnileads'];
const config = { originalStatus: 400 };

/** `POST /api/v1/campaign/database_metadata/` and `POST /api/v1/new_contact/`. */
export function registerContactPaths(app: HttpServer, deps: Pick<OmniLeadsDeps, 'config' | 'contacts'>): void {
  const metadata = { summary: 'OMniLeads: the columns of the contacts of a campaign', tags, ...schemas.metadata };
  const reading = requireScope('contacts:read');
  const url = '/api/v1/campaign/database_metadata/';
  path(app, { method: 'POST', url, onRequest: reading, schema: metadata, config }, async (request) => {
    const [identity, fields] = [identityOf(request), fieldsOf(request)];
    const campaign = campaignOf(identity, spaceOf(deps, identity, fields), fields);
    const { columns, phoneColumns, externalIdColumn } = databaseOf(deps, identity, campaign).database;
    return { status: 'OK', fields: columns, main_phone: phoneColumns[0], external_id: externalIdColumn ?? null };
  });

  const created = { summary: 'OMniLeads: a new contact of a campaign', tags, ...schemas.newContact };
  const create = {
    method: 'POST',
    url: '/api/v1/new_contact/',
    onRequest: mayAddContacts,
    schema: created,
    config,
  } as const;
  path(app, create, async (request) => {
    const [identity, fields] = [identityOf(request), fieldsOf(request)];
    const campaign = campaignOf(identity, spaceOf(deps, identity, fields), fields);
    const where = databaseOf(deps, identity, campaign);
    const added = await deps.contacts.add(where, columnsIn(fields));
    refuseTaken(where.database, added, { repeatable: false });
    const { contact } = added;
    return {
      status: 'OK',
      message: 'contact added',
      id: idOut(contact.contactId),
      contacto: rowOf(where.database, contact),
    };
  });
}

/** Agents who logged in could always add contacts to their campaigns; tokens need the scope for it. */
export async function mayAddContacts(request: FastifyRequest): Promise<void> {
  const { userId, agentId } = identityOf(request);
  if (userId === undefined || agentId === undefined) await requireScope('contacts:write')(request);
}

/** The contacts of a campaign. @throws InvalidInput when it has none */
export function databaseOf(
  { config }: Pick<OmniLeadsDeps, 'config'>,
  { tenantId }: Identity,
  campaign: Campaign,
): DatabaseOfTenant {
  if (campaign.database === undefined) return refuse('idCampaign', 'expected a campaign with a database of contacts');
  return contactDatabaseOf(config, tenantId, campaign.database);
}

/** What is not about the contact, and how the original's form was told that a number may come twice. */
const noColumns = new Set(['idExternalSystem', 'idCampaign', 'confirmar_duplicado']);

/** Everything that is sent is a column: one that the database does not have is refused by its name. */
function columnsIn(fields: Fields): Record<string, string> {
  const names = [...fields.keys()].filter((name) => !noColumns.has(name));
  return Object.fromEntries(names.map((name) => [name, textOf(fields, name) ?? '']));
}

/**
 * Refuses a contact whose external id another has. `repeatable`: the very same contact again is let through, so that a
 * request that was half done can be done again.
 */
export function refuseTaken(
  { externalIdColumn }: ContactDatabase,
  { outcome, contact }: Added,
  { repeatable, field = externalIdColumn ?? 'contacto' }: { readonly repeatable: boolean; readonly field?: string },
): void {
  const same = outcome === 'unchanged' && (repeatable || contact.externalId === undefined);
  if (outcome === 'added' || same) return;
  refuse(field, `expected an id that no contact has yet, not "${contact.externalId}"`);
}

const rowOf = ({ columns }: ContactDatabase, { values }: Contact): Record<string, string | null> =>
  Object.fromEntries(columns.map((name) => [name, values[name] ?? null]));
