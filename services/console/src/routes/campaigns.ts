import type { ConfigStore } from '@patchcord/bus';
import type { Campaign } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { campaignView, campaignViewOf, choicesOf, dispositionChoice } from '../domain/campaign-view.ts';
import { addressed, campaignIn, idSpace, named, worksOn } from '../domain/external-ids.ts';

const onRequest = requireScope('dispositions:read');
const tags = ['campaigns'];

/** Everywhere: with it, ids are those of the CRM. */
export const externalSystem = z
  .string()
  .min(1)
  .max(128)
  .optional()
  .meta({ description: 'id of an external system: all other ids are then its own' });
const querystring = z.object({ externalSystem });
const params = z.object({ id: z.string().min(1).max(128) });

/** Campaigns as a CRM sees them: by our ids, or by its own. */
export function registerCampaigns(app: HttpServer, config: ConfigStore): void {
  const spaceOf = ({ tenantId }: Identity, system: string | undefined) =>
    named(idSpace({ tenantId, config: config.tenant(tenantId) }, system));

  const list = {
    summary: 'Campaigns; with `externalSystem` only those that have an id there',
    tags,
    querystring,
    response: { 200: z.object({ campaigns: z.array(campaignView) }) },
  };
  app.get('/v1/campaigns', { onRequest, schema: list }, async (request) => {
    const identity = identityOf(request);
    const { system, config: entities } = spaceOf(identity, request.query.externalSystem);
    const shown = [...entities.campaign.values()]
      .filter((campaign) => system === undefined || campaign.external?.system === system)
      .filter((campaign) => worksOn(campaign, identity.agentId))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return { campaigns: shown.map((campaign) => campaignViewOf(entities, campaign)) };
  });

  const campaignOf = (identity: Identity, id: string, system: string | undefined): Campaign =>
    addressed(campaignIn(spaceOf(identity, system), id));

  const one = { summary: 'One campaign', tags, params, querystring, response: { 200: campaignView } };
  app.get('/v1/campaigns/:id', { onRequest, schema: one }, async (request) => {
    const campaign = campaignOf(identityOf(request), request.params.id, request.query.externalSystem);
    return campaignViewOf(config.tenant(request.tenantId), campaign);
  });

  const options = {
    summary: 'The dispositions that can be chosen in a campaign, with their forms',
    tags,
    params,
    querystring,
    response: { 200: z.object({ campaignId: z.string(), dispositions: z.array(dispositionChoice) }) },
  };
  app.get('/v1/campaigns/:id/disposition-options', { onRequest, schema: options }, async (request) => {
    const campaign = campaignOf(identityOf(request), request.params.id, request.query.externalSystem);
    return { campaignId: campaign.id, dispositions: choicesOf(config.tenant(request.tenantId), campaign) };
  });
}
