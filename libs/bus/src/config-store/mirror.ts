import type { KvEntry } from '@nats-io/kv';
import {
  type ConfigSnapshot,
  emptyTenantConfig,
  isConfigKind,
  parseConfigKey,
  type TenantConfig,
} from '@patchcord/contracts';
import { readEntry } from './stored-value.ts';
import type { BadValue } from './types.ts';
import { type Change, type CheckedEntity, changed } from './validate.ts';

/** The bucket in memory. Snapshots are immutable: a change makes new objects on its way and keeps all others. */
export interface Mirror {
  readonly snapshot: () => ConfigSnapshot;
  readonly tenant: (tenantId: string) => TenantConfig;
  /** Takes over stored values. Returns whether anything changed. */
  readonly apply: (entries: readonly KvEntry[]) => boolean;
  /** Forgets entities that are not among these keys: they were removed while nobody watched. */
  readonly retain: (keys: ReadonlySet<string>) => boolean;
}

interface TenantChange extends Change {
  readonly put: CheckedEntity[];
  readonly remove: Change['remove'][number][];
}

const emptyTenant = emptyTenantConfig();

export function createMirror(onBadValue: (bad: BadValue) => void): Mirror {
  let snapshot: ConfigSnapshot = new Map();
  /** Key to the text in force, to tell a change from a value that is read again. */
  const texts = new Map<string, string>();

  const collect = (changes: Map<string, TenantChange>, entry: KvEntry): void => {
    const text = entry.operation === 'PUT' ? entry.string() : undefined;
    if (texts.get(entry.key) === text) return;
    const read = readEntry(entry);
    // A bad value changes nothing: what was there before stays in force.
    if (read.ok) {
      if (text === undefined) texts.delete(entry.key);
      else texts.set(entry.key, text);
      const change = changeOf(changes, read.tenantId);
      if (read.removed) change.remove.push({ kind: read.kind, id: read.id });
      else change.put.push(read.checked);
    } else onBadValue({ key: entry.key, issues: read.issues });
  };
  const commit = (changes: ReadonlyMap<string, TenantChange>): boolean => {
    if (changes.size === 0) return false;
    const next = new Map(snapshot);
    for (const [tenantId, change] of changes) next.set(tenantId, changed(next.get(tenantId) ?? emptyTenant, change));
    snapshot = next;
    return true;
  };
  return {
    snapshot: () => snapshot,
    tenant: (tenantId) => snapshot.get(tenantId) ?? emptyTenant,
    apply: (entries) => {
      const changes = new Map<string, TenantChange>();
      for (const entry of entries) collect(changes, entry);
      return commit(changes);
    },
    retain: (keys) => {
      const changes = new Map<string, TenantChange>();
      for (const key of [...texts.keys()].filter((known) => !keys.has(known))) {
        texts.delete(key);
        const { tenant = '', kind = '', id = '' } = parseConfigKey(key) ?? {};
        if (isConfigKind(kind)) changeOf(changes, tenant).remove.push({ kind, id });
      }
      return commit(changes);
    },
  };
}

function changeOf(changes: Map<string, TenantChange>, tenantId: string): TenantChange {
  const change = changes.get(tenantId) ?? { put: [], remove: [] };
  changes.set(tenantId, change);
  return change;
}
