/** What a fake CRM holds. */
export interface FakeRecord {
  readonly id: string;
  readonly module: string;
  readonly values: Record<string, unknown>;
}

export interface FakeRecords {
  add(module: string, values: Readonly<Record<string, unknown>>, id?: string): FakeRecord;
  get(module: string, id: string): FakeRecord | undefined;
  of(module: string): FakeRecord[];
  /** Records that belong together, in both directions. */
  link(a: { module: string; id: string }, b: { module: string; id: string }): void;
  linked(a: { module: string; id: string }, module: string): string[];
}

/** Thousands of records are found as fast as one: the fakes stand beside what is measured. */
export function createFakeRecords(newId: (module: string, count: number) => string): FakeRecords {
  const byModule = new Map<string, FakeRecord[]>();
  const byKey = new Map<string, FakeRecord>();
  const links = new Map<string, string[]>();
  let count = 0;
  const keyOf = ({ module, id }: { module: string; id: string }): string => `${module} ${id}`;
  const append = <Item>(lists: Map<string, Item[]>, key: string, item: Item): void => {
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [item]);
    else list.push(item);
  };
  return {
    add: (module, values, id) => {
      count += 1;
      const record = { module, id: id ?? newId(module, count), values: { ...values } };
      append(byModule, module, record);
      // The first of an id stays the one that it names.
      if (!byKey.has(keyOf(record))) byKey.set(keyOf(record), record);
      return record;
    },
    get: (module, id) => byKey.get(keyOf({ module, id })),
    of: (module) => [...(byModule.get(module) ?? [])],
    link: (a, b) => {
      append(links, keyOf(a), keyOf(b));
      append(links, keyOf(b), keyOf(a));
    },
    linked: (of, module) =>
      (links.get(keyOf(of)) ?? [])
        .filter((key) => key.startsWith(`${module} `))
        .map((key) => key.slice(module.length + 1)),
  };
}
