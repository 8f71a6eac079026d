import type { Publisher } from '@patchcord/bus';
import {
  type Breakers,
  createBreakers,
  createEgress,
  createMailer,
  createSiteAuthenticator,
  createTokenCache,
} from '@patchcord/egress';
import type { Jobs } from '@patchcord/jobs';
import type { RedisContext, ServiceMetrics } from '@patchcord/runtime';
import { createAgentStates } from './adapters/agent-states.ts';
import { createCrmBreakerNews } from './adapters/crm-breaker-news.ts';
import { createCrmConnections } from './adapters/crm-connections.ts';
import { createCrmGate } from './adapters/crm-gate.ts';
import { createCrmHealthNotes } from './adapters/crm-health-notes.ts';
import { createCrmHolds } from './adapters/crm-holds.ts';
import { createCrmMetrics } from './adapters/crm-metrics.ts';
import { createCrmPassages } from './adapters/crm-passages.ts';
import { createFieldLengths } from './adapters/field-lengths.ts';
import { createHolds } from './adapters/holds.ts';
import { createRaiseEvent } from './adapters/raise-event.ts';
import { createRecordTurns } from './adapters/record-turn.ts';
import { createReplicaReports } from './adapters/replica-reports.ts';
import { createSecretsPart } from './adapters/secrets-part.ts';
import { createSendMail } from './adapters/send-mail.ts';
import { createSendPresence } from './adapters/send-presence.ts';
import { createSendRecord } from './adapters/send-record.ts';
import { createSendStep } from './adapters/send-step.ts';
import { createSendWorkflow } from './adapters/send-workflow.ts';
import { createSend, createSendToSite } from './adapters/sender.ts';
import { createStepNotes } from './adapters/step-notes.ts';
import { createReadLinked } from './adapters/tell-card.ts';
import { createWriteVariables } from './adapters/write-variables.ts';
import type { Settings } from './config.ts';
import type { StepTools } from './usecases/step-scene.ts';
import { workflows } from './workflows.ts';

export interface SendingOptions {
  readonly publisher: Publisher;
  /** CloudEvents source of what is published. */
  readonly source: string;
  readonly metrics: ServiceMetrics;
  readonly jobs: Jobs;
  readonly addSteps: StepTools['addSteps'];
}

/** All by which something leaves this service. */
export function sending(context: RedisContext<Settings>, options: SendingOptions) {
  const { publisher, source, metrics, jobs } = options;
  const { settings, log, config, bus, redis } = context;
  const egress = createEgress({
    userAgent: 'Patchcord',
    maxResponseBytes: settings.EGRESS_MAX_RESPONSE_BYTES,
    connectionsPerOrigin: settings.EGRESS_CONNECTIONS_PER_ORIGIN,
    allowedCidrs: settings.EGRESS_ALLOWED_CIDRS,
  });
  const mailer = createMailer({ allowedCidrs: settings.EGRESS_ALLOWED_CIDRS });
  const breakers = createBreakers({
    failures: settings.BREAKER_FAILURES,
    openMs: settings.BREAKER_OPEN_MS,
    onChange: (change) => {
      log.info({ destination: change.key, state: change.state }, 'circuit breaker');
      crm.breakerNews.changed(change);
      replicas.changed();
    },
  });
  const holds = createHolds(Date.now, () => replicas.changed());
  const replicas = createReplicaReports({ redis, breakers: () => breakers.states(), holds: () => holds.all() });
  const crm = crmLimits(context, { metrics, breakers });
  const { passages } = crm;
  const sealed = createSecretsPart({ bus, redis, log, keys: settings.SECRETS_KEYS });
  const { secrets, tokens } = sealed;
  const secret = (tenantId: string, id: string): Promise<string> => secrets.value(tenantId, id);
  const authenticator = createSiteAuthenticator({
    egress,
    secret,
    storedSecret: (tenantId, id) => secrets.storedValue(tenantId, id),
    storeSecret: async (tenantId, id, value) => void (await secrets.put({ tenantId, id, value, actor: 'oauth' })),
    tokens,
  });
  const sessions = createTokenCache(tokens, Date.now);
  const connect = createCrmConnections({ config, authenticator, secret, sessions, redis, passages });
  const sendToSite = createSendToSite({ config, authenticator });
  const writeVariables = createWriteVariables(bus);
  const turns = createRecordTurns(redis);
  const readLinked = createReadLinked(bus);
  const lengths = createFieldLengths(Date.now);
  const sendRecord = createSendRecord({ config, egress, connect, turns, passages, readLinked });
  const runner = workflows(context, { connect, sendRecord, turns, readLinked, lengths, jobs });
  const agentStates = createAgentStates(redis);
  const send = createSend({
    sendToSite,
    sendRecord,
    sendStep: createSendStep(stepTools(context, { ...options, connect, turns, lengths })),
    sendMail: createSendMail({ mailer, secret, log }),
    writeVariables,
    raiseEvent: createRaiseEvent(publisher, source),
    sendWorkflow: createSendWorkflow(runner),
    sendPresence: createSendPresence({ config, connect, redis, states: agentStates }),
  });
  const out = { sendToSite, writeVariables, send, connect, passages, turns, runner, agentStates };
  return { ...out, egress, mailer, breakers, holds, replicas, authenticator, sealed, sessions, crm };
}

type StepOptions = Pick<StepTools, 'addSteps' | 'connect' | 'turns' | 'lengths'>;

/** What steps of memorializations are done with. */
function stepTools({ config, redis, settings }: RedisContext<Settings>, options: StepOptions): StepTools {
  const { addSteps, connect, turns, lengths } = options;
  return {
    config,
    addSteps,
    connect,
    turns,
    notes: createStepNotes(redis),
    lengths,
    storyLink: storyLinkOf(settings),
  };
}

/** Where people read the story of a call. */
export function storyLinkOf({ CONSOLE_PUBLIC_URL: url }: Pick<Settings, 'CONSOLE_PUBLIC_URL'>): StepTools['storyLink'] {
  const at = url?.replace(/\/+$/, '');
  return (callId) => (at === undefined ? undefined : `${at}/live/${encodeURIComponent(callId)}`);
}

interface CrmLimitsOptions extends Pick<SendingOptions, 'metrics'> {
  readonly breakers: Breakers;
}

/** What replicas share of the limits and the health of CRM connections. */
function crmLimits({ redis, bus, config }: RedisContext<Settings>, { metrics, breakers }: CrmLimitsOptions) {
  const holds = createCrmHolds(bus);
  const health = createCrmHealthNotes(redis);
  const crmMetrics = createCrmMetrics(metrics, (tenantId, id) => config.tenant(tenantId)['crm-connection'].has(id));
  const breakerNews = createCrmBreakerNews(redis, () => breakers.states());
  const passages = createCrmPassages({
    gate: createCrmGate(redis),
    holds,
    health,
    metrics: crmMetrics,
    isRedisThere: () => redis.status === 'ready',
  });
  return { passages, breakerNews, parts: [holds, health, crmMetrics, breakerNews] };
}
