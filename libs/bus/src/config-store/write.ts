import { isDeepStrictEqual } from 'node:util';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import { type ConfigKind, configKey, configKinds, Failure, type TenantConfig } from '@patchcord/contracts';
import type { Bus } from '../connect.ts';
import { within } from '../within.ts';
import { toStored } from './stored-value.ts';
import type { ConfigStore, PutOptions } from './types.ts';
import { type Change, type CheckedEntity, checkEntities, checkReferences } from './validate.ts';

export interface WriterOptions {
  readonly bus: Bus;
  readonly kv: KV;
  readonly tenant: (tenantId: string) => TenantConfig;
  /** Resolves when a revision is in force here. */
  readonly reached: (revision: number) => Promise<void>;
}

const connectDeadlineMs = 5000;

/** The writing half of the configuration store: check, store, wait until it is in force here. */
export function createWriter({
  bus,
  kv,
  tenant,
  reached,
}: WriterOptions): Pick<ConfigStore, 'put' | 'remove' | 'applyAll'> {
  const inForce = (revision: number): Promise<void> =>
    // It is stored; when our watch is behind, the change comes with it later.
    within(reached(revision), 2000).catch(() => undefined);

  const put: ConfigStore['put'] = async (tenantId, kind, entity, options = {}) => {
    const checked = checkEntities([{ kind, entity }], () => '');
    checkReferences(tenant(tenantId), { put: checked, remove: [] });
    const revision = await storeAll(checked, tenantId, options);
    await inForce(revision);
    return { revision };
  };
  const storeAll = async (
    entities: readonly CheckedEntity[],
    tenantId: string,
    options: PutOptions,
  ): Promise<number> => {
    let revision = 0;
    await bus.whenConnected(connectDeadlineMs);
    for (const { kind, id, entity } of entities) {
      revision = await store(kv, configKey(tenantId, kind, id), toStored(entity, options.actor), options);
    }
    return revision;
  };
  const removeStored = async (tenantId: string, refs: Change['remove'], ifRevision?: number): Promise<void> => {
    await bus.whenConnected(connectDeadlineMs);
    for (const { kind, id } of refs) {
      const key = configKey(tenantId, kind, id);
      await kv.delete(key, ifRevision === undefined ? {} : { previousSeq: ifRevision }).catch(rethrow);
      const entry = await kv.get(key);
      await inForce(entry?.revision ?? 0);
    }
  };
  return {
    put,
    remove: async (tenantId, kind, id, { ifRevision } = {}) => {
      const refs = [{ kind, id }];
      checkReferences(tenant(tenantId), { put: [], remove: refs });
      await removeStored(tenantId, refs, ifRevision);
    },
    applyAll: async (tenantId, entities, { prune = false, actor } = {}) => {
      const before = tenant(tenantId);
      const checked = inOrder(checkEntities(entities, (at) => `entities[${at}].`));
      const remove = prune ? notAmong(before, checked) : [];
      checkReferences(before, { put: checked, remove });
      const differing = checked.filter(({ kind, id, entity }) => !isDeepStrictEqual(before[kind].get(id), entity));
      await inForce(await storeAll(differing, tenantId, actor === undefined ? {} : { actor }));
      await removeStored(tenantId, remove);
      return { stored: differing.length, unchanged: checked.length - differing.length, removed: remove.length };
    },
  };
}

const order = (kind: ConfigKind): number => configKinds.indexOf(kind);

/** What is referred to comes first. */
const inOrder = (entities: readonly CheckedEntity[]): CheckedEntity[] =>
  entities.toSorted((a, b) => order(a.kind) - order(b.kind));

/** The other entities of the kinds that are given; what refers comes first. */
function notAmong(config: TenantConfig, given: readonly CheckedEntity[]): Change['remove'] {
  const kinds = configKinds.filter((kind) => given.some((entity) => entity.kind === kind)).toReversed();
  return kinds.flatMap((kind) =>
    [...config[kind].keys()]
      .filter((id) => !given.some((entity) => entity.kind === kind && entity.id === id))
      .map((id) => ({ kind, id })),
  );
}

function store(kv: KV, key: string, text: string, { ifRevision, ifAbsent }: PutOptions): Promise<number> {
  if (ifAbsent === true) return kv.create(key, text).catch(rethrow);
  if (ifRevision !== undefined) return kv.put(key, text, { previousSeq: ifRevision }).catch(rethrow);
  return kv.put(key, text).catch(rethrow);
}

const conflictCodes: readonly number[] = [
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
];

function rethrow(cause: unknown): never {
  if (cause instanceof JetStreamApiError && conflictCodes.includes(cause.code)) {
    throw new Failure('permanent', 'revision_conflict', 'somebody else changed it meanwhile: read it again', { cause });
  }
  throw new Failure('own-trouble', 'config_unavailable', 'the configuration could not be stored', { cause });
}
