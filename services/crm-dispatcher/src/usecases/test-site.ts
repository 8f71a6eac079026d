import { randomUUID } from 'node:crypto';
import { type ConfigStore, InvalidInput } from '@patchcord/bus';
import {
  type Campaign,
  campaign as campaignSchema,
  type EventIssue,
  type ExternalSite,
  eventIssues,
  externalSite,
  type SiteParameter,
  type SiteTestReply,
  type SiteTestRequest,
  type TenantConfig,
} from '@patchcord/contracts';
import { type EgressOutcome, mergeHeaders, type SiteAuthenticator } from '@patchcord/egress';
import {
  parameterProblems,
  type Rendered,
  renderPopAction,
  renderServerRequest,
  type ServerRequest,
  siteUrlProblems,
} from '@patchcord/expressions';
import type { z } from 'zod';
import type { SendToSite } from '../adapters/sender.ts';
import { defined } from '../domain/defined.ts';
import { databaseOf } from '../domain/facts.ts';
import { masked } from '../domain/masked-request.ts';
import { isFetchedByUs } from '../domain/pops.ts';
import { sampleFacts } from '../domain/sample-facts.ts';

export interface TestSiteOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly sendToSite: SendToSite;
  readonly authenticator: Pick<SiteAuthenticator, 'adds'>;
  readonly now: () => number;
}

/** @throws InvalidInput that names each field which is not as expected */
export type TestSite = (request: SiteTestRequest) => Promise<SiteTestReply>;

/** Shows what a site would be sent, with samples for what is not given, and sends it if asked to. */
export function createTestSite(options: TestSiteOptions): TestSite {
  const { config, now } = options;
  return async (request) => {
    const { tenantId, sample, send } = request;
    const entities = config.tenant(tenantId);
    const { site, parameters, campaign } = checked(entities, request);
    const facts = sampleFacts({ config: entities, tenantId, site, parameters, campaign, sample, now: now() });
    const rendered = renderServerRequest(site, parameters, facts);
    if (!rendered.ok) return unrendered(rendered);
    const action = isShownByBrowser(site) ? renderPopAction(site, parameters, facts) : undefined;
    const shown: SiteTestReply = {
      outcome: 'rendered',
      request: masked(send ? marked(rendered.value) : rendered.value, addedNames(options, entities, site)),
      ...(action?.ok === true && !isFetchedByUs(site) ? { pop: action.value } : {}),
      notes: [...rendered.notes, ...notesOnSending(site)],
    };
    return send ? { ...shown, ...answerOf(await sendTest(options, tenantId, site, rendered.value)) } : shown;
  };
}

const unrendered = ({ parameter, message }: Extract<Rendered<unknown>, { ok: false }>): SiteTestReply => ({
  outcome: 'not-sent',
  failure: { class: 'permanent', code: 'parameter_missing', message },
  notes: [`nothing is sent without a value for "${parameter}"`],
});

const isShownByBrowser = ({ trigger, target }: ExternalSite): boolean =>
  trigger === 'agent' || trigger === 'automatic' || target !== 'none';

const notesOnSending = (site: ExternalSite): string[] =>
  isShownByBrowser(site) && isFetchedByUs(site)
    ? ['the browser is given an address of ours, by which we fetch the site with its credentials or headers']
    : [];

interface Checked {
  readonly site: ExternalSite;
  readonly parameters: readonly SiteParameter[];
  readonly campaign: Campaign | undefined;
}

function checked(config: TenantConfig, request: SiteTestRequest): Checked {
  const site = parsed(externalSite, request.site, 'site');
  const campaign = campaignOf(config, request);
  const { authentication } = site;
  if (authentication !== undefined && !config['site-authentication'].has(authentication))
    throw refused([
      { path: 'site.authentication', message: `expected an existing site-authentication, not "${authentication}"` },
    ]);
  const at = campaign?.sites.findIndex((one) => one.site === site.id) ?? -1;
  const assigned = campaign?.sites[at]?.parameters;
  const place = assigned === undefined || request.campaign === undefined ? 'site' : `campaign.sites[${at}]`;
  const parameters = assigned ?? site.parameters;
  const problems = [
    ...siteUrlProblems(site).map((problem) => ({ ...problem, path: under('site', problem.path) })),
    ...parameterProblems(site, parameters, campaign && databaseOf(config, campaign)).map((problem) => ({
      ...problem,
      path: under(place, problem.path),
    })),
  ];
  if (problems.length > 0)
    throw refused(problems.map(({ path, expected }) => ({ path, message: `expected ${expected}` })));
  return { site, parameters, campaign };
}

/** Of a stored campaign, or of one as it would be stored. */
function campaignOf(config: TenantConfig, { campaign: given, campaignId }: SiteTestRequest): Campaign | undefined {
  if (given !== undefined) return parsed(campaignSchema, given, 'campaign');
  if (campaignId === undefined) return undefined;
  const campaign = config.campaign.get(campaignId);
  if (campaign !== undefined) return campaign;
  throw refused([{ path: 'campaignId', message: `expected an existing campaign, not "${campaignId}"` }]);
}

function parsed<Output>(schema: z.ZodType<Output>, given: unknown, place: string): Output {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw refused(eventIssues(result.error).map(({ path, message }) => ({ path: under(place, path), message })));
}

const under = (place: string, path: string): string => (path === '' ? place : `${place}.${path}`);

const refused = (issues: readonly EventIssue[]): InvalidInput =>
  new InvalidInput('config_invalid', 'the site is not as expected', issues);

function addedNames({ authenticator }: TestSiteOptions, config: TenantConfig, { authentication: id }: ExternalSite) {
  const authentication = id === undefined ? undefined : config['site-authentication'].get(id);
  return authentication === undefined ? { headers: [], query: [] } : authenticator.adds(authentication);
}

const sendTest = (
  { sendToSite }: TestSiteOptions,
  tenantId: string,
  site: ExternalSite,
  request: ServerRequest,
): Promise<EgressOutcome> =>
  sendToSite({ tenantId, site, messageId: `test-${randomUUID()}`, request: marked(request) });

const marked = (request: ServerRequest): ServerRequest => ({
  ...request,
  headers: mergeHeaders(request.headers, { 'x-patchcord-test': '1' }),
});

/** A reply is one message on the bus. */
const maxBody = 64 * 1024;

function answerOf(outcome: EgressOutcome): Partial<SiteTestReply> & Pick<SiteTestReply, 'outcome'> {
  const { status, headers = {}, body = '', durationMs } = outcome;
  const failure = outcome.ok ? undefined : outcome.failure.toData();
  if (status === undefined) return { outcome: 'not-sent', ...defined({ failure }) };
  const { 'set-cookie': _, ...shown } = headers;
  const answer = { status, headers: shown, body: body.slice(0, maxBody), durationMs: Math.round(durationMs) };
  return { outcome: 'sent', answer, ...defined({ failure }) };
}
