import type { KvEntry } from '@nats-io/kv';
import {
  type ConfigKind,
  configSchemas,
  type EventIssue,
  eventIssues,
  isConfigKind,
  parseConfigKey,
  parseJson,
} from '@patchcord/contracts';
import { z } from 'zod';
import type { ConfigEntry } from './types.ts';
import type { CheckedEntity } from './validate.ts';

const storedValue = z.object({ entity: z.unknown(), actor: z.string().optional(), at: z.string() });

export const toStored = (entity: unknown, actor: string | undefined): string =>
  JSON.stringify({ entity, ...(actor === undefined ? {} : { actor }), at: new Date().toISOString() });

/** One version of an entity for people, or undefined when it cannot be read. */
export function toEntry(kind: ConfigKind, id: string, entry: KvEntry): ConfigEntry | undefined {
  const { revision } = entry;
  if (entry.operation !== 'PUT') return { kind, id, entity: undefined, revision, at: entry.created.toISOString() };
  const parsed = storedValue.safeParse(parseJson(entry.string()));
  if (!parsed.success) return undefined;
  const { entity, actor, at } = parsed.data;
  return { kind, id, entity, revision, at, ...(actor === undefined ? {} : { actor }) };
}

export type ReadEntry =
  | {
      readonly ok: true;
      readonly tenantId: string;
      readonly removed: true;
      readonly kind: ConfigKind;
      readonly id: string;
    }
  | { readonly ok: true; readonly tenantId: string; readonly removed: false; readonly checked: CheckedEntity }
  | { readonly ok: false; readonly issues: readonly EventIssue[] };

/** Reads what the watch delivers. Never throws: somebody else may have written to the bucket. */
export function readEntry(entry: KvEntry): ReadEntry {
  const key = parseConfigKey(entry.key);
  if (key === undefined || !isConfigKind(key.kind)) return bad('key', 'expected <tenant>.<kind>.<id>');
  const { tenant: tenantId, kind, id } = key;
  if (entry.operation !== 'PUT') return { ok: true, tenantId, removed: true, kind, id };
  const stored = storedValue.safeParse(parseJson(entry.string()));
  if (!stored.success) return { ok: false, issues: eventIssues(stored.error) };
  const parsed = configSchemas[kind].safeParse(stored.data.entity);
  if (!parsed.success) return { ok: false, issues: eventIssues(parsed.error) };
  if (parsed.data.id !== id) return bad('id', `expected "${id}" as in the key`);
  return { ok: true, tenantId, removed: false, checked: { kind, id, entity: parsed.data } };
}

const bad = (path: string, message: string): ReadEntry => ({ ok: false, issues: [{ path, message }] });
