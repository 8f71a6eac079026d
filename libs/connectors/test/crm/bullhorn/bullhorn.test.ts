import { describe, expect, onTestFinished, test } from 'vitest';
import { bullhorn } from '../../../src/bullhorn/connector.ts';
import type { Settings } from '../../../src/bullhorn/settings.ts';
import { conformance } from '../conformance/index.ts';
import { bea, type Conformance, done, entry, failureOf, number, type Subject, setUp } from '../conformance/subject.ts';
import { startFakeBullhorn } from './fake.ts';
import { secrets } from './log-in.ts';

interface Options {
  readonly settings?: Partial<Settings>;
  readonly terms?: boolean;
}

const subjectOf = ({ settings = {}, terms = true }: Options = {}): Conformance<Settings> => ({
  connector: bullhorn,
  start: () => startFakeBullhorn({ terms }),
  connection: ({ url }) => ({
    baseUrl: `${url}/rest-services`,
    settings: { clientId: secrets.clientId, domain: '127.0.0.1', ...settings },
  }),
  person: {
    module: 'Candidate',
    values: ({ first, last }, phone) => ({ firstName: first, lastName: last, name: `${first} ${last}`, mobile: phone }),
    phoneField: 'mobile',
    change: ['occupation', 'Countess'],
  },
  user: {
    module: 'CorporateUser',
    values: { name: bea.name, username: bea.username, email: bea.email, isDeleted: true },
    told: { ...bea, active: false },
  },
  throttled: { status: 429, body: { errorMessage: 'too many', errorMessageKey: 'errors.rate', errorCode: 429 } },
  refused: {
    status: 400,
    body: { errorMessage: "Missing required field 'comments'", errorMessageKey: 'errors.missingField', errorCode: 400 },
  },
  isLog: ({ method, path }) => method === 'PUT' && path.at(-1) === 'Note',
  durationStep: 60,
});

conformance(subjectOf());

async function opened(options: Options = {}): Promise<Subject> {
  const subject = await setUp(subjectOf(options));
  onTestFinished(() => subject.close());
  return subject;
}

const isAt =
  (end: string) =>
  ({ path }: { readonly path: readonly string[] }) =>
    path.at(-1) === end;

describe('log-in', () => {
  test('the data centre of the user is found, and one log-in serves all that follows', async () => {
    const { crm, fake } = await opened();
    expect(done(await crm.test())).toEqual({ user: 'CTI User' });
    done(await crm.searchByPhone({ number }));
    const paths = fake.calls.map(({ path }) => path.join('/'));
    expect(paths.slice(0, 6)).toEqual([
      'rest-services/loginInfo',
      'rest-services/dc/loginInfo',
      'oauth/authorize',
      'oauth/token',
      'rest-services/login',
      'rest-services/e999/query/CorporateUser',
    ]);
    expect(fake.calls.filter(isAt('login')).length).toBe(1);
  });

  test('a session that is over: with the password again, as refresh tokens serve once', async () => {
    const { crm, fake } = await opened();
    done(await crm.test());
    fake.endSessions?.();
    done(await crm.test());
    expect(fake.calls.filter(isAt('token')).map(({ query }) => query.get('grant_type'))).toEqual([
      'authorization_code',
      'authorization_code',
    ]);
  });

  test('a token that Bullhorn does not know at all (412) is as one that is over', async () => {
    const { crm, fake } = await opened();
    done(await crm.test());
    fake.failNext({ status: 412, body: '' }, isAt('ping'));
    done(await crm.test());
    expect(fake.calls.filter(isAt('login')).length).toBe(2);
  });

  test('terms that nobody accepted, a wrong client id: the credentials are refused, and it says what to do', async () => {
    for (const options of [{ terms: false }, { settings: { clientId: 'other' } }]) {
      const { crm } = await opened(options);
      const failure = failureOf(await crm.test());
      expect(failure).toMatchObject({ class: 'destination-gone', code: 'credentials_refused' });
      expect(failure.message).toContain('accepted once in a browser');
    }
  });

  test('the secret of the application is refused: so are the credentials', async () => {
    const { crm, fake } = await opened();
    fake.failNext({ status: 400, body: { error: 'invalid_client' } }, isAt('token'));
    expect(failureOf(await crm.test())).toMatchObject({ class: 'destination-gone', code: 'credentials_refused' });
  });

  test('a log-in that points elsewhere gets no password', async () => {
    const { crm, fake } = await opened();
    const body = {
      oauthUrl: 'https://auth.bullhornstaffing.com.evil.test/oauth',
      restUrl: `${fake.url}/rest-services`,
    };
    fake.failNext({ body }, ({ path }) => path.at(-2) === 'dc');
    expect(failureOf(await crm.test())).toMatchObject({ class: 'permanent', code: 'address_refused' });
    expect(fake.calls.some(isAt('authorize'))).toBe(false);
  });

  test('data centres that send us round are left', async () => {
    const { crm, fake } = await opened();
    for (let count = 0; count < 5; count += 1)
      fake.failNext(
        { status: 307, headers: { location: `${fake.url}/rest-services/dc/loginInfo` } },
        isAt('loginInfo'),
      );
    expect(failureOf(await crm.test())).toMatchObject({ code: 'redirect_refused' });
    expect(fake.calls.length).toBe(4);
  });

  test('the settings need a client id', () => {
    expect(() => bullhorn.parseSettings({})).toThrow('expected the client id of the API key');
  });
});

