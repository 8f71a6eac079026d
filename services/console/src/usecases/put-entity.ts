import { type ConfigEntry, ConfigRejected, type ConfigStore } from '@patchcord/bus';
import { type ConfigKind, configSchemas, Failure, type TenantConfig } from '@patchcord/contracts';
import { actorOf } from '../domain/actor.ts';
import type { Precondition } from '../domain/etag.ts';
import { withPassword } from '../domain/password-field.ts';
import { newTableProblems } from '../domain/table-problems.ts';
import { selfRemoval } from './apply-config.ts';

export interface EntityRef {
  readonly tenantId: string;
  readonly kind: ConfigKind;
  readonly id: string;
}

export interface EntityCommand extends EntityRef {
  readonly precondition: Precondition;
  readonly tokenId: string;
}

/** The stored entity. @throws Failure permanent `not_found` */
export async function getEntity(config: ConfigStore, { tenantId, kind, id }: EntityRef): Promise<ConfigEntry> {
  const entry = await config.get(tenantId, kind, id);
  if (entry !== undefined) return entry;
  throw new Failure('permanent', 'not_found', `there is no ${kind} "${id}"`);
}

/**
 * Stores an entity when its precondition holds.
 *
 * @throws ConfigRejected; Failure permanent `revision_conflict`
 */
export async function putEntity(
  config: ConfigStore,
  command: EntityCommand & { readonly entity: unknown },
): Promise<{ entry: ConfigEntry; created: boolean }> {
  const { tenantId, kind, precondition, tokenId } = command;
  const before = await config.get(tenantId, kind, command.id);
  if (precondition.ifPresent === true && before === undefined) throw absent(command);
  const { ifRevision, ifAbsent } = precondition;
  const entity = withPassword(config.tenant(tenantId), kind, withId(command.entity, command.id));
  demandFittingTables(config.tenant(tenantId), kind, entity);
  await config.put(tenantId, kind, entity, {
    actor: actorOf(tokenId),
    ...(ifRevision === undefined ? {} : { ifRevision }),
    ...(ifAbsent === undefined ? {} : { ifAbsent }),
  });
  return { entry: await getEntity(config, command), created: before === undefined };
}

/** What does not fit its schema is refused by the store itself, with its own words. */
function demandFittingTables(before: TenantConfig, kind: ConfigKind, entity: unknown): void {
  const parsed = configSchemas[kind].safeParse(entity);
  if (!parsed.success) return;
  const { id } = parsed.data;
  const after = { ...before, [kind]: new Map<string, unknown>(before[kind]).set(id, parsed.data) } as TenantConfig;
  const problems = newTableProblems(before, after, (problem) => problem.kind === kind && problem.id === id);
  if (problems.length === 0) return;
  throw new ConfigRejected(
    problems.map((problem) => {
      const own = problem.kind === kind && problem.id === id;
      const place = own ? '' : `${problem.kind}/${problem.id}.`;
      return { path: `${place}${problem.path}`, message: `expected ${problem.expected}` };
    }),
  );
}

/** The id stands in the path; a body may leave it out, and may not contradict it. */
function withId(entity: unknown, id: string): unknown {
  if (typeof entity !== 'object' || entity === null || Array.isArray(entity)) {
    throw new ConfigRejected([{ path: '', message: 'expected an object with the fields of the entity' }]);
  }
  if ('id' in entity && entity.id !== id) {
    throw new ConfigRejected([{ path: 'id', message: `expected "${id}" as in the path, or no id` }]);
  }
  return { ...entity, id };
}

/** Removes an entity. @throws Failure permanent `not_found` | `revision_conflict` | `conflict`; ConfigRejected */
export async function removeEntity(config: ConfigStore, command: EntityCommand): Promise<void> {
  const { tenantId, kind, id, precondition, tokenId } = command;
  await getEntity(config, command);
  if (kind === 'api-token' && id === tokenId) throw selfRemoval(id);
  const { ifRevision } = precondition;
  await config.remove(tenantId, kind, id, {
    actor: actorOf(tokenId),
    ...(ifRevision === undefined ? {} : { ifRevision }),
  });
}

const absent = ({ kind, id }: EntityRef): Failure =>
  new Failure('permanent', 'revision_conflict', `there is no ${kind} "${id}" to change`);
