import {
  type BrokenReference,
  brokenReferences,
  type ConfigKind,
  type ConfigKinds,
  configKinds,
  configSchemas,
  isConfigKind,
  type TenantConfig,
} from '@patchcord/contracts';
import { withoutPassword } from './password-field.ts';
import { newTableProblems } from './table-problems.ts';

/** A place in a configuration document, as keys from its top: `['campaign', 2, 'sites', 0]`. */
export type DocumentPath = readonly PropertyKey[];

export interface DocumentIssue {
  readonly path: DocumentPath;
  readonly message: string;
}

/** One entity of a document, checked by its schema. */
interface DocumentEntity {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly entity: ConfigKinds[ConfigKind];
  readonly path: DocumentPath;
}

export interface ConfigChange {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly change: 'create' | 'update' | 'remove' | 'unchanged';
  /** `update`: names of the entity's fields that differ. */
  readonly fields?: readonly string[];
}

export interface AcceptedPlan {
  readonly ok: true;
  readonly entities: readonly DocumentEntity[];
  readonly changes: readonly ConfigChange[];
}

export type Plan = AcceptedPlan | { readonly ok: false; readonly issues: readonly DocumentIssue[] };

export interface PlanOptions {
  /** A document may say whose it is by `tenant: <id>`; one of another tenant is refused. */
  readonly tenantId: string;
  readonly prune: boolean;
}

/**
 * What applying a document would change, or everything that is wrong with it. A document maps each kind to the list of
 * its entities. `prune` removes the other entities of the kinds that the document names.
 */
export function planApply(before: TenantConfig, document: unknown, options: PlanOptions): Plan {
  const read = readDocument(document, options.tenantId);
  if (read.issues.length > 0) return { ok: false, issues: read.issues };
  const removed = options.prune ? others(before, read.kinds, read.entities) : [];
  const after = merged(before, read.entities, removed);
  const stored = ({ kind, id }: BrokenReference): boolean =>
    read.entities.some((one) => one.kind === kind && one.id === id);
  const broken = placed(
    [...brokenReferences(after, before), ...newTableProblems(before, after, stored)],
    read.entities,
  );
  if (broken.length > 0) return { ok: false, issues: broken };
  const changes = [...read.entities.map((candidate) => changeOf(before, candidate)), ...removed];
  return { ok: true, entities: read.entities, changes };
}

interface ReadDocument {
  readonly kinds: readonly ConfigKind[];
  readonly entities: readonly DocumentEntity[];
  readonly issues: readonly DocumentIssue[];
}

function readDocument(document: unknown, tenantId: string): ReadDocument {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return refused([], `expected kinds (${configKinds.join(', ')}), each with the list of its entities`);
  }
  const kinds: ConfigKind[] = [];
  const entities: DocumentEntity[] = [];
  const issues: DocumentIssue[] = [];
  for (const [kind, list] of Object.entries(document)) {
    if (!isConfigKind(kind)) {
      issues.push({ path: [kind], message: `not a kind: expected one of ${configKinds.join(', ')}` });
    } else if (kind === 'tenant' && typeof list === 'string') {
      if (list !== tenantId) issues.push({ path: [kind], message: `expected "${tenantId}", whose token asks` });
    } else if (!Array.isArray(list)) issues.push({ path: [kind], message: 'expected a list of entities' });
    else {
      kinds.push(kind);
      readList(kind, list, entities, issues);
    }
  }
  return { kinds, entities, issues };
}

const refused = (path: DocumentPath, message: string): ReadDocument => ({
  kinds: [],
  entities: [],
  issues: [{ path, message }],
});

function readList(
  kind: ConfigKind,
  list: readonly unknown[],
  entities: DocumentEntity[],
  issues: DocumentIssue[],
): void {
  const seen = new Map<string, number>();
  list.forEach((candidate, at) => {
    const parsed = configSchemas[kind].safeParse(candidate);
    if (!parsed.success) {
      issues.push(...parsed.error.issues.map(({ path, message }) => ({ path: [kind, at, ...path], message })));
      return;
    }
    const { id } = parsed.data;
    const first = seen.get(id);
    if (first !== undefined) {
      issues.push({ path: [kind, at, 'id'], message: `"${id}" stands already at ${kind}[${first}]` });
    }
    seen.set(id, first ?? at);
    entities.push({ kind, id, entity: parsed.data, path: [kind, at] });
  });
}

const has = (entities: readonly DocumentEntity[], kind: ConfigKind, id: string): boolean =>
  entities.some((candidate) => candidate.kind === kind && candidate.id === id);

function others(
  before: TenantConfig,
  kinds: readonly ConfigKind[],
  entities: readonly DocumentEntity[],
): ConfigChange[] {
  return kinds.flatMap((kind) =>
    [...before[kind].keys()]
      .filter((id) => !has(entities, kind, id))
      .map((id) => ({ kind, id, change: 'remove' as const })),
  );
}

function merged(
  before: TenantConfig,
  entities: readonly DocumentEntity[],
  removed: readonly ConfigChange[],
): TenantConfig {
  const maps = new Map(configKinds.map((kind) => [kind, new Map<string, ConfigKinds[ConfigKind]>(before[kind])]));
  for (const { kind, id } of removed) maps.get(kind)?.delete(id);
  for (const { kind, id, entity } of entities) maps.get(kind)?.set(id, entity);
  return { ...before, ...Object.fromEntries(maps) };
}

/** What does not fit, at its place in the document, or at `kind/id` when the document does not hold the entity. */
function placed(problems: readonly BrokenReference[], entities: readonly DocumentEntity[]): DocumentIssue[] {
  return problems.map(({ kind, id, path, expected }) => {
    const holder = entities.find((candidate) => candidate.kind === kind && candidate.id === id);
    const place = path.split(/[.[\]]+/).filter((key) => key !== '');
    const keys = place.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    return { path: [...(holder?.path ?? [`${kind}/${id}`]), ...keys], message: `expected ${expected}` };
  });
}

function changeOf(before: TenantConfig, { kind, id, entity }: DocumentEntity): ConfigChange {
  const known = before[kind].get(id);
  if (known === undefined) return { kind, id, change: 'create' };
  const fields = differingFields(known, entity);
  return fields.length === 0 ? { kind, id, change: 'unchanged' } : { kind, id, change: 'update', fields };
}

function differingFields(a: object, b: object): string[] {
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => JSON.stringify(left.get(name)) !== JSON.stringify(right.get(name)));
}

/** A tenant's configuration as a document: kinds in the order in which they refer to each other, entities by id. */
export function documentOf(config: TenantConfig): Record<string, unknown[]> {
  return Object.fromEntries(
    configKinds
      .map((kind) => [kind, [...config[kind].values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))] as const)
      .filter(([, entities]) => entities.length > 0)
      .map(([kind, entities]) => [kind, entities.map((entity) => withoutPassword(kind, entity))]),
  );
}

/** `['campaign', 2, 'sites', 0]` as people write it: `campaign[2].sites[0]`. */
export const pathText = (path: DocumentPath): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
