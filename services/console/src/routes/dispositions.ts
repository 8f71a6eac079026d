import type { ConfigStore } from '@patchcord/bus';
import type { Contacts } from '@patchcord/contacts';
import {
  type Campaign,
  type DispositionEntry,
  dispositionEntry,
  dispositionReply,
  dispositionRequest,
  Failure,
  token,
} from '@patchcord/contracts';
import { demandAgent, type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { agentIn, campaignIn, contactIn, type IdSpace, idSpace, named, worksOn } from '../domain/external-ids.ts';
import type { Dispositions } from '../usecases/dispositions.ts';
import { externalSystem } from './campaigns.ts';
import { limitText } from './limit-text.ts';

export interface DispositionRoutes {
  readonly config: ConfigStore;
  readonly contacts: Pick<Contacts, 'get' | 'byExternalId'>;
  readonly dispositions: Dispositions;
}

const tags = ['dispositions'];
const reading = requireScope('dispositions:read');
const writing = requireScope('dispositions:write');
const anyId = z.string().min(1).max(256);
const { disposition } = dispositionRequest.shape;
const agentId = anyId.optional().meta({ description: 'Default: the agent of the token, or of the interaction' });
const params = z.object({ dispositionId: token });

const filter = z.object({
  externalSystem,
  campaignId: anyId.optional(),
  contactId: anyId.optional().meta({ description: 'With `externalSystem` the campaign must be given too' }),
  agentId: anyId.optional(),
  limit: limitText,
});
const creation = z.strictObject({
  externalSystem,
  campaignId: anyId,
  contactId: anyId,
  agentId,
  callId: token.optional(),
  disposition,
});
const change = z.strictObject({ externalSystem, agentId, disposition });

/** Dispositions of interactions and of contacts: recorded, changed, listed. */
export function registerDispositions(app: HttpServer, routes: DispositionRoutes): void {
  registerInteraction(app, routes);
  registerReading(app, routes);
  registerWriting(app, routes);
}

function registerInteraction(app: HttpServer, { config, dispositions }: DispositionRoutes): void {
  const schema = {
    summary: 'Records or changes the disposition of an interaction',
    tags,
    params: z.object({ interactionId: token }),
    body: change,
    response: { 200: dispositionReply },
  };
  const url = '/v1/interactions/:interactionId/disposition';
  app.post(url, { onRequest: writing, schema }, async (request) => {
    const { params, body } = request;
    const identity = identityOf(request);
    const by = authorOf(identity, spaceOf(config, identity, body.externalSystem), body.agentId);
    const { tenantId } = identity;
    return dispositions.record({ tenantId, ...params, disposition: body.disposition, ...by });
  });
}

function registerReading(app: HttpServer, { config, contacts, dispositions }: DispositionRoutes): void {
  const list = {
    summary: 'Dispositions, newest change first; a token of an agent sees his own',
    tags,
    querystring: filter,
    response: { 200: z.object({ dispositions: z.array(dispositionEntry) }) },
  };
  app.get('/v1/dispositions', { onRequest: reading, schema: list }, async (request) => {
    const { query } = request;
    const identity = identityOf(request);
    const space = spaceOf(config, identity, query.externalSystem);
    const campaign = query.campaignId === undefined ? undefined : named(campaignIn(space, query.campaignId));
    const contactId = await contactIdOf({ space, campaign, contacts }, query.contactId);
    const { agentId } = authorOf(identity, space, query.agentId);
    const { tenantId } = identity;
    const asked = { tenantId, limit: query.limit, campaignId: campaign?.id, contactId, agentId };
    return { dispositions: await dispositions.list(asked) };
  });

  const one = { summary: 'One disposition', tags, params, response: { 200: dispositionEntry } };
  app.get('/v1/dispositions/:dispositionId', { onRequest: reading, schema: one }, async (request) => {
    const identity = identityOf(request);
    return ownDisposition(dispositions, identity, request.params.dispositionId);
  });
}

function registerWriting(app: HttpServer, { config, contacts, dispositions }: DispositionRoutes): void {
  const create = {
    summary: 'Records the disposition of a contact outside any call: one for each contact and campaign',
    tags,
    body: creation,
    response: { 201: dispositionEntry },
  };
  app.post('/v1/dispositions', { onRequest: writing, schema: create }, async (request, reply) => {
    const { body } = request;
    const identity = identityOf(request);
    const space = spaceOf(config, identity, body.externalSystem);
    const campaign = named(campaignIn(space, body.campaignId));
    const { agentId } = authorOf(identity, space, body.agentId);
    demandCampaign(campaign, identity);
    const { contactId } = named(await contactIn(space, { campaign, contacts }, body.contactId));
    const { tenantId } = identity;
    const { callId, disposition } = body;
    const entry = await dispositions.create({
      tenantId,
      campaignId: campaign.id,
      contactId,
      agentId,
      callId,
      disposition,
    });
    return reply.status(201).header('location', `/v1/dispositions/${entry.dispositionId}`).send(entry);
  });

  const put = {
    summary: 'Changes a disposition, of a contact or of an interaction',
    tags,
    params,
    body: change,
    response: { 200: dispositionEntry },
  };
  app.put('/v1/dispositions/:dispositionId', { onRequest: writing, schema: put }, async (request) => {
    const { params, body } = request;
    const identity = identityOf(request);
    const by = authorOf(identity, spaceOf(config, identity, body.externalSystem), body.agentId);
    return dispositions.change({ tenantId: identity.tenantId, ...params, disposition: body.disposition, ...by });
  });
}

const spaceOf = (config: ConfigStore, { tenantId }: Identity, system: string | undefined): IdSpace =>
  named(idSpace({ tenantId, config: config.tenant(tenantId) }, system));

/** In whose name it is done. Our own ids of agents are those of the PBX, which need no entity. */
function authorOf(
  identity: Identity,
  space: IdSpace,
  given: string | undefined,
): { readonly agentId: string | undefined; readonly onlyOf: string | undefined } {
  const bound = identity.agentId;
  if (given === undefined) return { agentId: bound, onlyOf: bound };
  const agentId = space.system === undefined ? ownAgentId(given) : named(agentIn(space, given)).id;
  demandAgent(identity, agentId);
  return { agentId, onlyOf: bound };
}

const ownAgentId = (given: string): string => {
  const parsed = token.safeParse(given);
  const expected = 'the id of an agent: letters, digits, "_" and "-"';
  return named(parsed.success ? { ok: true, value: parsed.data } : { ok: false, field: 'agentId', expected });
};

function demandCampaign(campaign: Campaign, { agentId }: Identity): void {
  if (worksOn(campaign, agentId)) return;
  throw new Failure('permanent', 'forbidden', `agent "${agentId}" does not work on the campaign "${campaign.id}"`);
}

interface ContactQuery {
  readonly space: IdSpace;
  readonly campaign: Campaign | undefined;
  readonly contacts: DispositionRoutes['contacts'];
}

async function contactIdOf(
  { space, campaign, contacts }: ContactQuery,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === undefined || space.system === undefined) return given;
  const expected = 'one with its campaign: ids of contacts are those of its database';
  if (campaign === undefined) return named({ ok: false, field: 'contactId', expected });
  return named(await contactIn(space, { campaign, contacts }, given)).contactId;
}

/** One disposition that this identity may see. @throws Failure permanent `not_found` */
export async function ownDisposition(
  dispositions: Pick<Dispositions, 'list'>,
  { tenantId, agentId }: Identity,
  dispositionId: string,
): Promise<DispositionEntry> {
  const [entry] = await dispositions.list({ tenantId, dispositionId, agentId, limit: 1 });
  if (entry !== undefined) return entry;
  throw new Failure('permanent', 'not_found', `there is no disposition "${dispositionId}"`);
}
