import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Crm } from '../../../src/index.ts';
import { done, entry, failureOf, number } from '../conformance/subject.ts';
import { type CrmCall, startFakeHttp } from '../fake-http.ts';
import { opened, subjectOf } from './subject.ts';

const recorded = z
  .record(
    z.string(),
    z.object({ path: z.string(), asked: z.record(z.string(), z.unknown()), status: z.number(), answer: z.unknown() }),
  )
  .parse(JSON.parse(readFileSync(new URL('./recordings/odoo-19.json', import.meta.url), 'utf8')));

const recording = (name: string): (typeof recorded)[string] => {
  const found = Object.entries(recorded).find(([key]) => key.startsWith(name));
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found[1];
};

/** A server that answers as the real one did: what is asked of a model with the recordings of it in this order. */
async function replayed<Value>(names: readonly string[], act: (crm: Crm) => Promise<Value>): Promise<Value> {
  const rest = names.map(recording);
  const start = async () => ({
    ...(await startFakeHttp(({ path }) => {
      const at = rest.findIndex((one) => one.path.split('/')[3] === path[2]);
      const [next] = at < 0 ? [] : rest.splice(at, 1);
      return next === undefined ? { status: 404, body: 'not recorded' } : { status: next.status, body: next.answer };
    })),
    seed: () => '9',
    loggedCalls: () => [],
  });
  return act((await opened({ ...subjectOf({}), start })).crm);
}

const partner = { module: 'res.partner', id: '9' };

test('what a real one answered is read', async () => {
  const fields = done(await replayed(['05'], (crm) => crm.listFields('mail.activity')));
  expect(fields).toContainEqual(expect.objectContaining({ name: 'date_deadline', type: 'date', required: true }));
  const described = done(await replayed(['04'], (crm) => crm.listFields('res.partner')));
  expect(described.map(({ name, type }) => [name, type])).toContainEqual(['phone', 'phone']);
  expect(done(await replayed(['06'], (crm) => crm.listModules()))).toContainEqual({ name: 'crm.lead', label: 'Lead' });
  expect(done(await replayed(['07'], (crm) => crm.create('res.partner', { name: 'Ada' })))).toEqual(partner);
  const read = done(await replayed(['11'], (crm) => crm.read(partner, ['phone'])));
  expect(read).toMatchObject({ ...partner, fields: { phone: '+1 202-555-0582' } });
  expect(done(await replayed(['28'], (crm) => crm.read({ ...partner, id: '999999' }, ['name'])))).toBeUndefined();
  done(await replayed(['12'], (crm) => crm.update(partner, { function: 'Countess' })));
  const key = { module: 'res.partner', field: 'id', value: 'caller_5610582' };
  for (const name of ['13', '14'])
    expect(done(await replayed([name], (crm) => crm.upsert(key, { name: 'Ada' })))).toEqual({ ...partner, id: '10' });
});

test('who was found by a number that is written otherwise there is who has it', async () => {
  const found = done(await replayed(['09', '16'], (crm) => crm.searchByPhone({ number: '+12025550582' })));
  expect(found).toMatchObject({
    searched: true,
    hits: [
      { module: 'res.partner', id: '9', match: 'e164', field: 'phone' },
      { module: 'crm.lead', id: '2' },
    ],
  });
});

test('what a real one refused is refused for good, though the status is 500', async () => {
  const refused = async (name: string): Promise<object> =>
    failureOf(await replayed([name], (crm) => crm.find({ module: 'res.partner', fields: [], limit: 1 }))).toData();
  for (const name of ['26', '27']) {
    expect(await refused(name)).toMatchObject({ class: 'permanent', code: 'crm_refused', status: 500 });
    expect(JSON.stringify(await refused(name))).not.toContain('Traceback');
  }
  const invalid = await replayed(['29'], (crm) => crm.create('res.partner', { name: false }));
  expect(failureOf(invalid).message).toContain('Contacts require a name');
  const gone = await replayed(['24'], (crm) => crm.find({ module: 'res.nope', fields: [], limit: 1 }));
  expect(gone).toEqual({ outcome: 'done', value: [] });
});

test('every request has the arguments that a real one took', async () => {
  const subject = await opened(subjectOf({ settings: { log: 'activity' } }));
  const { crm, fake } = subject;
  const about = [{ module: 'res.partner', id: subject.person(number) }];
  done(await crm.test());
  done(await crm.listModules());
  done(await crm.listFields('res.partner'));
  done(await crm.searchByPhone({ number }));
  done(await crm.create('res.partner', { name: 'Ada' }));
  done(await crm.upsert({ module: 'res.partner', field: 'id', value: 'ada' }, { name: 'Ada' }));
  done(await crm.logCall({ ...entry, about }));
  done(await crm.logCall({ ...entry, about }));
  done(await crm.attachNote({ module: 'res.partner', id: subject.person(number) }, 'note'));
  for (const call of fake.calls) expect([call.path[3], unheardOf(call)]).toEqual([call.path[3], []]);
});

/** As HTML is what no recording has: it is a setting. */
const unrecorded = ['body_is_html'];

function unheardOf({ path, json }: CrmCall): string[] {
  const same = Object.values(recorded).filter((one) => one.status === 200 && one.path.split('/')[4] === path[3]);
  const known = same.flatMap(({ asked }) => Object.keys(asked));
  expect([path[3], same.length > 0]).toEqual([path[3], true]);
  return Object.keys(json as object).filter((name) => !known.includes(name) && !unrecorded.includes(name));
}
