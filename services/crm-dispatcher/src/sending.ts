import type { Publisher } from '@patchcord/bus';
import {
  createBreakers,
  createEgress,
  createMailer,
  createSiteAuthenticator,
  createTokenCache,
} from '@patchcord/egress';
import type { RedisContext } from '@patchcord/runtime';
import { createCrmConnections } from './adapters/crm-connections.ts';
import { createRaiseEvent } from './adapters/raise-event.ts';
import { createRecordTurns } from './adapters/record-turn.ts';
import { createSecretsPart } from './adapters/secrets-part.ts';
import { createSendMail } from './adapters/send-mail.ts';
import { createSendRecord } from './adapters/send-record.ts';
import { createSend, createSendToSite } from './adapters/sender.ts';
import { createWriteVariables } from './adapters/write-variables.ts';
import type { Settings } from './config.ts';

export interface SendingOptions {
  readonly publisher: Publisher;
  /** CloudEvents source of what is published. */
  readonly source: string;
}

/** All by which something leaves this service. */
export function sending(context: RedisContext<Settings>, { publisher, source }: SendingOptions) {
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
    onChange: ({ key, state }) => log.info({ destination: key, state }, 'circuit breaker'),
  });
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
  const connect = createCrmConnections({ config, authenticator, secret, sessions, redis });
  const sendToSite = createSendToSite({ config, authenticator });
  const writeVariables = createWriteVariables(bus);
  const send = createSend({
    sendToSite,
    sendRecord: createSendRecord({ egress, connect, turns: createRecordTurns(redis) }),
    sendMail: createSendMail({ mailer, secret, log }),
    writeVariables,
    raiseEvent: createRaiseEvent(publisher, source),
  });
  return { egress, mailer, breakers, authenticator, sealed, sendToSite, writeVariables, send, connect, sessions };
}
