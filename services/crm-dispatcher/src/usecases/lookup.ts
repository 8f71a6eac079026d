import type { ConfigStore } from '@patchcord/bus';
import { type LookupResult, lookupCustomCrm } from '@patchcord/connectors';
import {
  Failure,
  type LookupReply,
  type LookupRequest,
  type RoutingRule,
  type SiteAuthentication,
} from '@patchcord/contracts';
import type { Breakers, Egress, SiteAuthenticator } from '@patchcord/egress';
import type { ConnectCrm } from '../adapters/crm-connections.ts';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import { filled } from '../domain/asking.ts';
import { regionOf } from '../domain/facts.ts';
import { askConnection, type ConnectedRule } from './ask-connection.ts';
import { askWhileWaiting } from './ask-while-waiting.ts';

export interface LookupOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly authenticator: Pick<SiteAuthenticator, 'send'>;
  readonly breakers: Breakers;
  readonly connect: ConnectCrm;
  readonly metrics: DispatcherMetrics;
}

export type Lookup = (request: LookupRequest) => Promise<LookupReply>;

/** Asks a rule's CRM while a caller waits: an answer of whatever kind comes within the budget. */
export function createLookup(options: LookupOptions): Lookup {
  const { config, breakers, metrics } = options;
  return async ({ tenantId, ruleId, input, budgetMs: asked }) => {
    const startedAt = performance.now();
    const entities = config.tenant(tenantId);
    const found = entities['routing-rule'].get(ruleId);
    if (found === undefined) return reply(unknownRule(ruleId), startedAt);
    const rule = filled(found, { tenantId, region: regionOf(entities), ...input });
    if (rule instanceof Failure) return reply({ outcome: 'failed', failure: rule }, startedAt);
    const ask = isConnected(rule) ? askConnected(options, rule, tenantId) : askCustom(options, rule, tenantId);
    if (ask instanceof Failure) return reply({ outcome: 'failed', failure: ask }, startedAt);
    const place = { tenantId, key: `rule-${ruleId}` };
    const result = await askWhileWaiting({
      breakers,
      key: `${tenantId}/${place.key}`,
      budgetMs: Math.min(asked, rule.budgetMs),
      ask: (timeoutMs) => ask(input, timeoutMs),
      onTry: (outcome, durationMs) => metrics.request(place, outcome, durationMs),
    });
    return reply(result, startedAt);
  };
}

type Ask = (input: LookupRequest['input'], timeoutMs: number) => Promise<LookupResult>;

const isConnected = (rule: RoutingRule): rule is ConnectedRule => rule.crm !== undefined;

function askConnected({ config, connect }: LookupOptions, rule: ConnectedRule, tenantId: string): Ask | Failure {
  const { connection: id } = rule.crm;
  const connection = config.tenant(tenantId)['crm-connection'].get(id);
  if (connection === undefined)
    return new Failure('permanent', 'connection_not_found', `there is no crm-connection "${id}"`);
  return async (input, timeoutMs) => {
    const crm = connect({ tenantId, connection, timeoutMs, messageId: lookupId(), who: 'caller' });
    return crm instanceof Failure
      ? { outcome: 'failed', failure: crm }
      : askConnection({ crm, connection }, rule, input);
  };
}

/** Each question is a message of its own. */
const lookupId = (): string => `lookup-${crypto.randomUUID()}`;

function askCustom({ config, authenticator }: LookupOptions, rule: RoutingRule, tenantId: string): Ask | Failure {
  const authentication = authenticationOf(config, tenantId, rule);
  if (authentication instanceof Failure) return authentication;
  const egress = sending(authenticator, tenantId, authentication);
  return (input, timeoutMs) => askCrm({ rule, input, timeoutMs }, egress);
}

/** Without its credentials the CRM is not asked: it would refuse, or tell of nobody. */
function authenticationOf(
  config: LookupOptions['config'],
  tenantId: string,
  { authentication: id }: RoutingRule,
): SiteAuthentication | undefined | Failure {
  if (id === undefined) return undefined;
  const known = config.tenant(tenantId)['site-authentication'].get(id);
  return known ?? new Failure('permanent', 'authentication_not_found', `there is no site-authentication "${id}"`);
}

const sending = (
  authenticator: LookupOptions['authenticator'],
  tenantId: string,
  authentication: SiteAuthentication | undefined,
): Pick<Egress, 'send'> => ({
  send: (request) => authenticator.send(request, { tenantId, authentication, messageId: lookupId() }),
});

interface Question {
  readonly rule: RoutingRule;
  readonly input: LookupRequest['input'];
  readonly timeoutMs: number;
}

async function askCrm({ rule, input, timeoutMs }: Question, egress: Pick<Egress, 'send'>): Promise<LookupResult> {
  const { url, fieldName, method, headers, send, answerPath, egress: policy, tls } = rule;
  if (url === undefined) return { outcome: 'failed', failure: nobody };
  // A log-in before it, and a second try after a 401, are of the caller's time as well.
  const signal = rule.authentication === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const question = { url, fieldName, method, headers, send, answerPath, input, policy, tls, timeoutMs, signal };
  const result = await lookupCustomCrm(egress, question);
  return result.outcome === 'failed' && signal?.aborted === true
    ? { outcome: 'failed', failure: timedOut(timeoutMs) }
    : result;
}

const nobody = new Failure('permanent', 'rule_incomplete', 'the rule names nobody who could be asked');

const timedOut = (timeoutMs: number): Failure =>
  new Failure('transient', 'timeout', `no complete answer within ${timeoutMs} ms`);

const unknownRule = (ruleId: string): LookupResult => ({
  outcome: 'failed',
  failure: new Failure('permanent', 'rule_not_found', `there is no routing rule "${ruleId}"`),
});

function reply(result: LookupResult, startedAt: number): LookupReply {
  const durationMs = performance.now() - startedAt;
  if (result.outcome === 'failed') return { outcome: 'failed', failure: result.failure.toData(), durationMs };
  return { ...result, durationMs };
}
