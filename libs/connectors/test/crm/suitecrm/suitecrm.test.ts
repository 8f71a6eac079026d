import { suiteCrm } from '../../../src/suitecrm/connector.ts';
import { conformance } from '../conformance/index.ts';
import { bea } from '../conformance/subject.ts';
import { startFakeSuiteCrm } from './fake.ts';

conformance({
  connector: suiteCrm,
  start: startFakeSuiteCrm,
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
});
