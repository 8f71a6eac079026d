import { hubSpot } from '../../../src/hubspot/connector.ts';
import type { FakeCrm } from '../conformance/index.ts';
import { bea, type Conformance } from '../conformance/subject.ts';
import { startFakeHubSpot, token } from './fake.ts';

/** All that were started, with what they were asked. */
export const fakes: FakeCrm[] = [];

/** HubSpot with settings of a connection. `lagMs`: how long its search does not know what was written. */
export const subjectOf = (settings: object, lagMs = 0): Conformance<ReturnType<typeof hubSpot.parseSettings>> => ({
  connector: hubSpot,
  start: async () => {
    const fake = await startFakeHubSpot(lagMs);
    fakes.push(fake);
    return fake;
  },
  connection: () => ({ settings: { portalId: '62515', ...settings } }),
  headers: { authorization: `Bearer ${token}` },
  person: {
    module: 'contacts',
    values: ({ first, last }, phone) => ({ firstname: first, lastname: last, phone }),
    phoneField: 'phone',
    change: ['jobtitle', 'Countess'],
  },
  user: {
    module: 'owners',
    values: { firstName: 'Bea', lastName: 'Agent', email: bea.email },
    told: { name: bea.name, email: bea.email, active: true },
  },
  upsertField: 'customer_number',
  throttled: {
    status: 429,
    body: {
      status: 'error',
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      correlationId: 'c-1',
      policyName: 'TEN_SECONDLY_ROLLING',
    },
  },
  refused: {
    status: 400,
    body: {
      status: 'error',
      category: 'VALIDATION_ERROR',
      message: 'Property values were not valid: +14155550123',
      errors: [{ message: '"+14155550123"', code: 'INVALID_OPTION', context: { propertyName: ['hs_call_status'] } }],
    },
  },
  isLog: ({ method, path }) => method === 'POST' && path[3] === 'calls' && path[4] !== 'search',
});

/** With a property of calls that has unique values, and without. */
export const keyed = { callKeyProperty: 'cti_call_key' };
export const unkeyed = { searchLagMs: 0 };
