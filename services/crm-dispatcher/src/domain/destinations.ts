import {
  type ConfigSnapshot,
  type CrmConnection,
  type CrmDestination,
  destinationKey,
  type ExternalSite,
  queues,
  type TenantConfig,
} from '@patchcord/contracts';

/** A configured place that work goes to. */
export type Destination = { readonly tenantId: string; readonly key: string; readonly queue: string } & (
  | { readonly kind: 'site'; readonly entity: ExternalSite }
  | { readonly kind: 'crm'; readonly entity: CrmConnection }
);

export function findDestination(
  tenantId: string,
  { kind, id }: CrmDestination,
  config: TenantConfig,
): Destination | undefined {
  const key = destinationKey({ kind, id });
  const place = { tenantId, key, queue: queues.crmDispatch(tenantId, key) };
  if (kind === 'site') {
    const entity = config['external-site'].get(id);
    return entity === undefined ? undefined : { ...place, kind, entity };
  }
  const entity = config['crm-connection'].get(id);
  return entity === undefined ? undefined : { ...place, kind, entity };
}

export function allDestinations(snapshot: ConfigSnapshot): Destination[] {
  return [...snapshot].flatMap(([tenantId, config]) => {
    const ids: CrmDestination[] = [
      ...[...config['external-site'].keys()].map((id) => ({ kind: 'site' as const, id })),
      ...[...config['crm-connection'].keys()].map((id) => ({ kind: 'crm' as const, id })),
    ];
    return ids.flatMap((destination) => findDestination(tenantId, destination, config) ?? []);
  });
}

/** Tenant and destination of a dispatch queue's name, or undefined when it is another queue. */
export function parseQueue(queue: string): { readonly tenantId: string; readonly key: string } | undefined {
  const [, tenantId, key, ...rest] = queue.split('.');
  if (tenantId === undefined || key === undefined || rest.length > 0) return undefined;
  return queues.crmDispatch(tenantId, key) === queue ? { tenantId, key } : undefined;
}
