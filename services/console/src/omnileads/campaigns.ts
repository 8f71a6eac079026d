import { Failure } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { campaignIn, idSpace } from '../domain/external-ids.ts';
import { type Handler, type OmniLeadsDeps, path } from './deps.ts';
import { idOut } from './fields.ts';
import { schemas } from './schemas.ts';

/** `GET /api/v1/campaign/<idc>/dispositionOptions/[<ids>/]`: by our id, or by that of the external system `ids`. */
export function registerCampaignPaths(app: HttpServer, { config }: Pick<OmniLeadsDeps, 'config'>): void {
  const options: Handler = async (request) => {
    const { tenantId } = identityOf(request);
    const { idc = '', ids } = request.params as { idc?: string; ids?: string };
    const space = idSpace({ tenantId, config: config.tenant(tenantId) }, ids);
    const campaign = space.ok ? campaignIn(space.value, idc) : space;
    // The good answer is a list, which no script looks into for a status.
    if (!campaign.ok) throw new Failure('permanent', 'not_found', `expected ${campaign.expected}`);
    return campaign.value.dispositions.map(({ id, name }) => ({ id: idOut(id), name, hidden: false }));
  };
  const shared = {
    method: 'GET',
    onRequest: requireScope('dispositions:read'),
    schema: { summary: 'OMniLeads: the dispositions of a campaign', tags: ['omnileads'], ...schemas.options },
  } as const;
  path(app, { ...shared, url: '/api/v1/campaign/:idc/dispositionOptions/' }, options);
  path(app, { ...shared, url: '/api/v1/campaign/:idc/dispositionOptions/:ids/' }, options);
}
