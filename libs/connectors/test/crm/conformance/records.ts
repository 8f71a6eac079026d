import { expect, test } from 'vitest';
import type { RecordRef } from '../../../src/index.ts';
import { cases } from './cases.ts';
import { ann, type Conformance, done, number, type Subject } from './subject.ts';

export function keepsRecords<Settings>(subject: () => Subject, of: Conformance<Settings>): void {
  const { connector, person } = of;
  const make = async (phone = number): Promise<RecordRef> =>
    done(await subject().crm.create(person.module, person.values(ann, phone)));

  test(cases.record.title, async () => {
    const { crm } = subject();
    const ref = await make();
    const [field, value] = person.change;
    done(await crm.update(ref, { [field]: value }));
    const fields = { [field]: value, [person.phoneField]: number };
    expect(done(await crm.read(ref, Object.keys(fields)))).toMatchObject({ ...ref, fields });
    if (connector.cannot.search !== undefined) return;
    const filter = { module: person.module, equals: { [field]: value }, fields: [field], limit: 5 };
    expect(done(await crm.find(filter)).map(({ id }) => id)).toEqual([ref.id]);
  });

  test(cases.missing.title, async () => {
    const { id, module } = await make();
    const missing = id.replace(/\w(?=\W*$)/, (last) => (last === '9' ? '8' : '9'));
    expect(done(await subject().crm.read({ module, id: missing }, [person.phoneField]))).toBeUndefined();
  });

  test(cases.upsert.title, async () => {
    const { crm } = subject();
    const { upsertField: field } = of;
    if (connector.cannot.upsert !== undefined || field === undefined) return;
    const key = { module: person.module, field, value: 'cti-4711' };
    const first = done(await crm.upsert(key, person.values(ann, number)));
    const [changed, value] = person.change;
    expect(done(await crm.upsert(key, { ...person.values(ann, number), [changed]: value }))).toEqual(first);
    expect(done(await crm.read(first, [changed]))?.fields[changed]).toBe(value);
  });

  test(cases.noteAndLink.title, async () => {
    const { crm } = subject();
    const [one, other] = [await make(), await make('+14155550188')];
    const { linkFrom, noteTo } = of;
    const noted = noteTo === undefined ? one : done(await crm.create(noteTo.module, noteTo.values));
    if (connector.cannot['attach-note'] === undefined) done(await crm.attachNote(noted, 'José & Co <b>called</b>'));
    const from = linkFrom === undefined ? one : done(await crm.create(linkFrom.module, linkFrom.values));
    if (connector.cannot.link === undefined) done(await crm.link(from, other));
  });

  test(cases.address.title, async () => {
    if (connector.cannot['deep-link'] !== undefined) return;
    const ref = await make();
    const address = new URL(subject().crm.deepLink(ref) ?? 'about:blank');
    expect(decodeURIComponent(address.href)).toContain(ref.id.replace(/^\d+x/, ''));
  });
}
