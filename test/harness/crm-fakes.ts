import { startFakeBullhorn } from '../../libs/connectors/test/crm/bullhorn/fake.ts';
import { secrets as bullhornSecrets } from '../../libs/connectors/test/crm/bullhorn/log-in.ts';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { startFakeDynamics } from '../../libs/connectors/test/crm/dynamics/fake.ts';
import { apiKey as espoKey, startFakeEspoCrm } from '../../libs/connectors/test/crm/espocrm/fake.ts';
import { token as hubSpotToken, startFakeHubSpot } from '../../libs/connectors/test/crm/hubspot/fake.ts';
import { apiKey as kustomerKey, startFakeKustomer } from '../../libs/connectors/test/crm/kustomer/fake.ts';
import { apiKey as odooKey, startFakeOdoo } from '../../libs/connectors/test/crm/odoo/fake.ts';
import { basic as oracleBasic, startFakeOracle } from '../../libs/connectors/test/crm/oracle/fake.ts';
import { token as pipedriveToken, startFakePipedrive } from '../../libs/connectors/test/crm/pipedrive/fake.ts';
import { customField } from '../../libs/connectors/test/crm/pipedrive/schema.ts';
import { houseCrm } from '../../libs/connectors/test/crm/proprietary/described.ts';
import { startFakeHouseCrm } from '../../libs/connectors/test/crm/proprietary/fake.ts';
import { scriptCrm } from '../../libs/connectors/test/crm/proprietary-i/described.ts';
import { startFakeScriptCrm } from '../../libs/connectors/test/crm/proprietary-i/fake.ts';
import { startFakeSalesforce } from '../../libs/connectors/test/crm/salesforce/fake.ts';
import { basic as serviceNowBasic, startFakeServiceNow } from '../../libs/connectors/test/crm/servicenow/fake.ts';
import { startFakeSugarCrm } from '../../libs/connectors/test/crm/sugarcrm/fake.ts';
import { startFakeSuiteCrm } from '../../libs/connectors/test/crm/suitecrm/fake.ts';
import { startFakeSuiteCrmV4 } from '../../libs/connectors/test/crm/suitecrm-v4/fake.ts';
import { startFakeVtiger } from '../../libs/connectors/test/crm/vtiger/fake.ts';
import { startFakeZendesk, authorization as zendeskHeader } from '../../libs/connectors/test/crm/zendesk/fake.ts';
import { startFakeZoho, authorization as zohoHeader } from '../../libs/connectors/test/crm/zoho/fake.ts';

/** A CRM as a connection to its fake is configured, and somebody in it. */
export interface CrmFake {
  readonly connector: string;
  readonly start: () => Promise<FakeCrm>;
  /** Of the connection, beside its address. */
  readonly connection?: (url: string) => Record<string, unknown>;
  /** Name and value of the header by which we get in. Absent: with user and password. */
  readonly header?: readonly [name: string, value: string];
  readonly module: string;
  /** Somebody with this number. */
  readonly person: (phone: string) => Record<string, unknown>;
  /** A text field of his that nothing else writes. */
  readonly field: string;
}

const bearer = (token: string): readonly [string, string] => ['authorization', `Bearer ${token}`];
const suitePerson = (phone: string) => ({ first_name: 'Joe', last_name: 'Caller', phone_mobile: phone });
const settings = (values: object) => () => ({ settings: values });

