import type { ConfigKind, ConfigSnapshot, EventIssue, TenantConfig } from '@patchcord/contracts';

/** One stored version of an entity. */
export interface ConfigEntry {
  readonly kind: ConfigKind;
  readonly id: string;
  /** Undefined when this version is its removal. */
  readonly entity: unknown;
  readonly revision: number;
  /** Who stored it. */
  readonly actor?: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface PutOptions {
  /** Refused with `revision_conflict` unless this is the revision stored now. */
  readonly ifRevision?: number;
  /** Refused with `revision_conflict` when there is one already. */
  readonly ifAbsent?: boolean;
  readonly actor?: string;
}

export interface NewEntity {
  readonly kind: string;
  readonly entity: unknown;
}

export interface ApplyResult {
  readonly stored: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** A stored value that no version of ours would have stored. */
export interface BadValue {
  readonly key: string;
  readonly issues: readonly EventIssue[];
}

/**
 * The configuration, watched into memory. Reading is free of I/O; a change is in force in all services within
 * milliseconds. Whatever is stored was checked before, entity by entity and reference by reference.
 */
export interface ConfigStore {
  /** The same object as long as nothing changes. */
  readonly snapshot: () => ConfigSnapshot;
  /** Empty when the tenant is unknown. */
  readonly tenant: (tenantId: string) => TenantConfig;
  /** Called after each change; returns the unsubscribe. */
  onChange(listener: (snapshot: ConfigSnapshot) => void): () => void;
  get(tenantId: string, kind: ConfigKind, id: string): Promise<ConfigEntry | undefined>;
  /** Oldest first, at most 20. */
  history(tenantId: string, kind: ConfigKind, id: string): Promise<ConfigEntry[]>;
  /** Throws `ConfigRejected`, or `Failure` permanent `revision_conflict`. In force here when it resolves. */
  put(tenantId: string, kind: string, entity: unknown, options?: PutOptions): Promise<{ revision: number }>;
  /** Refused with `ConfigRejected` while another entity refers to it. */
  remove(
    tenantId: string,
    kind: ConfigKind,
    id: string,
    options?: Pick<PutOptions, 'ifRevision' | 'actor'>,
  ): Promise<void>;
  /**
   * Checks all entities together, then stores those that differ, in the order in which they refer to each other.
   * Nothing is stored when one is refused. `prune` removes the tenant's other entities of the kinds that are given.
   */
  applyAll(
    tenantId: string,
    entities: readonly NewEntity[],
    options?: { readonly prune?: boolean; readonly actor?: string },
  ): Promise<ApplyResult>;
  close(): Promise<void>;
}
