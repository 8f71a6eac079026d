import { espoCrm } from '../../../src/espocrm/connector.ts';
import type { Settings } from '../../../src/espocrm/settings.ts';
import { bea, type Conformance, type FakeCrm } from '../conformance/subject.ts';
import { apiKey } from './fake.ts';

/** EspoCRM as the conformance suite takes it. The suite makes the same person twice. */
export const subjectOf = (
  start: () => Promise<FakeCrm>,
  settings: Readonly<Record<string, unknown>> = { duplicates: 'create' },
): Conformance<Settings> => ({
  connector: espoCrm,
  start,
  connection: () => ({ settings }),
  headers: { 'x-api-key': apiKey },
  person: {
    module: 'Contact',
    values: ({ first, last }, phone) => ({ firstName: first, lastName: last, phoneNumber: phone }),
    phoneField: 'phoneNumber',
    change: ['description', 'Countess & "Co" <b>=</b> 100 %'],
  },
  user: {
    module: 'User',
    values: { name: bea.name, userName: bea.username, emailAddress: bea.email, isActive: true, type: 'regular' },
    told: { ...bea, active: true },
  },
  // No 429 anywhere in its source: one in front of it may.
  throttled: { status: 429, headers: { 'retry-after': '2' } },
  refused: {
    status: 400,
    headers: { 'x-status-reason': 'Field validation failure; entityType: Call, field: name, type: required.' },
    body: {
      messageTranslation: { label: 'validationFailure', scope: null, data: { field: 'name', type: 'required' } },
    },
  },
  isLog: ({ method, path }) => method === 'POST' && path.at(-1) === 'Call',
});
