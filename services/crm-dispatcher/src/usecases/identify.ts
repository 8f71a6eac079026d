import type { ConfigStore } from '@patchcord/bus';
import {
  Failure,
  type Identification,
  type IdentifyReply,
  type IdentifyRequest,
  type SiteAuthentication,
  type TenantConfig,
} from '@patchcord/contracts';
import type { Breakers, SiteAuthenticator } from '@patchcord/egress';
import type { AskingFacts } from '@patchcord/expressions';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import { filled } from '../domain/asking.ts';
import { regionOf } from '../domain/facts.ts';
import {
  type IdentificationAnswer,
  identificationRequest,
  readIdentificationAnswer,
} from '../domain/identification-wire.ts';
import { askWhileWaiting } from './ask-while-waiting.ts';

export interface IdentifyOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly authenticator: Pick<SiteAuthenticator, 'send'>;
  readonly breakers: Breakers;
  readonly metrics: Pick<DispatcherMetrics, 'request'>;
}

export type Identify = (request: IdentifyRequest) => Promise<IdentifyReply>;

/** Asks the service of an identification while a caller waits: an answer of whatever kind comes within the budget. */
export function createIdentify(options: IdentifyOptions): Identify {
  return async (request) => {
    const startedAt = performance.now();
    const { tenantId, identificationId } = request;
    const found = findNode(options.config.tenant(tenantId), identificationId);
    if (found instanceof Failure) return reply({ outcome: 'failed', failure: found }, startedAt);
    const { authentication } = found;
    const node = filled(found.node, askingFacts(options, request));
    if (node instanceof Failure) return reply({ outcome: 'failed', failure: node }, startedAt);
    const answer = await askWhileWaiting({
      breakers: options.breakers,
      key: `${tenantId}/${keyOf(node)}`,
      budgetMs: Math.min(request.budgetMs, node.timeoutMs),
      ask: (timeoutMs) => askService(options, { request, node, authentication, timeoutMs }),
      onTry: (outcome, durationMs) => options.metrics.request({ tenantId, key: keyOf(node) }, outcome, durationMs),
    });
    return reply(answer, startedAt);
  };
}

function askingFacts({ config }: IdentifyOptions, { tenantId, digits: dtmf, ...caller }: IdentifyRequest): AskingFacts {
  return { tenantId, dtmf, region: regionOf(config.tenant(tenantId)), ...caller };
}

const keyOf = ({ id }: Identification): string => `identification-${id}`;

interface Found {
  readonly node: Identification;
  readonly authentication: SiteAuthentication | undefined;
}

function findNode(config: TenantConfig, id: string): Found | Failure {
  const refuse = (code: string, message: string): Failure => new Failure('permanent', code, message);
  const node = config.identification.get(id);
  if (node === undefined) return refuse('identification_not_found', `there is no identification "${id}"`);
  if (node.url === undefined) return refuse('identification_asks_nobody', `the identification "${id}" has no service`);
  if (node.authentication === undefined) return { node, authentication: undefined };
  const authentication = config['site-authentication'].get(node.authentication);
  if (authentication !== undefined) return { node, authentication };
  return refuse('authentication_not_found', `there is no site-authentication "${node.authentication}"`);
}

interface Question extends Found {
  readonly request: IdentifyRequest;
  readonly timeoutMs: number;
}

async function askService(
  { authenticator }: IdentifyOptions,
  { request, node, authentication, timeoutMs }: Question,
): Promise<IdentificationAnswer> {
  const { tenantId } = request;
  // Each attempt of a caller is a question of its own.
  const messageId = `identify-${crypto.randomUUID()}`;
  const wanted = identificationRequest(node, request, timeoutMs);
  // A log-in before it, and a second try after a 401, are of the caller's time as well.
  const signal = AbortSignal.timeout(timeoutMs);
  const outcome = await authenticator.send({ ...wanted, signal }, { tenantId, authentication, messageId });
  if (!outcome.ok && signal.aborted) return { outcome: 'failed', failure: timedOut(timeoutMs) };
  return outcome.ok ? readIdentificationAnswer(outcome.body) : { outcome: 'failed', failure: outcome.failure };
}

const timedOut = (timeoutMs: number): Failure =>
  new Failure('transient', 'timeout', `no complete answer within ${timeoutMs} ms`);

function reply(answer: IdentificationAnswer, startedAt: number): IdentifyReply {
  const durationMs = performance.now() - startedAt;
  if (answer.outcome === 'failed') return { outcome: 'failed', failure: answer.failure.toData(), durationMs };
  return { ...answer, durationMs };
}
