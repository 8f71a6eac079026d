import { suiteCrmV4 } from '../../../src/suitecrm-v4/connector.ts';
import type { Settings } from '../../../src/suitecrm-v4/settings.ts';
import { bea, type Conformance } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { type FakeSuiteCrmV4, startFakeSuiteCrmV4 } from './fake.ts';

export const argumentsOf = ({ form }: CrmCall) =>
  JSON.parse(form.get('rest_data') ?? '{}') as Readonly<Record<string, unknown>>;

export const isLog = (call: CrmCall): boolean =>
  call.form.get('method') === 'set_entry' && argumentsOf(call).module_name === 'Calls';

/** SuiteCRM's older API as the conformance suite takes it. */
export const subjectOf = (
  settings: Partial<Settings> = {},
  start: () => Promise<FakeSuiteCrmV4> = startFakeSuiteCrmV4,
): Conformance<Settings> => ({
  connector: suiteCrmV4,
  start,
  connection: () => ({ settings }),
  person: {
    module: 'Contacts',
    values: ({ first, last }, phone) => ({ first_name: first, last_name: last, phone_mobile: phone }),
    phoneField: 'phone_mobile',
    // What SQL must not take for more than text, and what comes back as entities.
    change: ['title', 'Countess d\'O\\Hara & <"Co">'],
  },
  user: {
    module: 'Users',
    values: { first_name: 'Bea', last_name: 'Agent', user_name: bea.username, email1: bea.email, status: 'Inactive' },
    told: { ...bea, active: false },
  },
  // No 429 anywhere in its source: one in front of it may.
  throttled: { status: 429, headers: { 'retry-after': '2' } },
  refused: { body: { name: 'Access Denied', number: 40, description: 'You do not have access for +14155550123' } },
  linkFrom: { module: 'Accounts', values: { name: 'Hara' } },
  isLog,
  durationStep: 60,
});
