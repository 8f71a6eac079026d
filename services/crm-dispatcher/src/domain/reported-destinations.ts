import type { ConfigKind, DestinationReport, TenantConfig } from '@patchcord/contracts';

/** A destination as the configuration has it, or had it. */
export type Reported = Pick<DestinationReport, 'key' | 'kind' | 'id' | 'name' | 'state' | 'limits'>;

const configKindOf = {
  site: 'external-site',
  crm: 'crm-connection',
  automation: 'automation',
  mail: 'mail-server',
  rule: 'routing-rule',
  identification: 'identification',
} as const satisfies Record<DestinationReport['kind'], ConfigKind>;

const kinds = Object.keys(configKindOf) as DestinationReport['kind'][];
/** What asks while a caller waits is shown once it asked; and not every automation asks anybody. */
const onlyWhereAsked: ReadonlySet<string> = new Set(['rule', 'identification', 'automation']);

/** Those that are configured, and those of which requests of the last day are known. Ordered by key. */
export function reportedDestinations(config: TenantConfig, asked: readonly string[]): Reported[] {
  const known = new Set(asked);
  const configured = kinds.flatMap((kind) =>
    [...config[configKindOf[kind]].keys()]
      .filter((id) => !onlyWhereAsked.has(kind) || known.has(`${kind}-${id}`))
      .map((id) => reported(config, kind, id)),
  );
  const there = new Set(configured.map(({ key }) => key));
  const removed = asked.filter((key) => !there.has(key)).flatMap((key) => removedOf(config, key));
  return [...configured, ...removed].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function removedOf(config: TenantConfig, key: string): Reported[] {
  const kind = kinds.find((each) => key.startsWith(`${each}-`));
  return kind === undefined ? [] : [reported(config, kind, key.slice(kind.length + 1))];
}

function reported(config: TenantConfig, kind: DestinationReport['kind'], id: string): Reported {
  const entity = config[configKindOf[kind]].get(id);
  const key = `${kind}-${id}`;
  if (entity === undefined) return { key, kind, id, state: 'removed', limits: {} };
  const isOff = 'enabled' in entity && entity.enabled === false;
  return { key, kind, id, name: entity.name, state: isOff ? 'disabled' : 'enabled', limits: limitsOf(entity) };
}

function limitsOf(entity: object): Reported['limits'] {
  const { rateLimit, concurrency } = entity as { rateLimit?: { perSecond: number }; concurrency?: number };
  return {
    ...(rateLimit === undefined ? {} : { perSecond: rateLimit.perSecond }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}
