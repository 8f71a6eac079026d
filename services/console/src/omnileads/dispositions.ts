import { type Campaign, type DispositionEntry, decodeToken, encodeToken, isFailure } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { contactIn, type IdSpace, worksOn } from '../domain/external-ids.ts';
import { ownDisposition } from '../routes/dispositions.ts';
import { databaseOf, mayAddContacts, refuseTaken } from './contacts.ts';
import { type OmniLeadsDeps, path } from './deps.ts';
import { type Fields, fieldsOf, idOut, refuse, requiredText, textOf } from './fields.ts';
import { schemas } from './schemas.ts';
import { agentOf, spaceOf } from './who.ts';

type Deps = Pick<OmniLeadsDeps, 'config' | 'contacts' | 'dispositions'>;

const tags = ['omnileads'];
const reading = requireScope('dispositions:read');
const writing = requireScope('dispositions:write');
const config = { flatErrors: true, originalStatus: 400 };
const listed = 500;
const list = '/api/v1/disposition/';
const one = '/api/v1/disposition/:id/';

/** `/api/v1/disposition/` and `/api/v1/new_contact/disposition/`. */
export function registerDispositionPaths(app: HttpServer, deps: Deps): void {
  registerReading(app, deps);
  registerWriting(app, deps);
}

function registerReading(app: HttpServer, { dispositions }: Deps): void {
  const all = { summary: 'OMniLeads: the dispositions of the agent', tags, ...schemas.dispositions };
  path(app, { method: 'GET', url: list, onRequest: reading, schema: all, config }, async (request) => {
    const { tenantId, agentId } = identityOf(request);
    return (await dispositions.list({ tenantId, agentId, limit: listed })).map(dispositionOut);
  });
  const single = { summary: 'OMniLeads: one disposition of the agent', tags, ...schemas.disposition };
  path(app, { method: 'GET', url: one, onRequest: reading, schema: single, config }, async (request) =>
    dispositionOut(await ownDisposition(dispositions, identityOf(request), idIn(request.params))),
  );
}

function registerWriting(app: HttpServer, deps: Deps): void {
  const create = { summary: 'OMniLeads: the disposition of a contact', tags, ...schemas.create };
  path(app, { method: 'POST', url: list, onRequest: writing, schema: create, config }, async (request, reply) => {
    const entry = await createDisposition(deps, identityOf(request), fieldsOf(request));
    return reply.status(201).send(dispositionOut(entry));
  });
  const put = { summary: 'OMniLeads: another disposition in the place of one', tags, ...schemas.change };
  path(app, { method: 'PUT', url: one, onRequest: writing, schema: put, config }, async (request) =>
    dispositionOut(
      await changeDisposition(deps, identityOf(request), { id: idIn(request.params), fields: fieldsOf(request) }),
    ),
  );
  const fresh = { summary: 'OMniLeads: a new contact and its disposition', tags, ...schemas.newContactDisposition };
  const onRequest = [writing, mayAddContacts];
  const url = '/api/v1/new_contact/disposition/';
  path(app, { method: 'POST', url, onRequest, schema: fresh, config }, async (request, reply) => {
    const entry = await disposeNewContact(deps, identityOf(request), fieldsOf(request));
    return reply.status(201).send(dispositionOut(entry));
  });
}

const idIn = (params: unknown): string => (params as { readonly id: string }).id;

async function createDisposition(deps: Deps, identity: Identity, fields: Fields): Promise<DispositionEntry> {
  const space = spaceOf(deps, identity, fields);
  const agentId = agentOf(identity, space, fields);
  const contactGiven = requiredText(fields, 'idContact', 'idContacto');
  const candidates = campaignsWith(identity, space, fields);
  const pairs = await Promise.all(
    candidates.map(async (campaign) => ({
      campaign,
      contact: await contactIn(space, { campaign, contacts: deps.contacts }, contactGiven),
    })),
  );
  const known = pairs.flatMap(({ campaign, contact }) =>
    contact.ok ? [{ campaign, contactId: contact.value.contactId }] : [],
  );
  if (known.length === 0)
    return refuse('idContact', `expected a contact of the campaign, and there is none "${contactGiven}"`);
  const { campaign, contactId } = onlyOne(known);
  return deps.dispositions.create({ ...said(identity, fields), agentId, campaignId: campaign.id, contactId });
}

async function changeDisposition(
  deps: Deps,
  identity: Identity,
  { id, fields }: { readonly id: string; readonly fields: Fields },
): Promise<DispositionEntry> {
  const entry = await ownDisposition(deps.dispositions, identity, id);
  const space = spaceOf(deps, identity, fields);
  await refuseOtherContact(deps, space, { entry, fields });
  const { tenantId, disposition, withoutForm } = said(identity, fields);
  const by = { agentId: agentOf(identity, space, fields), onlyOf: identity.agentId };
  return deps.dispositions.change({ tenantId, dispositionId: id, disposition, withoutForm, ...by });
}

