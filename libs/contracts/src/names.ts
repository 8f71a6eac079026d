/**
 * Every subject, stream, consumer, queue, bucket and key name of the house. No name is written anywhere else.
 * Tokens in subjects must already be tokens (see `tokens.ts`); these helpers refuse anything else.
 */
const TOKEN = /^[A-Za-z0-9_-]+$/;

function checked(...tokens: string[]): string {
  for (const token of tokens) {
    if (!TOKEN.test(token)) throw new TypeError(`"${token}" cannot be a subject token: encode it first`);
  }
  return tokens.join('.');
}

const ROOT = 'patchcord.v1';

export const subjects = {
  /** `patchcord.v1.evt.<tenant>.<entity>.<entityId>.<event>` */
  event: (tenant: string, entity: string, entityId: string, event: string): string =>
    `${ROOT}.evt.${checked(tenant, entity, entityId, event)}`,
  /** Filter over all events of a tenant. */
  eventsOf: (tenant: string): string => `${ROOT}.evt.${checked(tenant)}.>`,
  /** Filter over the events of one kind of entity: of all tenants, of one, or of a single entity. */
  entityEvents: (entity: string, tenant?: string, entityId?: string): string => {
    const rest = entityId === undefined ? '>' : `${checked(entityId)}.*`;
    return `${ROOT}.evt.${tenant === undefined ? '*' : checked(tenant)}.${checked(entity)}.${rest}`;
  },
  /** Filter over one kind of event of all entities of a tenant, or of all (undefined). */
  eventsNamed: (tenant: string | undefined, entity: string, event: string): string =>
    `${ROOT}.evt.${tenant === undefined ? '*' : checked(tenant)}.${checked(entity)}.*.${checked(event)}`,
  /** `patchcord.v1.rpc.<service>.<verb>`: served by the service's queue group. */
  rpc: (service: string, verb: string): string => `${ROOT}.rpc.${checked(service, verb)}`,
  /** `patchcord.v1.ui.<tenant>.agent.<agentId>.<what>`: core NATS, for browsers. */
  ui: (tenant: string, agentId: string, what: string): string =>
    `${ROOT}.ui.${checked(tenant)}.agent.${checked(agentId, what)}`,
  /** Filter over everything that is pushed to one agent's browsers. */
  uiOf: (tenant: string, agentId: string): string => `${ROOT}.ui.${checked(tenant)}.agent.${checked(agentId)}.*`,
  /** `patchcord.v1.use.<tenant>.token.<tokenId>`: core NATS, an API token was used in this minute. */
  tokenUsed: (tenant: string, tokenId: string): string => `${ROOT}.use.${checked(tenant)}.token.${checked(tokenId)}`,
  /** `patchcord.v1.news.<tenant>.<service>.<what>`: core NATS, what the replicas of a service tell each other. */
  news: (tenant: string, service: string, what: string): string => `${ROOT}.news.${checked(tenant, service, what)}`,
  /** Filter over one kind of what the replicas of a service tell each other, of all tenants. */
  newsOf: (service: string, what: string): string => `${ROOT}.news.*.${checked(service, what)}`,
  /** Filter over the uses of all tokens of all tenants. */
  tokensUsed: `${ROOT}.use.*.token.*`,
  /** `patchcord.v1.dlq.<service>.<consumer>.<tenant>` */
  deadLetter: (service: string, consumer: string, tenant: string): string =>
    `${ROOT}.dlq.${checked(service, consumer, tenant)}`,
  /** Filter over the open dead letters of a tenant, or of all, of one service or of all. */
  deadLettersOf: (tenant?: string, service?: string): string =>
    `${ROOT}.dlq.${service === undefined ? '*' : checked(service)}.*.${tenant === undefined ? '*' : checked(tenant)}`,
  /** Where a dead letter goes with its note when it was replayed or discarded. */
  closedDeadLetter: (service: string, consumer: string, tenant: string): string =>
    `${ROOT}.dlq.${checked(service, consumer, tenant)}.closed`,
} as const;

/** Tenant and entity of an event subject, or undefined when it is none. */
export function parseEventSubject(
  subject: string,
): { tenant: string; entity: string; entityId: string; event: string } | undefined {
  const [root, version, evt, tenant, entity, entityId, event, ...rest] = subject.split('.');
  if (`${root}.${version}` !== ROOT || evt !== 'evt' || rest.length > 0) return undefined;
  if (tenant === undefined || entity === undefined || entityId === undefined || event === undefined) return undefined;
  return { tenant, entity, entityId, event };
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly maxAgeMs: number;
  /** A message id seen twice within this window is stored once. */
  readonly duplicateWindowMs: number;
  readonly meaning: string;
}

