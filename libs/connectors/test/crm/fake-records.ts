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

export function createFakeRecords(newId: (module: string, count: number) => string): FakeRecords {
  const all: FakeRecord[] = [];
  const links: { readonly a: string; readonly b: string }[] = [];
  const keyOf = ({ module, id }: { module: string; id: string }): string => `${module} ${id}`;
  return {
    add: (module, values, id) => {
      const record = { module, id: id ?? newId(module, all.length + 1), values: { ...values } };
      all.push(record);
      return record;
    },
    get: (module, id) => all.find((one) => one.module === module && one.id === id),
    of: (module) => all.filter((one) => one.module === module),
    link: (a, b) => void links.push({ a: keyOf(a), b: keyOf(b) }),
    linked: (of, module) =>
      links
        .flatMap(({ a, b }) => (a === keyOf(of) ? [b] : b === keyOf(of) ? [a] : []))
        .filter((key) => key.startsWith(`${module} `))
        .map((key) => key.slice(module.length + 1)),
  };
}