/** A disposition stays with its contact. The original let it go to another who had none. */
async function refuseOtherContact(
  { contacts }: Deps,
  space: IdSpace,
  { entry, fields }: { readonly entry: DispositionEntry; readonly fields: Fields },
): Promise<void> {
  const given = textOf(fields, 'idContact', 'idContacto');
  const campaign = space.config.campaign.get(entry.campaignId ?? '');
  if (given === undefined || given === entry.contactId) return;
  const meant = campaign === undefined ? undefined : await contactIn(space, { campaign, contacts }, given);
  if (meant?.ok === true && meant.value.contactId === entry.contactId) return;
  refuse('idContact', 'expected the contact of the disposition: it cannot go to another');
}

async function disposeNewContact(deps: Deps, identity: Identity, fields: Fields): Promise<DispositionEntry> {
  const space = spaceOf(deps, identity, fields);
  const agentId = agentOf(identity, space, fields);
  const campaign = onlyOne(campaignsWith(identity, space, fields).map((one) => ({ campaign: one }))).campaign;
  const where = databaseOf(deps, identity, campaign);
  const { columns, phoneColumns, externalIdColumn } = where.database;
  const externalId = textOf(fields, 'idExternalContact');
  if (externalId !== undefined && externalIdColumn === undefined) {
    refuse('idExternalContact', `expected no external id: the database "${where.database.id}" has no column for it`);
  }
  const named = new Map(columns.map((name) => [name, textOf(fields, name) ?? '']));
  const phone =
    textOf(fields, 'phone') ??
    (named.get(phoneColumns[0] ?? '') || refuse('phone', 'expected a value: the field is required'));
  named.set(phoneColumns[0] ?? '', phone);
  if (externalIdColumn !== undefined && externalId !== undefined) named.set(externalIdColumn, externalId);
  const added = await addContact(deps, where, Object.fromEntries(named));
  // A request that was half done has left the contact: it goes on from there.
  refuseTaken(where.database, added, { repeatable: true, field: 'idExternalContact' });
  const { contactId } = added.contact;
  return deps.dispositions.create({ ...said(identity, fields), agentId, campaignId: campaign.id, contactId });
}

/** What is wrong with the main phone is said of `phone`, by which it came. */
async function addContact(
  { contacts }: Deps,
  where: Parameters<Deps['contacts']['add']>[0],
  values: Record<string, string>,
) {
  try {
    return await contacts.add(where, values);
  } catch (error) {
    const [main] = where.database.phoneColumns;
    const issues = isFailure(error) && 'issues' in error && Array.isArray(error.issues) ? error.issues : [];
    for (const issue of issues as { path: string; message: string }[])
      if (issue.path === main) refuse('phone', issue.message);
    throw error;
  }
}

/** The same for every way to say it. Forms are not among the fields, so none is demanded. */
function said({ tenantId }: Identity, fields: Fields) {
  const comments = textOf(fields, 'comments');
  const callId = textOf(fields, 'callid');
  const optionId = requiredText(fields, 'idDispositionOption');
  return {
    tenantId,
    disposition: { optionId, ...(comments === undefined ? {} : { comments }) },
    ...(callId === undefined ? {} : { callId: callIdIn(callId) }),
    withoutForm: true,
  };
}

/**
 * Campaigns that have the option and on which whoever asks works. In the original an option was of one campaign; here
 * `idCampaign` says which, where several have one of this id.
 */
function campaignsWith(identity: Identity, space: IdSpace, fields: Fields): [Campaign, ...Campaign[]] {
  const optionId = requiredText(fields, 'idDispositionOption');
  const wanted = textOf(fields, 'idCampaign');
  const ids = ({ id, external }: Campaign) =>
    space.system === undefined ? [id] : external?.system === space.system ? [id, external.id] : [id];
  const [first, ...others] = [...space.config.campaign.values()]
    .filter((campaign) => campaign.dispositions.some(({ id }) => id === optionId))
    .filter((campaign) => worksOn(campaign, identity.agentId))
    .filter((campaign) => wanted === undefined || ids(campaign).includes(wanted));
  if (first !== undefined) return [first, ...others];
  return refuse(
    'idDispositionOption',
    `expected an option of a campaign of the agent, and there is none "${optionId}"`,
  );
}

function onlyOne<Of extends { readonly campaign: Campaign }>(found: readonly Of[]): Of {
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const ids = found.map(({ campaign }) => `"${campaign.id}"`).join(', ');
  return refuse('idDispositionOption', `expected "idCampaign" too: the campaigns ${ids} have an option of this id`);
}

/** Ours is a token already; a PBX's own id of a call, e.g. `1795218080.1608`, is made one. */
const callIdIn = (text: string): string => (/^c-[A-Za-z0-9_-]+$/.test(text) ? text : encodeToken(text));
const callIdOut = (callId: string): string => (callId.startsWith('c-') ? callId : decodeToken(callId));

const dispositionOut = ({ dispositionId, contactId, callId, disposition }: DispositionEntry) => ({
  id: idOut(dispositionId),
  idContact: contactId === undefined ? null : idOut(contactId),
  callid: callId === undefined ? null : callIdOut(callId),
  idDispositionOption: idOut(disposition.optionId),
  comments: disposition.comments ?? '',
});
