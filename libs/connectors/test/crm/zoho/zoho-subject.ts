import { zoho } from '../../../src/zoho/connector.ts';
import type { Settings } from '../../../src/zoho/settings.ts';
import { bea, type Conformance, type FakeCrm } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { authorization, startFakeZoho } from './fake.ts';

export const keyed = { callKeyField: 'CTI_Key', recordingField: 'Voice_Recording__s', resultField: 'Call_Result' };

export const isLog = ({ method, path }: CrmCall): boolean => method === 'POST' && path.at(-1) === 'Calls';
export const rowError = (code: string, details: object = {}) => ({
  data: [{ status: 'error', code, message: 'the value pass-4711 of +14155550123', details }],
});

/** Zoho CRM as the conformance suite takes it. */
export const subjectOf = (
  settings: Record<string, unknown>,
  start: () => Promise<FakeCrm> = () => startFakeZoho(),
): Conformance<Settings> => ({
  connector: zoho,
  start,
  connection: () => ({ settings: { orgId: '20075', webUrl: 'https://crm.zoho.eu', ...settings } }),
  headers: { authorization },
  person: {
    module: 'Contacts',
    values: ({ first, last }, phone) => ({ First_Name: first, Last_Name: last, Phone: phone }),
    phoneField: 'Phone',
    // What its query language must not take for more than text.
    change: ['Title', `Countess' or id is not null) & "Co" \\`],
  },
  throttled: { status: 429, body: { code: 'TOO_MANY_REQUESTS', details: {}, message: 'slow down', status: 'error' } },
  refused: { status: 202, body: rowError('MANDATORY_NOT_FOUND', { api_name: 'Subject' }) },
  user: {
    module: 'users',
    values: { full_name: bea.name, email: bea.email, status: 'active' },
    told: { name: bea.name, email: bea.email, active: true },
  },
  upsertField: 'CTI_Id',
  isLog,
});
