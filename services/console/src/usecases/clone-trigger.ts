import type { ConfigEntry, ConfigStore } from '@patchcord/bus';
import { Failure, isFailure } from '@patchcord/contracts';
import { getEntity, putEntity } from './put-entity.ts';

export interface CloneTrigger {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly id: string;
  readonly copy: { readonly id: string; readonly name: string };
}

/**
 * Stores a copy of a trigger under another id and name. Nothing uses it yet.
 *
 * @throws Failure permanent `not_found` | `already_exists`; ConfigRejected when the name is taken
 */
export async function cloneTrigger(config: ConfigStore, command: CloneTrigger): Promise<ConfigEntry> {
  const { tenantId, tokenId, copy } = command;
  const { entity } = await getEntity(config, { tenantId, kind: 'trigger', id: command.id });
  const target = { tenantId, tokenId, kind: 'trigger' as const, id: copy.id, precondition: { ifAbsent: true } };
  const stored = await putEntity(config, { ...target, entity: { ...Object(entity), ...copy } }).catch(taken(copy.id));
  return stored.entry;
}

const taken =
  (id: string) =>
  (error: unknown): never => {
    if (!isFailure(error, 'permanent') || error.code !== 'revision_conflict') throw error;
    const message = `there is a trigger "${id}" already: choose another id`;
    throw new Failure('permanent', 'already_exists', message, { cause: error });
  };
