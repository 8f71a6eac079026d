import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { Failure, rpc, siteTestReply, siteTestRequest, token } from '@patchcord/contracts';
import { parameterCatalogue } from '@patchcord/expressions';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { emptyBody } from './empty-body.ts';

const tags = ['external sites'];
const onRequest = requireScope('admin');
/** A site may take a minute, and the login before it too. */
const timeoutMs = 130_000;

const choices = siteTestRequest.pick({ campaignId: true, sample: true, send: true }).strict();
const response = { 200: siteTestReply };

export interface SiteTestRoutes {
  readonly bus: Bus;
  readonly config: ConfigStore;
}

const catalogue = z.object({
  parameters: z.array(
    z.object({
      family: z.string(),
      key: z.string(),
      meaning: z.string(),
      type: z.string(),
      /** Other names of the key, e.g. those of OMniLeads. */
      aliases: z.array(z.string()).readonly(),
    }),
  ),
});

/** Shows what a site would be sent, and if asked sends it: request and answer, credentials masked. */
export function registerSiteTests(app: HttpServer, { bus, config }: SiteTestRoutes): void {
  const list = { summary: 'Every value that a parameter of a site can name', tags, response: { 200: catalogue } };
  app.get('/v1/parameters', { onRequest, schema: list }, async () => ({ parameters: [...parameterCatalogue] }));

  const stored = {
    summary: 'Tests a stored site: renders its request with sample data, and with `send` sends it',
    tags,
    params: z.object({ id: token }),
    body: choices,
    response,
  };
  app.post(
    '/v1/external-sites/:id/test',
    { onRequest, preValidation: emptyBody, schema: stored },
    async ({ tenantId, params, body }) => {
      const site = config.tenant(tenantId)['external-site'].get(params.id);
      if (site === undefined) throw new Failure('permanent', 'not_found', `there is no external-site "${params.id}"`);
      return callRpc(bus, rpc.testSite, { tenantId, site, ...body }, { timeoutMs });
    },
  );

  const given = {
    summary: 'Tests a site before it is stored',
    tags,
    body: choices.extend({
      site: z.record(z.string(), z.unknown()),
      campaign: z
        .record(z.string(), z.unknown())
        .optional()
        .meta({ description: 'A campaign as it would be stored, whose parameter table is used; before `campaignId`' }),
    }),
    response,
  };
  app.post('/v1/external-sites/test', { onRequest, schema: given }, async ({ tenantId, body }) => {
    const unnamed = { id: 'test', name: 'Test' };
    const campaign = body.campaign === undefined ? {} : { campaign: { ...unnamed, ...body.campaign } };
    const site = { ...unnamed, ...body.site };
    return callRpc(bus, rpc.testSite, { ...body, ...campaign, tenantId, site }, { timeoutMs });
  });
}
