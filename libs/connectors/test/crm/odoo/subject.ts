import { onTestFinished } from 'vitest';
import { odoo } from '../../../src/odoo/connector.ts';
import type { Settings } from '../../../src/odoo/settings.ts';
import { bea, type Conformance, type Subject, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { apiKey, startFakeOdoo } from './fake.ts';

interface Options {
  readonly settings?: Partial<Settings>;
  /** Models that are installed; all. */
  readonly apps?: readonly string[];
}

/** Odoo as the conformance suite wants to know it. */
export const subjectOf = ({ settings = {}, apps }: Options): Conformance<Settings> => ({
  connector: odoo,
  start: () => startFakeOdoo(apps),
  connection: () => ({ settings }),
  headers: { authorization: `bearer ${apiKey}` },
  person: {
    module: 'res.partner',
    values: ({ first, last }, phone) => ({ name: `${first} ${last}`, phone }),
    phoneField: 'phone',
    change: ['function', 'Countess'],
  },
  user: {
    module: 'res.users',
    values: { name: bea.name, login: bea.username, email: bea.email, active: true, share: false },
    told: { ...bea, active: true },
  },
  // Its source has no limits: a proxy in front of it may.
  throttled: { status: 429, headers: { 'retry-after': '2' } },
  refused: {
    status: 422,
    body: {
      name: 'odoo.exceptions.ValidationError',
      message: 'The operation cannot be completed: Contacts require a name',
    },
  },
  upsertField: 'id',
  isLog: settings.log === 'activity' ? isCreate : isPost,
});

const isPost = ({ path }: CrmCall): boolean => path[3] === 'message_post';
const isCreate = ({ path }: CrmCall): boolean => path[2] === 'mail.activity' && path[3] === 'create';

/** A subject of a test's own, closed when the test is over. */
export async function opened(of: Conformance<Settings>): Promise<Subject> {
  const subject = await setUp(of);
  onTestFinished(() => subject.close());
  return subject;
}
