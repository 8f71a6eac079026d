import {
  type BrokenReference,
  brokenReferences,
  type ConfigKind,
  type ConfigKinds,
  configKinds,
  configSchemas,
  type EventIssue,
  isConfigKind,
  ruledIssues,
  type TenantConfig,
} from '@patchcord/contracts';
import { InvalidInput } from '../rpc-wire.ts';
import type { NewEntity } from './types.ts';

/** A configuration that was not stored. `issues` say what is wrong and where. */
export class ConfigRejected extends InvalidInput {
  constructor(issues: readonly EventIssue[]) {
    const first = issues[0];
    super('config_invalid', first === undefined ? 'invalid' : `${first.path}: ${first.message}`, issues);
  }
}

/** An entity that fits its schema. */
export interface CheckedEntity {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly entity: ConfigKinds[ConfigKind];
}

/** Checks each entity against its schema; throws with the issues of all. Paths begin with `prefix` of the entity. */
export function checkEntities(entities: readonly NewEntity[], prefix: (at: number) => string): CheckedEntity[] {
  const checked = entities.map((candidate, at) => checkEntity(candidate, prefix(at)));
  const issues = checked.flatMap((outcome) => ('issues' in outcome ? outcome.issues : []));
  if (issues.length > 0) throw new ConfigRejected(issues);
  return checked.flatMap((outcome) => ('issues' in outcome ? [] : [outcome]));
}

function checkEntity({ kind, entity }: NewEntity, prefix: string): CheckedEntity | { issues: EventIssue[] } {
  if (!isConfigKind(kind))
    return { issues: [{ path: `${prefix}kind`, message: `expected one of ${configKinds.join(', ')}` }] };
  const parsed = configSchemas[kind].safeParse(entity);
  if (parsed.success) return { kind, id: parsed.data.id, entity: parsed.data };
  return { issues: ruledIssues(parsed.error).map((issue) => ({ ...issue, path: `${prefix}${issue.path}` })) };
}

export interface Change {
  readonly put: readonly CheckedEntity[];
  readonly remove: readonly { readonly kind: ConfigKind; readonly id: string }[];
}

/** A tenant's configuration after a change. Kinds that do not change stay the same objects. */
export function changed(config: TenantConfig, { put, remove }: Change): TenantConfig {
  const copies = new Map<ConfigKind, Map<string, ConfigKinds[ConfigKind]>>();
  const copyOf = (kind: ConfigKind): Map<string, ConfigKinds[ConfigKind]> => {
    const copy = copies.get(kind) ?? new Map<string, ConfigKinds[ConfigKind]>(config[kind]);
    copies.set(kind, copy);
    return copy;
  };
  for (const { kind, id } of remove) copyOf(kind).delete(id);
  for (const { kind, id, entity } of put) copyOf(kind).set(id, entity);
  return { ...config, ...Object.fromEntries(copies) };
}

/**
 * Throws when a change would leave a reference without its target. What was broken before is no reason to refuse,
 * except in the very entities that are stored.
 */
export function checkReferences(before: TenantConfig, change: Change): void {
  const known = new Set(brokenReferences(before).map(referenceKey));
  const stored = new Set(change.put.map(({ kind, id }) => `${kind}/${id}`));
  const broken = brokenReferences(changed(before, change), before).filter(
    (reference) => stored.has(`${reference.kind}/${reference.id}`) || !known.has(referenceKey(reference)),
  );
  if (broken.length > 0) throw new ConfigRejected(broken.map(referenceIssue));
}

const referenceKey = ({ kind, id, path, expected }: BrokenReference): string => [kind, id, path, expected].join(' ');

const referenceIssue = ({ kind, id, path, expected }: BrokenReference): EventIssue => ({
  path: `${kind}/${id}.${path}`,
  message: `expected ${expected}`,
});
