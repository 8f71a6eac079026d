import { expect, test } from 'vitest';
import { cases } from './cases.ts';
import { type Conformance, done, failureOf, type Subject } from './subject.ts';

/** Pages until the end; `between` is called behind each page. */
async function allPages(
  subject: () => Subject,
  wanted: { readonly module: string; readonly fields: readonly string[]; readonly limit: number },
  more: { readonly modifiedSince?: string; readonly between?: (page: number) => Promise<void> | void } = {},
): Promise<string[][]> {
  const { modifiedSince, between } = more;
  const since = modifiedSince === undefined ? {} : { modifiedSince };
  const pages: string[][] = [];
  for (let cursor: string | undefined; pages.length < 50; ) {
    const at = cursor === undefined ? {} : { cursor };
    const page = done(await subject().crm.listRecords({ ...wanted, ...since, ...at }));
    pages.push(page.records.map(({ id }) => id));
    if (page.next === undefined) return pages;
    cursor = page.next;
    await between?.(pages.length);
  }
  throw new Error('the list has no end');
}

const count = 5;
const numberOf = (at: number): string => `+1415555020${at}`;

export function lists<Settings>(subject: () => Subject, of: Conformance<Settings>): void {
  listsRecords(subject, of);
  walksOn(subject, of);
  knowsUsers(subject, of);
}

function tools<Settings>(subject: () => Subject, { connector, person }: Conformance<Settings>) {
  const wanted = { module: person.module, fields: [person.phoneField], limit: 2 };
  const several = (): string[] => Array.from({ length: count }, (_, at) => subject().person(numberOf(at)));
  const isAble = connector.cannot['list-records'] === undefined;
  const among = (pages: string[][], ids: readonly string[]): string[] => pages.flat().filter((id) => ids.includes(id));

  return { wanted, several, isAble, among };
}

function listsRecords<Settings>(subject: () => Subject, of: Conformance<Settings>): void {
  const { connector, person } = of;
  const { wanted, several, isAble, among } = tools(subject, of);

  test(cases.pages.title, async () => {
    if (!isAble) return;
    const ids = several();
    const pages = await allPages(subject, wanted);
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(2);
    expect(among(pages, ids).toSorted()).toEqual(ids.toSorted());
    expect(await allPages(subject, wanted)).toEqual(pages);
    const whole = done(await subject().crm.listRecords({ ...wanted, limit: 100_000 }));
    const first = whole.records.find(({ id }) => id === ids[0]);
    expect(first).toMatchObject({ module: person.module, fields: { [person.phoneField]: numberOf(0) } });
    expect(first?.name).toContain('Ann');
  });

  test(cases.changedBetween.title, async () => {
    if (!isAble || connector.cannot.update !== undefined) return;
    const ids = several();
    const [field, value] = person.change;
    const change = async (id = ''): Promise<void> =>
      done(await subject().crm.update({ module: person.module, id }, { [field]: value }));
    const pages = await allPages(subject, wanted, {
      between: async (page) => {
        if (page === 1) await change(ids[0]);
        if (page === 1) await change(ids[count - 1]);
      },
    });
    expect(among(pages, ids).toSorted()).toEqual(ids.toSorted());
  });

  test(cases.since.title, async () => {
    if (!isAble) return;
    const ids = several();
    const all = await allPages(subject, wanted, { modifiedSince: '2020-01-01T00:00:00Z' });
    expect(among(all, ids).toSorted()).toEqual(ids.toSorted());
    const { records } = done(await subject().crm.listRecords({ ...wanted, limit: 100 }));
    if (records.some(({ modifiedAt }) => modifiedAt === undefined)) return;
    expect(among(await allPages(subject, wanted, { modifiedSince: '2099-01-01T00:00:00Z' }), ids)).toEqual([]);
  });
}

function walksOn<Settings>(subject: () => Subject, of: Conformance<Settings>): void {
  const { wanted, several, isAble } = tools(subject, of);

  test(cases.emptyList.title, async () => {
    if (!isAble) return;
    const pages = await allPages(subject, { ...wanted, limit: 100 });
    const own = pages.flat();
    expect(pages.length).toBe(1);
    const ids = several();
    expect(ids.some((id) => own.includes(id))).toBe(false);
  });

  test(cases.waitInList.title, async () => {
    if (!isAble) return;
    const ids = several();
    const seen: string[] = [];
    for (let cursor: string | undefined, turn = 0; turn < 50; turn += 1) {
      const ask = () => subject().crm.listRecords({ ...wanted, ...(cursor === undefined ? {} : { cursor }) });
      if (turn === 1) {
        subject().fake.failNext(of.throttled);
        expect(failureOf(await ask())).toMatchObject({ class: 'throttled', retryAt: expect.any(Date) });
      }
      const page = done(await ask());
      seen.push(...page.records.map(({ id }) => id));
      cursor = page.next;
      if (cursor === undefined) break;
    }
    expect(seen.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
  });

  test(cases.strangeCursor.title, async () => {
    if (!isAble) return;
    await subject().crm.listRecords({ ...wanted, cursor: 'http://127.0.0.1:9/steal?credentials' });
    for (const { headers } of subject().fake.calls) expect(headers.host).toBe(new URL(subject().fake.url).host);
  });
}

function knowsUsers<Settings>(subject: () => Subject, of: Conformance<Settings>): void {
  const { connector } = of;

  test(cases.users.title, async () => {
    if (connector.cannot['list-users'] !== undefined || of.user === undefined) {
      expect(of.user).toBeUndefined();
      expect(connector.cannot['list-users']).toBeDefined();
      return;
    }
    const id = subject().fake.seed(of.user.module, of.user.values);
    const users = [];
    for (let cursor: string | undefined, turn = 0; turn < 50; turn += 1) {
      const page = done(await subject().crm.listUsers(cursor));
      users.push(...page.users);
      cursor = page.next;
      if (cursor === undefined) break;
    }
    expect(users.filter((one) => one.id === id)).toEqual([{ id, ...of.user.told }]);
    expect(new Set(users.map((one) => one.id)).size).toBe(users.length);
  });

  test(cases.presence.title, async () => {
    if (connector.cannot.presence !== undefined || of.user === undefined) {
      expect(connector.cannot.presence ?? '').not.toBe('');
      return;
    }
    const { crm, fake } = subject();
    const userId = fake.seed(of.user.module, of.user.values);
    const states = ['available', 'away', 'away', 'offline'] as const;
    for (const state of states) {
      done(await crm.setPresence({ userId, state, reason: 'Lunch' }));
      expect(fake.presenceOf?.(userId)).toMatch(
        new RegExp(state === 'available' ? 'online|ready|available' : state, 'i'),
      );
    }
    const strange = await crm.setPresence({ userId, state: 'busy', word: 'No such word' });
    expect(failureOf(strange).class).toBe('permanent');
  });
}
