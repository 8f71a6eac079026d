import { describe, expect, onTestFinished, test } from 'vitest';
import { suiteCrm } from '../../../src/suitecrm/connector.ts';
import type { Settings } from '../../../src/suitecrm/settings.ts';
import { conformance } from '../conformance/index.ts';
import { bea, type Conformance, done, failureOf, setUp } from '../conformance/subject.ts';
import { startFakeSuiteCrm } from './fake.ts';

const subject: Conformance<Settings> = {
  connector: suiteCrm,
  start: () => startFakeSuiteCrm(),
  headers: { authorization: 'Bearer REDACTED.JWT.TOKEN' },
  person: {
    module: 'Contacts',
    values: ({ first, last }, phone) => ({ first_name: first, last_name: last, phone_mobile: phone }),
    phoneField: 'phone_mobile',
    change: ['title', 'Countess'],
  },
  user: {
    module: 'Users',
    values: { first_name: 'Bea', last_name: 'Agent', user_name: bea.username, email1: bea.email, status: 'Active' },
    told: { ...bea, active: true },
  },
  // No 429 anywhere in its source: one in front of it may.
  throttled: { status: 429, headers: { 'retry-after': '2' } },
  refused: {
    status: 400,
    body: { errors: { status: 400, title: null, detail: 'Property nope in Call module is invalid' } },
  },
  isLog: ({ method, path, json }) =>
    method === 'POST' && path.at(-1) === 'module' && (json as { data: { type: string } }).data.type === 'Calls',
  durationStep: 60,
};

conformance(subject);

async function open(options: Parameters<typeof startFakeSuiteCrm>[0] = {}) {
  const opened = await setUp({ ...subject, start: () => startFakeSuiteCrm(options) });
  onTestFinished(() => opened.close());
  return opened;
}

describe('mail addresses', () => {
  const address = 'ann@example.com';

  test('of which SuiteCRM still knew found whoever has it no more, and others twice', async () => {
    const { crm, fake } = await open();
    fake.seed('Contacts', { last_name: 'Before', email1: 'new@example.com', former_mail: address });
    const ids = ['Contacts', 'Leads'].map((module) => fake.seed(module, { last_name: 'Now', email1: address }));
    const account = fake.seed('Accounts', { name: 'Now', email1: address });
    const found = done(await crm.searchByEmail({ address: 'Ann@example.com' }));
    expect(found.map(({ id }) => id)).toEqual([...ids, account]);
  });

  test('are not searched for by old versions, which is said, and not taken for nobody', async () => {
    const { crm, fake } = await open({ findsMail: false });
    fake.seed('Contacts', { last_name: 'Now', email1: address });
    const failure = failureOf(await crm.searchByEmail({ address }));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_no_mail_search' });
    expect(failure.message).toContain('suitecrm-v4');
    const filter = { module: 'Contacts', equals: { nope: 'x' }, fields: [], limit: 5 };
    expect(failureOf(await crm.find(filter))).toMatchObject({ code: 'crm_refused' });
  });
});
