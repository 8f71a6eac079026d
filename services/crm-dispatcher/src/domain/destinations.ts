import {
  type Automation,
  type ConfigKind,
  type ConfigSnapshot,
  type CrmConnection,
  type CrmDestination,
  destinationKey,
  type ExternalSite,
  type MailServer,
  queues,
  type TenantConfig,
} from '@patchcord/contracts';

interface Entities {
  readonly site: ExternalSite;
  readonly crm: CrmConnection;
  readonly automation: Automation;
  readonly mail: MailServer;
}

/** A place that work goes to. */
export type Destination = {
  readonly [Kind in keyof Entities]: {
    readonly tenantId: string;
    readonly key: string;
    readonly queue: string;
    readonly kind: Kind;
    readonly entity: Entities[Kind];
  };
}[keyof Entities];

const configKindOf = {
  site: 'external-site',
  crm: 'crm-connection',
  automation: 'automation',
  mail: 'mail-server',
} as const satisfies Record<CrmDestination['kind'], ConfigKind>;

export function findDestination(
  tenantId: string,
  { kind, id }: CrmDestination,
  config: TenantConfig,
): Destination | undefined {
  const key = destinationKey({ kind, id });
  const entity = config[configKindOf[kind]].get(id);
  if (entity === undefined) return undefined;
  return { tenantId, key, queue: queues.crmDispatch(tenantId, key), kind, entity } as Destination;
}

export function allDestinations(snapshot: ConfigSnapshot): Destination[] {
  const kinds = Object.keys(configKindOf) as CrmDestination['kind'][];
  return [...snapshot].flatMap(([tenantId, config]) =>
    kinds.flatMap((kind) =>
      [...config[configKindOf[kind]].keys()].flatMap((id) => findDestination(tenantId, { kind, id }, config) ?? []),
    ),
  );
}

/** Tenant and destination of a dispatch queue's name, or undefined when it is another queue. */
export function parseQueue(queue: string): { readonly tenantId: string; readonly key: string } | undefined {
  const [, tenantId, key, ...rest] = queue.split('.');
  if (tenantId === undefined || key === undefined || rest.length > 0) return undefined;
  return queues.crmDispatch(tenantId, key) === queue ? { tenantId, key } : undefined;
}
