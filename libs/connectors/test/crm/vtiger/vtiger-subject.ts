import { vtiger } from '../../../src/vtiger/connector.ts';
import type { Settings } from '../../../src/vtiger/settings.ts';
import { bea, type Conformance, type FakeCrm } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';

const isLog = ({ method, form }: CrmCall): boolean => method === 'POST' && form.get('elementType') === 'PBXManager';
const refused = {
  success: false,
  error: { code: 'MANDATORY_FIELDS_MISSING', message: 'customernumber does not have a value' },
};

/** Vtiger as the conformance suite takes it. */
export const subjectOf = (start: () => Promise<FakeCrm>): Conformance<Settings> => ({
  connector: vtiger,
  start,
  person: {
    module: 'Contacts',
    values: ({ first, last }, phone) => ({ firstname: first, lastname: last, mobile: phone }),
    phoneField: 'mobile',
    // What its query language and MySQL behind it must not take for more than text.
    change: ['title', 'Countess & "Co" \\'],
  },
  user: {
    module: 'Users',
    values: { first_name: 'Bea', last_name: 'Agent', user_name: bea.username, email1: bea.email, status: 'Active' },
    told: { ...bea, active: true },
  },
  // No 429 anywhere in its source: one in front of it may.
  throttled: { status: 429, headers: { 'retry-after': '2' } },
  refused: { body: refused },
  isLog,
});

/** The same CRM by the REST API of the cloud. */
export const cloudOf = (start: () => Promise<FakeCrm>): Conformance<Settings> => ({
  ...subjectOf(start),
  connector: { ...vtiger, title: 'Vtiger Cloud' },
  connection: () => ({ settings: { api: 'cloud', callModule: 'PBXManager', notesField: 'cf_901' } }),
  headers: { authorization: `Basic ${Buffer.from('cti:pass-4711').toString('base64')}` },
  throttled: { status: 429, headers: { 'x-floodcontrol-minutelimit-remaining': '0' } },
  refused: { status: 400, body: refused },
});