export const streams = {
  callEvents: {
    name: 'CALL_EVENTS',
    subjects: [`${ROOT}.evt.*.call.>`, `${ROOT}.evt.*.agent.>`, `${ROOT}.evt.*.digital.>`],
    maxAgeMs: 7 * dayMs,
    duplicateWindowMs: 10 * minuteMs,
    meaning: 'Canonical events as PBXs and digital platforms told them',
  },
  sessionEvents: {
    name: 'SESSION_EVENTS',
    subjects: [`${ROOT}.evt.*.session.>`],
    maxAgeMs: 2 * dayMs,
    duplicateWindowMs: 10 * minuteMs,
    meaning: 'Each change of a live session, with its snapshot',
  },
  workEvents: {
    name: 'WORK_EVENTS',
    subjects: ['delivery', 'disposition', 'memorialization', 'custom'].map((entity) => `${ROOT}.evt.*.${entity}.>`),
    maxAgeMs: 7 * dayMs,
    duplicateWindowMs: 10 * minuteMs,
    meaning: "Deliveries to CRMs, what was memorialized, dispositions, and events of tenants' own",
  },
  deadLetters: {
    name: 'DEAD_LETTERS',
    subjects: [`${ROOT}.dlq.>`],
    maxAgeMs: 30 * dayMs,
    duplicateWindowMs: 10 * minuteMs,
    meaning: 'What could not be processed, until somebody replays or discards it',
  },
} as const satisfies Record<string, StreamSpec>;

/** Durable consumer: `<service>__<purpose>__v1` (a durable's name may not hold dots). */
export const consumerName = (service: string, purpose: string): string => `${service}__${purpose}__v1`;

export const buckets = {
  /** Configuration entities: key `<tenant>.<kind>.<id>`. */
  config: 'patchcord_config_v1',
  /** Sealed secrets: key `<tenant>.<id>`. */
  secrets: 'patchcord_secrets_v1',
} as const;

export const configKey = (tenant: string, kind: string, id: string): string => checked(tenant, kind, id);

export function parseConfigKey(key: string): { tenant: string; kind: string; id: string } | undefined {
  const [tenant, kind, id, ...rest] = key.split('.');
  if (tenant === undefined || kind === undefined || id === undefined || rest.length > 0) return undefined;
  return { tenant, kind, id };
}

export const secretKey = (tenant: string, id: string): string => checked(tenant, id);

export function parseSecretKey(key: string): { tenant: string; id: string } | undefined {
  const [tenant, id, ...rest] = key.split('.');
  return tenant === undefined || id === undefined || rest.length > 0 ? undefined : { tenant, id };
}

/** BullMQ queues. Job ids hold no `:`. */
export const queues = {
  /**
   * One queue per destination, so that a slow or dead one delays no other. `destination` is a `destinationKey`. The dots
   * cannot stand in a token, so no two tenants share a queue.
   */
  crmDispatch: (tenant: string, destination: string): string => `crm-dispatch.${checked(tenant, destination)}`,
  afterCall: 'after-call',
  acwTimer: 'acw-timer',
  /** What is searched for and written for customer cards. */
  cardRun: 'card-run',
  /** What cards are to be told of workflows that ran for them. */
  cardResult: 'card-result',
} as const;

/** Redis keys: `pc:1:{<tenant>:<callId>}:<kind>`; the hash tag keeps one call on one node of a cluster. */
export const redisKeys = {
  call: (tenant: string, callId: string, kind: string): string => `pc:1:{${tenant}:${callId}}:${kind}`,
  tenant: (tenant: string, kind: string): string => `pc:1:{${tenant}}:${kind}`,
  /** Of one entity; all of a tenant lie on one node. */
  entity: (tenant: string, kind: string, id: string): string => `pc:1:{${tenant}}:${kind}:${id}`,
  /** What stops guessing of passwords. No tenant's id holds a dot. */
  logIn: (kind: string): string => `pc:1:{.log-in}:${kind}`,
  /** Imports from CRMs that are to go on, of all tenants. */
  crmImports: 'pc:1:{.crm-imports}:due',
  /** Replicas of the dispatcher that are alive. */
  dispatchers: 'pc:1:{.dispatchers}:alive',
  /** Prefix of BullMQ's own keys. */
  bullPrefix: '{pc:1:bull}',
} as const;