describe('records', () => {
  test('times in ms, other entities as objects, and the whole name, which Bullhorn does not make', async () => {
    const { crm, fake } = await opened();
    const company = done(await crm.create('ClientCorporation', { name: 'Acme' }));
    const values = { firstName: 'Ann', lastName: "O'Hara", clientCorporation: company.id };
    const ref = done(await crm.create('ClientContact', values));
    expect(done(await crm.read(ref, ['clientCorporation']))).toMatchObject({
      name: "Ann O'Hara",
      fields: { clientCorporation: { id: Number(company.id) } },
      modifiedAt: expect.stringMatching(/^\d{4}-/) as string,
    });
    const ann = fake.seed('Candidate', { firstName: 'Ann', lastName: 'A', name: 'Ann A' });
    done(await crm.update({ module: 'Candidate', id: ann }, { dateNextCall: '2026-11-20T10:00:00Z' }));
    const [called] = done(
      await crm.find({ module: 'Candidate', equals: { lastName: 'A' }, fields: ['dateNextCall'], limit: 1 }),
    );
    expect(called?.fields.dateNextCall).toBe(Date.parse('2026-11-20T10:00:00Z'));
  });

  test('a field that is not there is told, though its status is that of a record that is not there', async () => {
    const { crm, fake } = await opened();
    const id = fake.seed('Candidate', { name: 'Ann' });
    const failure = failureOf(await crm.read({ module: 'Candidate', id }, ['mobil']));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_refused' });
    expect(failure.message).toContain("'mobil'");
  });

  test('Lucene where there is an index, conditions in the manner of SQL where there is none', async () => {
    const { crm, fake, ...subject } = await opened();
    const id = subject.person(number, { first: 'Ann', last: 'Quote "q" \\' });
    const found = async (module: string, more: object): Promise<string[]> =>
      done(await crm.find({ module, fields: ['name'], limit: 5, ...more })).map((one) => one.id);
    expect(await found('Candidate', { equals: { lastName: 'Quote "q" \\' } })).toEqual([id]);
    expect(await found('Candidate', { expression: 'lastName:Quote* OR firstName:"Ann"' })).toEqual([id]);
    expect(await found('CorporateUser', { equals: { username: "o'cti" } })).toEqual([]);
    expect(await found('CorporateUser', { expression: "username='cti'" })).toHaveLength(1);
    fake.seed('Candidate', { name: 'Gone', lastName: 'Gone', isDeleted: true });
    expect(await found('Candidate', { equals: { lastName: 'Gone' } })).toEqual([]);
  });
});

describe('calls', () => {
  test('a call is at everybody and everything it was about, also what became known later, once each', async () => {
    const { crm, fake, ...subject } = await opened();
    const [ann, job] = [subject.person(number), fake.seed('JobOrder', { title: 'Miner' })];
    const about = [
      { module: 'JobOrder', id: job },
      { module: 'Candidate', id: ann },
    ];
    done(await crm.logCall({ ...entry, about }));
    const lead = fake.seed('Lead', { name: 'Lead' });
    done(await crm.logCall({ ...entry, about: [...about, { module: 'Lead', id: lead }] }));
    expect(fake.loggedCalls().map((call) => call.about)).toEqual([[ann, job, lead]]);
  });

  test('what it was about is gone: the note is there once, however often it is tried', async () => {
    const { crm, fake, ...subject } = await opened();
    const about = [
      { module: 'Candidate', id: subject.person(number) },
      { module: 'JobOrder', id: '4711' },
    ];
    const refusal = { status: 400, body: { errorMessage: 'no such entity', errorMessageKey: 'errors.notFound' } };
    for (let tries = 0; tries < 2; tries += 1) {
      fake.failNext(refusal, isAt('NoteEntity'));
      fake.failNext(refusal, ({ method, path }) => method === 'PUT' && path.at(-1) === 'NoteEntity');
      expect(failureOf(await crm.logCall({ ...entry, about })).class).toBe('permanent');
    }
    expect(fake.loggedCalls().length).toBe(1);
  });

  test('a call about nobody is at our user, or at the person that the settings name', async () => {
    const ours = await opened();
    done(await ours.crm.logCall(entry));
    expect(ours.fake.loggedCalls()).toMatchObject([{ about: ['1001'] }]);
    const named = await opened({ settings: { unknownCallersTo: 77 } });
    done(await named.crm.logCall(entry));
    expect(named.fake.loggedCalls()).toMatchObject([{ about: ['77'] }]);
  });

  test('how notes are classed is a setting, and a key that is too long fits', async () => {
    const { crm, fake } = await opened({ settings: { inboundAction: 'Inbound Call', noteAction: 'Other' } });
    const key = 'k'.repeat(120);
    done(await crm.logCall({ ...entry, key }));
    done(await crm.attachNote({ module: 'JobOrder', id: fake.seed('JobOrder', { title: 'Miner' }) }, 'text'));
    const notes = fake.calls
      .filter(({ method, path }) => method === 'PUT' && path.at(-1) === 'Note')
      .map(({ json }) => json);
    expect(notes).toMatchObject([{ action: 'Inbound Call', commentingPerson: { id: 1001 } }, { action: 'Other' }]);
  });

  test('429 without a word of how long: a second', async () => {
    const { crm, fake } = await opened();
    fake.failNext({ status: 429, body: '' }, isAt('Note'));
    const { retryAt } = failureOf(await crm.logCall(entry));
    const waitMs = (retryAt?.getTime() ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1000);
  });
});
