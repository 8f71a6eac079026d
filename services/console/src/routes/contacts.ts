import type { ConfigStore } from '@patchcord/bus';
import type { Contacts, DatabaseOfTenant } from '@patchcord/contacts';
import { contact, contactMatch, Failure, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { contactDatabaseOf } from '../usecases/contact-database.ts';
import { addContact, changeContact } from '../usecases/write-contact.ts';
import { limitText } from './limit-text.ts';

export interface ContactRoutes {
  readonly config: ConfigStore;
  readonly contacts: Contacts;
}

const tags = ['contacts'];
const reading = requireScope('contacts:read');
const writing = requireScope('contacts:write');
const base = '/v1/contact-databases/:id';
const ofDatabase = z.object({ id: token });
const ofContact = z.object({ id: token, contactId: token });
const body = z.strictObject({
  values: z.record(z.string(), z.string()).meta({ description: 'Column to value; empty ones may be left out' }),
});

/** Contacts: added, found by number or external id, listed, changed, removed; and linked to calls. */
export function registerContacts(app: HttpServer, routes: ContactRoutes): void {
  registerMetadata(app, routes);
  registerFinding(app, routes);
  registerOne(app, routes);
  registerWriting(app, routes);
  registerLinks(app, routes.contacts);
}

function registerMetadata(app: HttpServer, { config, contacts }: ContactRoutes): void {
  const response = z.object({
    id: token,
    name: z.string(),
    columns: z.array(z.string()),
    mainPhone: z.string(),
    phoneColumns: z.array(z.string()),
    externalIdColumn: z.string().optional(),
    lastDigits: z.number(),
    /** How many there are. */
    contacts: z.number(),
  });
  const schema = { summary: 'Columns of a contact database', tags, params: ofDatabase, response: { 200: response } };
  app.get(`${base}/metadata`, { onRequest: reading, schema }, async ({ tenantId, params }) => {
    const { database } = contactDatabaseOf(config, tenantId, params.id);
    const [mainPhone = ''] = database.phoneColumns;
    return { ...database, mainPhone, contacts: await contacts.count(tenantId, params.id) };
  });
}

function registerFinding(app: HttpServer, { config, contacts }: ContactRoutes): void {
  const querystring = z.object({
    phone: z.string().max(256).optional().meta({ description: 'All who have this number, in any form' }),
    externalId: z.string().max(256).optional(),
    cursor: z
      .string()
      .regex(/^\d{1,20}$/, 'expected the cursor of the page before')
      .refine((text) => /^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n, 'expected the cursor of the page before')
      .optional(),
    limit: limitText,
  });
  const page = z.object({
    contacts: z.array(contact).readonly(),
    match: contactMatch.optional().meta({ description: 'How the number was found' }),
    more: z.boolean().optional().meta({ description: 'More than 50 have the number' }),
    cursor: z.string().optional().meta({ description: 'Where the next page begins; absent on the last' }),
  });
  const summary = 'Contacts by number, by external id, or all in pages of about `limit`';
  const schema = { summary, tags, params: ofDatabase, querystring, response: { 200: page } };
  app.get(`${base}/contacts`, { onRequest: reading, schema }, async ({ tenantId, params: { id }, query }) => {
    const where = contactDatabaseOf(config, tenantId, id);
    const { phone, externalId, cursor, limit } = query;
    if (phone !== undefined && externalId !== undefined) {
      throw new Failure('permanent', 'invalid_request', 'expected phone or externalId, not both');
    }
    if (phone !== undefined) return contacts.find(where, phone);
    if (externalId === undefined) return contacts.list(tenantId, id, { limit, ...(cursor && { cursor }) });
    const found = await contacts.byExternalId(tenantId, id, externalId);
    return { contacts: found === undefined ? [] : [found] };
  });
}

function registerOne(app: HttpServer, { config, contacts }: ContactRoutes): void {
  const get = { summary: 'One contact', tags, params: ofContact, response: { 200: contact } };
  app.get(`${base}/contacts/:contactId`, { onRequest: reading, schema: get }, async ({ tenantId, params }) => {
    const where = contactDatabaseOf(config, tenantId, params.id);
    return (await contacts.get(tenantId, params.id, params.contactId)) ?? nobody(where, params.contactId);
  });

  const remove = { summary: 'Removes a contact', tags, params: ofContact };
  app.delete(`${base}/contacts/:contactId`, { onRequest: writing, schema: remove }, async (request, reply) => {
    const { tenantId, params } = request;
    const where = contactDatabaseOf(config, tenantId, params.id);
    if (await contacts.remove(tenantId, params.id, params.contactId)) return reply.status(204).send();
    return nobody(where, params.contactId);
  });
}

function nobody({ database }: DatabaseOfTenant, contactId: string): never {
  throw new Failure('permanent', 'not_found', `there is no contact "${contactId}" in the database "${database.id}"`);
}

function registerWriting(app: HttpServer, { config, contacts }: ContactRoutes): void {
  const added = z.object({ outcome: z.enum(['added', 'unchanged']), contact });
  const post = {
    summary: 'Adds a contact; the same external id, or without one the same values, is the same contact',
    tags,
    params: ofDatabase,
    body,
    response: { 200: added, 201: added },
  };
  app.post(`${base}/contacts`, { onRequest: writing, schema: post }, async (request, reply) => {
    const where = contactDatabaseOf(config, request.tenantId, request.params.id);
    const result = await addContact(contacts, where, request.body.values);
    return reply.status(result.outcome === 'added' ? 201 : 200).send(result);
  });

  const changed = z.object({ outcome: z.enum(['updated', 'unchanged']), contact });
  const put = { summary: 'Replaces all values of a contact', tags, params: ofContact, body };
  const schema = { ...put, response: { 200: changed } };
  app.put(`${base}/contacts/:contactId`, { onRequest: writing, schema }, async ({ tenantId, params, body }) =>
    changeContact(contacts, contactDatabaseOf(config, tenantId, params.id), { ...params, ...body }),
  );
}

/** Long enough for a disposition that is corrected after some days. */
const linkedForMs = 7 * 24 * 3_600_000;

function registerLinks(app: HttpServer, contacts: Contacts): void {
  const params = z.object({ callId: token });
  const ref = z.object({ databaseId: token, contactId: token });
  const put = {
    summary: 'Tells whom a call is about, for 7 days',
    tags,
    params,
    body: ref,
    response: { 200: contact },
  };
  app.put('/v1/calls/:callId/contact', { onRequest: writing, schema: put }, async ({ tenantId, params, body }) => {
    const found = await contacts.get(tenantId, body.databaseId, body.contactId);
    if (found === undefined) {
      const message = `there is no contact "${body.contactId}" in the database "${body.databaseId}": expected one that is there`;
      throw new Failure('permanent', 'not_found', message);
    }
    await contacts.linkCall(tenantId, params.callId, body, linkedForMs);
    return found;
  });

  const get = { summary: 'Whom a call was told to be about', tags, params, response: { 200: contact } };
  app.get(
    '/v1/calls/:callId/contact',
    { onRequest: reading, schema: get },
    async ({ tenantId, params: { callId } }) => {
      const link = await contacts.linkOf(tenantId, callId);
      const found = link && (await contacts.get(tenantId, link.databaseId, link.contactId));
      if (found !== undefined) return found;
      throw new Failure('permanent', 'not_found', `the call "${callId}" is linked to no contact`);
    },
  );
}
