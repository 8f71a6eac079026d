import { describe, expect, test } from 'vitest';
import { conformance } from '../conformance/index.ts';
import { done, entry, failureOf, number } from '../conformance/subject.ts';
import { models } from './models.ts';
import { opened, subjectOf } from './subject.ts';

describe('calls are messages', () => {
  const of = subjectOf({});
  conformance(of);

  test('a call is in the chatter of everybody it was about, once each, also of those of whom it became known later', async () => {
    const subject = await opened(of);
    const { crm, fake } = subject;
    const [ann, lead] = [subject.person(number), fake.seed('crm.lead', { name: 'Lead', phone: number })];
    const about = [{ module: 'res.partner', id: ann }];
    const { ref } = done(await crm.logCall({ ...entry, about }));
    const later = [...about, { module: 'crm.lead', id: lead }];
    expect(done(await crm.logCall({ ...entry, about: later, notes: 'later' }))).toMatchObject({ ref, again: true });
    expect(fake.loggedCalls().map((call) => [call.about, call.text.includes('later')])).toEqual([
      [[ann], true],
      [[lead], true],
    ]);
  });

  test('the second record is gone: the first has the call once, however often it is tried', async () => {
    const subject = await opened(of);
    const { crm, fake } = subject;
    const about = [
      { module: 'res.partner', id: subject.person(number) },
      { module: 'crm.lead', id: '4711' },
    ];
    for (let tries = 0; tries < 2; tries += 1)
      expect(failureOf(await crm.logCall({ ...entry, about }))).toMatchObject({
        class: 'permanent',
        code: 'crm_no_record',
      });
    expect(fake.loggedCalls().length).toBe(1);
  });

  test('a key that others begin with, or that is a pattern of SQL, is no other call', async () => {
    const { crm, fake } = await opened(of);
    for (const key of ['i_1', 'i_12', 'ix1', 'i%'])
      expect(done(await crm.logCall({ ...entry, key })).again).toBe(false);
    expect(fake.loggedCalls().length).toBe(4);
  });

  test('users who may not send HTML send text', async () => {
    const { crm, fake } = await opened(subjectOf({ settings: { html: false } }));
    done(await crm.logCall(entry));
    expect(fake.calls.find(({ path }) => path[3] === 'message_post')?.json).not.toHaveProperty('body_is_html');
    expect(fake.loggedCalls()).toMatchObject([{ text: expect.stringContaining('José & Co') as string }]);
    expect(done(await crm.logCall({ ...entry, key: 'other' })).again).toBe(false);
  });

  test('calls about nobody are at the contact that the settings name', async () => {
    const subject = await opened(subjectOf({ settings: { unknownCallersTo: 11 } }));
    const { fake } = subject;
    expect(subject.person(number)).toBe('11');
    done(await subject.impatient(5000).logCall(entry));
    expect(fake.loggedCalls().map(({ about }) => about)).toEqual([['11']]);
  });
});

describe('calls are activities', () => {
  const of = subjectOf({ settings: { log: 'activity' } });
  conformance(of);

  test('one that was made but not completed is completed, not made again', async () => {
    const { crm, fake } = await opened(of);
    fake.failNext({ status: 503, body: 'down' }, ({ path }) => path[3] === 'action_feedback');
    expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
    done(await crm.logCall(entry));
    expect(fake.calls.filter(({ path }) => path[3] === 'create').length).toBe(1);
    expect(fake.loggedCalls()).toMatchObject([{ text: expect.stringContaining('Original note') as string }]);
  });
});

describe('what is its own', () => {
  test('the app CRM is not installed: nobody is found in leads, the contact is', async () => {
    const subject = await opened(subjectOf({ apps: Object.keys(models).filter((one) => one !== 'crm.lead') }));
    const { crm } = subject;
    const id = subject.person(number);
    expect(done(await crm.searchByPhone({ number }))).toMatchObject({ searched: true, hits: [{ id }] });
  });

  test('the address is none of an Odoo: a failure, not nobody', async () => {
    const { crm, fake } = await opened(subjectOf({}));
    fake.failNext({ status: 404, body: 'Not Found' });
    expect(failureOf(await crm.searchByPhone({ number, modules: ['res.partner'] }))).toMatchObject({
      code: 'http_404',
    });
  });

  test('the database is named where there are several', async () => {
    const { crm, fake } = await opened(subjectOf({ settings: { database: 'acme' } }));
    done(await crm.test());
    expect(fake.calls.every(({ headers }) => headers['x-odoo-database'] === 'acme')).toBe(true);
  });

  test('a key that is refused: the credentials are gone', async () => {
    const { crm } = await opened({ ...subjectOf({}), headers: { authorization: 'bearer nope' } });
    expect(failureOf(await crm.test())).toMatchObject({ class: 'destination-gone', code: 'credentials_refused' });
  });

  test('500 for what we asked wrongly is not tried again, and names the field', async () => {
    const { crm } = await opened(subjectOf({}));
    const failure = failureOf(await crm.create('res.partner', { name: 'Ann', mobile: number }));
    expect(failure).toMatchObject({ class: 'permanent', status: 500 });
    const wrong = failureOf(await crm.find({ module: 'res.partner', equals: { nope: 1 }, fields: [], limit: 1 }));
    expect(wrong.message).toContain('res.partner.nope');
  });

  test('times in UTC without a zone, nothing as false, and back', async () => {
    const { crm } = await opened(subjectOf({}));
    const values = { name: 'Ann', x_last_call: '2026-11-20T11:00:00+01:00', ref: null };
    const ref = done(await crm.create('res.partner', values));
    const fields = { x_last_call: '2026-11-20 10:00:00', ref: null, email: null };
    expect(done(await crm.read(ref, Object.keys(fields)))).toMatchObject({
      fields,
      modifiedAt: '2026-11-20T23:00:11Z',
    });
  });

  test('a domain is searched with; what is none says what is expected', async () => {
    const subject = await opened(subjectOf({}));
    const { crm } = subject;
    const id = subject.person(number);
    const filter = { module: 'res.partner', fields: ['phone'], limit: 5 };
    const expression = `["|", ["phone", "=", "${number}"], ["ref", "=", "x"]]`;
    expect(done(await crm.find({ ...filter, expression })).map((one) => one.id)).toEqual([id]);
    expect(failureOf(await crm.find({ ...filter, expression: 'phone = 1' })).message).toContain('expected JSON');
  });

  test('upsert: any text is a key, another field is none, and 200 may be a refusal', async () => {
    const { crm } = await opened(subjectOf({}));
    const key = { module: 'res.partner', field: 'id', value: 'ann@example.test / 1' };
    const first = done(await crm.upsert(key, { name: 'Ann' }));
    expect(done(await crm.upsert(key, { name: 'Ann', parent_id: Number(first.id) }))).toEqual(first);
    expect(failureOf(await crm.upsert({ ...key, field: 'ref' }, {})).message).toContain('expected the field id');
    expect(failureOf(await crm.upsert(key, { nope: 'x' }))).toMatchObject({ class: 'permanent', code: 'crm_refused' });
  });

  test('an id that Odoo cannot have is told, not sent', async () => {
    const { crm, fake } = await opened(subjectOf({}));
    expect(failureOf(await crm.update({ module: 'res.partner', id: '003x' }, { name: 'x' })).code).toBe('crm_id');
    expect(fake.calls).toEqual([]);
  });
});
