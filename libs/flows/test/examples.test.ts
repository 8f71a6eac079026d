import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenReferences, configSchemas, emptyTenantConfig, isConfigKind } from '@patchcord/contracts';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

type Document = Record<string, readonly { readonly id: string }[]>;

const documentOf = (name: string): Document =>
  parse(readFileSync(join(import.meta.dirname, '../../../docs/examples', name), 'utf8')) as Document;

/** A document as it is applied, on top of those before. */
function configOf(...names: readonly string[]) {
  const config: Record<string, Map<string, unknown>> = { ...emptyTenantConfig() } as never;
  for (const [kind, entities] of names.flatMap((name) => Object.entries(documentOf(name)))) {
    if (!isConfigKind(kind)) throw new Error(`there is no kind "${kind}"`);
    const parsed = entities.map((one) => [one.id, configSchemas[kind].parse(one)] as const);
    config[kind] = new Map([...(config[kind] ?? []), ...parsed]);
  }
  return config as never as Parameters<typeof brokenReferences>[0];
}

it.each([[['order-tracking.yaml']], [['order-tracking.yaml', 'order-tracking-synchronous.yaml']]])(
  'the example %j can be applied as it stands in the documentation',
  (names) => {
    const config = configOf(...names);
    expect(brokenReferences(config)).toEqual([]);
    expect([...config.automation.keys()]).toEqual(['look-up-number', 'look-up-reference', 'send-tracking-link']);
  },
);
