import type { Flow } from './flow.ts';
import type { ConfigKind, TenantConfig } from './registry.ts';
import type { TriggerUse } from './trigger.ts';

/** A place in the configuration where a trigger decides something. */
export interface PlacedTriggerUse extends TriggerUse {
  /** The entity that uses it. */
  readonly kind: ConfigKind;
  readonly id: string;
  readonly name: string;
  /** Where within the entity, e.g. `modules[2].routes[0].when`. */
  readonly path: string;
  /** Of a flow: the module. */
  readonly module?: string;
}

type InEntity = Pick<PlacedTriggerUse, 'path' | 'module'> & { readonly use: TriggerUse };
type InFlow = InEntity & { readonly module: string };

/** Every use of one trigger: automations and flows by id, the places within each in their order. */
export function triggerUses(config: Pick<TenantConfig, 'automation' | 'flow'>, trigger: string): PlacedTriggerUse[] {
  return [
    ...byId(config.automation).flatMap((one) =>
      one.when === undefined ? [] : [placed('automation', one, { path: 'when', use: one.when })],
    ),
    ...byId(config.flow).flatMap((one) => flowTriggerUses(one).map((use) => placed('flow', one, use))),
  ].filter((use) => use.trigger === trigger);
}

const byId = <T extends { readonly id: string }>(entities: ReadonlyMap<string, T>): T[] =>
  [...entities.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));

const placed = (
  kind: ConfigKind,
  { id, name }: { readonly id: string; readonly name: string },
  { use, ...where }: InEntity,
): PlacedTriggerUse => ({ kind, id, name, ...where, ...use });

/** The uses within a flow: of the routes of its modules, and of what they wait for. */
export function flowTriggerUses({ modules }: Pick<Flow, 'modules'>): InFlow[] {
  return modules.flatMap((module, at) => {
    const path = `modules[${at}]`;
    const routes = 'routes' in module ? module.routes : [];
    const waits = module.type === 'wait-for-variable' && module.when !== undefined ? [module.when] : [];
    return [
      ...routes.map(({ when }, route) => ({ path: `${path}.routes[${route}].when`, module: module.id, use: when })),
      ...waits.map((use) => ({ path: `${path}.when`, module: module.id, use })),
    ];
  });
}
