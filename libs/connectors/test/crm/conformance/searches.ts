import { expect, test } from 'vitest';
import { cases } from './cases.ts';
import { ann, type Conformance, done, number, ownNumber, type Subject } from './subject.ts';

export function searches<Settings>(subject: () => Subject, { connector, person }: Conformance<Settings>): void {
  const search = async (wanted = number) => {
    const found = done(await subject().crm.searchByPhone({ number: wanted }));
    return found.searched ? found.hits : [];
  };

  test.each(['+14155550123', '14155550123', '4155550123', '(415) 555-0123', '+1 415 555 0123'])(
    cases.forms.title,
    async (stored) => {
      const id = subject().person(stored);
      subject().person('+14155550199', { first: 'Bob', last: 'Other' });
      const hits = await search();
      expect(hits.map((hit) => hit.id)).toEqual([id]);
      expect(hits[0]?.name).toContain('Ann');
      expect(hits[0]).toMatchObject({ module: person.module, field: person.phoneField });
    },
  );

  test(cases.everybody.title, async () => {
    const other = subject().person(number, { first: 'Nat', last: 'National' });
    const id = subject().person(number);
    expect(new Set((await search()).map((hit) => hit.id))).toEqual(new Set([id, other]));
    expect(await search('+14155559999')).toEqual([]);
  });

  test(cases.nobody.title, async () => {
    for (const wanted of ['1001', 'sip:ann@pbx', 'anonymous', ownNumber])
      expect(done(await subject().crm.searchByPhone({ number: wanted })).searched).toBe(false);
    expect(subject().fake.calls).toEqual([]);
  });

  test(cases.mail.title, async () => {
    const { crm } = subject();
    const field = connector.modules.find(({ module }) => module === person.module)?.emailField;
    const write = async (phone: string, email: string): Promise<string> => {
      const values = person.values(ann, phone);
      return done(await crm.create(person.module, field === undefined ? values : { ...values, [field]: email })).id;
    };
    const id = await write(number, 'ann.ohara@example.com');
    await write('+14155550199', 'other@example.com');
    const found = await crm.searchByEmail({ address: ' Ann.OHara@Example.com ', modules: [person.module] });
    if (connector.cannot['search-by-email'] !== undefined) expect(found.outcome).toBe('unable');
    else expect(done(found).map((one) => one.id)).toEqual([id]);
  });
}