/** Every CRM that there is a connector for. */
export const crmFakes: readonly CrmFake[] = [
  {
    connector: 'bullhorn',
    start: () => startFakeBullhorn(),
    connection: (url) => ({
      baseUrl: `${url}/rest-services`,
      settings: { clientId: bullhornSecrets.clientId, domain: '127.0.0.1' },
    }),
    module: 'Candidate',
    person: (phone) => ({ firstName: 'Joe', lastName: 'Caller', name: 'Joe Caller', mobile: phone }),
    field: 'occupation',
  },
  {
    connector: 'dynamics',
    start: () => startFakeDynamics(),
    header: bearer('eyJ0.entra'),
    module: 'contact',
    person: (phone) => ({ firstname: 'Joe', lastname: 'Caller', mobilephone: phone }),
    field: 'jobtitle',
  },
  {
    connector: 'espocrm',
    start: startFakeEspoCrm,
    connection: settings({ duplicates: 'create' }),
    header: ['x-api-key', espoKey],
    module: 'Contact',
    person: (phone) => ({ firstName: 'Joe', lastName: 'Caller', phoneNumber: phone }),
    field: 'description',
  },
  {
    connector: 'hubspot',
    start: () => startFakeHubSpot(),
    connection: settings({ portalId: '62515', callKeyProperty: 'cti_call_key' }),
    header: bearer(hubSpotToken),
    module: 'contacts',
    person: (phone) => ({ firstname: 'Joe', lastname: 'Caller', phone }),
    field: 'jobtitle',
  },
  {
    connector: 'kustomer',
    start: startFakeKustomer,
    connection: settings({ appUrl: 'https://acme.kustomerapp.com' }),
    header: bearer(kustomerKey),
    module: 'customer',
    person: (phone) => ({ name: 'Joe Caller', phone }),
    field: 'custom.titleStr',
  },
  {
    connector: 'odoo',
    start: () => startFakeOdoo(),
    header: ['authorization', `bearer ${odooKey}`],
    module: 'res.partner',
    person: (phone) => ({ name: 'Joe Caller', phone }),
    field: 'function',
  },
  {
    connector: 'oracle',
    start: () => startFakeOracle(),
    header: ['authorization', oracleBasic],
    module: 'contacts',
    person: (phone) => ({ FirstName: 'Joe', LastName: 'Caller', MobileNumber: phone }),
    field: 'JobTitle',
  },
  {
    connector: 'pipedrive',
    start: startFakePipedrive,
    connection: settings({ company: 'acme' }),
    header: ['x-api-token', pipedriveToken],
    module: 'persons',
    person: (phone) => ({ name: 'Joe Caller', phone }),
    field: customField,
  },
  {
    connector: 'proprietary',
    start: startFakeHouseCrm,
    connection: () => ({ described: houseCrm }),
    header: ['x-house-key', 'k-4711'],
    module: 'contact',
    person: (phone) => ({ first_name: 'Joe', last_name: 'Caller', phone }),
    field: 'city',
  },
  {
    connector: 'proprietary-i',
    start: startFakeScriptCrm,
    connection: (url) => ({ baseUrl: `${url}?apikey=k-4711`, described: scriptCrm }),
    module: 'customer',
    person: (phone) => ({ first: 'Joe', last: 'Caller', tel: phone }),
    field: 'note',
  },
  {
    connector: 'salesforce',
    start: () => startFakeSalesforce(),
    connection: settings({ callKeyField: 'CTI_Call_Id__c', recordingField: 'Recording__c' }),
    header: bearer('00Dxx0000001gPF!AQ'),
    module: 'Contact',
    person: (phone) => ({ FirstName: 'Joe', LastName: 'Caller', MobilePhone: phone }),
    field: 'Title',
  },
  {
    connector: 'servicenow',
    start: () => startFakeServiceNow(),
    connection: settings({ callKeyColumn: 'u_call_id' }),
    header: ['authorization', serviceNowBasic],
    module: 'sys_user',
    person: (phone) => ({ first_name: 'Joe', last_name: 'Caller', mobile_phone: phone }),
    field: 'title',
  },
  { connector: 'sugarcrm', start: () => startFakeSugarCrm(), module: 'Contacts', person: suitePerson, field: 'title' },
  {
    connector: 'suitecrm',
    start: startFakeSuiteCrm,
    header: bearer('REDACTED.JWT.TOKEN'),
    module: 'Contacts',
    person: suitePerson,
    field: 'title',
  },
  { connector: 'suitecrm-v4', start: startFakeSuiteCrmV4, module: 'Contacts', person: suitePerson, field: 'title' },
  {
    connector: 'vtiger',
    start: startFakeVtiger,
    module: 'Contacts',
    person: (phone) => ({ firstname: 'Joe', lastname: 'Caller', mobile: phone }),
    field: 'title',
  },
  {
    connector: 'zendesk',
    start: () => startFakeZendesk(),
    header: ['authorization', zendeskHeader],
    module: 'users',
    person: (phone) => ({ name: 'Joe Caller', phone }),
    field: 'notes',
  },
  {
    connector: 'zoho',
    start: () => startFakeZoho(),
    connection: settings({ orgId: '20075', webUrl: 'https://crm.zoho.eu', callKeyField: 'CTI_Key' }),
    header: ['authorization', zohoHeader],
    module: 'Contacts',
    person: (phone) => ({ First_Name: 'Joe', Last_Name: 'Caller', Phone: phone }),
    field: 'Title',
  },
];

/** What a connection to a fake and its log-in are in the configuration, and the secrets that they name. */
export function connectionTo(of: CrmFake, { url }: FakeCrm, more: object = {}) {
  const { connector: id, header, connection } = of;
  const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
  const user = { username: 'cti', password: 'crm-password', clientSecret: 'crm-client-secret' };
  const authentication =
    header === undefined
      ? undefined
      : { id, name: id, kind: 'api-key', in: 'header', field: header[0], key: `key-${id}` };
  return {
    authentication,
    connection: {
      id,
      name: id,
      connector: id,
      baseUrl: url,
      egress,
      ...(authentication === undefined ? user : { authentication: id }),
      ...connection?.(url),
      ...more,
    },
    secrets: {
      'crm-password': 'pass-4711',
      'crm-client-secret': 'client-pass-4711',
      ...(header === undefined ? {} : { [`key-${id}`]: header[1] }),
    },
  };
}
