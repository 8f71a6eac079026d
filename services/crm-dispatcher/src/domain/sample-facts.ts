import {
  type Campaign,
  type Contact,
  callPlaceholders,
  campaign as campaignSchema,
  type ExternalSite,
  type Interaction,
  type Session,
  type SiteParameter,
  type SiteTestRequest,
  type TenantConfig,
} from '@patchcord/contracts';
import type { SiteFacts } from '@patchcord/expressions';
import { defined } from './defined.ts';
import { databaseOf, regionOf, timeZoneOf } from './facts.ts';

export interface SampleOf {
  readonly config: TenantConfig;
  readonly tenantId: string;
  readonly site: ExternalSite;
  readonly parameters: readonly SiteParameter[];
  readonly campaign: Campaign | undefined;
  readonly sample: SiteTestRequest['sample'];
  /** ms since 1970. */
  readonly now: number;
}

/** A call that never was: numbers that nobody has, and a word in place of whatever a table names. */
export function sampleFacts(of: SampleOf): SiteFacts {
  const { config, tenantId, sample, now } = of;
  const campaign = of.campaign ?? campaignSchema.parse({ id: 'sample', name: 'Sample campaign' });
  const interaction = sampleInteraction(of, campaign);
  const { agentId: id, name = 'Sample Agent' } = interaction.agent;
  return {
    cause: 'test',
    occurredAt: new Date(now).toISOString(),
    tenant: { id: tenantId, timeZone: timeZoneOf(config), region: regionOf(config) },
    campaign,
    session: sampleSession(of, interaction),
    interaction,
    agent: { id, name, username: config.agent.get(id)?.username ?? 'sample' },
    contact: sampleContact(of, campaign),
    ...defined({ database: databaseOf(config, campaign) }),
    disposition: { value: sampleDisposition(of, campaign) },
    sample,
  };
}

const at = (now: number, secondsAgo: number): string => new Date(now - secondsAgo * 1000).toISOString();

function sampleInteraction({ config, now }: SampleOf, { agents, match }: Campaign): Interaction {
  const agent =
    agents.map((id) => config.agent.get(id)).find((one) => one !== undefined) ?? [...config.agent.values()][0];
  return {
    interactionId: 'i-sample',
    legId: 'l-sample',
    agent: { agentId: agent?.id ?? '1001', name: agent?.name ?? 'Sample Agent' },
    queue: match.queues[0] ?? 'sample',
    state: 'talking',
    ringingAt: at(now, 5),
    answeredAt: at(now, 0),
    ringMs: 5000,
    holdMs: 0,
    holds: 0,
  };
}

function sampleSession(of: SampleOf, interaction: Interaction): Session {
  const { tenantId, parameters, now } = of;
  const { queue = 'sample', legId } = interaction;
  const named = parameters.filter(({ family }) => family === 'dialplan' || family === 'variable');
  return {
    tenantId,
    callId: 'c-sample',
    version: 1,
    state: 'talking',
    direction: 'inbound',
    ani: sampleText(of, 'ani', '+12025550123'),
    callerName: sampleText(of, 'callerName', 'Sample Caller'),
    dnis: sampleText(of, 'dnis', '+12025550100'),
    offeredAt: at(now, 10),
    answeredAt: at(now, 0),
    ivrs: [],
    digits: '123',
    queues: [{ queue, enteredAt: at(now, 10), leftAt: at(now, 0), waitMs: 10_000, reason: 'connected' }],
    interactions: [interaction],
    transfers: [],
    conference: [],
    variables: { ...Object.fromEntries(named.map(({ key }) => [key, 'sample'])), ...samplesOf(of, 'var') },
    data: { ...samplesOf(of, 'ivr'), ...samplesOf(of, 'app') },
    recordings: [{ recordingId: 'r-sample', legId, location: 'sample.wav', startedAt: at(now, 0) }],
  };
}

/** A number that somebody gave for the table's `call.ani` is that of `{call.from}` too. */
function sampleText({ sample }: SampleOf, key: 'ani' | 'callerName' | 'dnis', instead: string): string {
  const given = sample.call?.[key];
  return typeof given === 'string' && given !== '' ? given : instead;
}

/** What expressions of a namespace name whose names others choose. What stands behind a bar shows how it looks without. */
function samplesOf({ site, parameters }: SampleOf, namespace: 'ivr' | 'app' | 'var'): Record<string, string> {
  const fixed = parameters.flatMap(({ family, key }) => (family === 'fixed' ? [key] : []));
  const named = [site.url, ...Object.values(site.headers), ...fixed]
    .flatMap(callPlaceholders)
    .filter(({ path, fallback }) => path[0] === namespace && fallback === undefined);
  return Object.fromEntries(
    named.map(({ name, path }) => [namespace === 'var' ? path.slice(1).join('.') : name, 'sample']),
  );
}

function sampleContact({ config, parameters }: SampleOf, campaign: Campaign): Contact {
  const database = databaseOf(config, campaign);
  const named = parameters.flatMap(({ family, key }) => (family === 'contact' ? [key] : []));
  const columns = [...new Set([...(database?.columns ?? []), ...named])];
  const sampleValue = (column: string): string =>
    database?.phoneColumns.includes(column) === true ? '+12025550123' : `sample ${column}`;
  return {
    contactId: 'sample',
    databaseId: database?.id ?? 'sample',
    externalId: 'sample',
    values: Object.fromEntries(columns.map((column) => [column, sampleValue(column)])),
  };
}

function sampleDisposition({ config }: SampleOf, { dispositions }: Campaign) {
  const option = dispositions.find(({ crm }) => crm) ?? dispositions[0];
  const fields = option?.form === undefined ? [] : (config.form.get(option.form)?.fields ?? []);
  return {
    optionId: option?.id ?? 'sample',
    name: option?.name ?? 'Sample',
    comments: 'sample',
    ...(fields.length === 0 ? {} : { form: Object.fromEntries(fields.map(({ name }) => [name, 'sample'])) }),
  };
}
