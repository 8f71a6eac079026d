/** What this fake organisation knows: columns with their kind, and properties that lead to other tables. */
interface FakeColumn {
  readonly name: string;
  readonly type:
    | 'String'
    | 'Memo'
    | 'Boolean'
    | 'Integer'
    | 'DateTime'
    | 'Picklist'
    | 'Uniqueidentifier'
    | 'State'
    | 'Status';
  readonly maxLength?: number;
  readonly format?: 'Phone' | 'Email' | 'Url' | 'Text';
  readonly required?: boolean;
  /** Nobody writes it. */
  readonly isFixed?: boolean;
}

export interface FakeTable {
  readonly set: string;
  readonly idColumn: string;
  readonly nameColumn: string;
  readonly columns: readonly FakeColumn[];
  /** Properties for `@odata.bind`, and the table that each leads to. */
  readonly leads: Readonly<Record<string, string>>;
  /** Columns of alternate keys. */
  readonly keys?: readonly string[];
}

const text = (name: string, maxLength = 100): FakeColumn => ({ name, type: 'String', maxLength, format: 'Text' });
const phone = (name: string): FakeColumn => ({ name, type: 'String', maxLength: 50, format: 'Phone' });
const required = (column: FakeColumn): FakeColumn => ({ ...column, required: true });
const common: readonly FakeColumn[] = [{ name: 'modifiedon', type: 'DateTime', isFixed: true }];
const id = (name: string): FakeColumn => ({ name, type: 'Uniqueidentifier', isFixed: true });

const person: readonly FakeColumn[] = [
  { name: 'fullname', type: 'String', isFixed: true, maxLength: 160, format: 'Text' },
  text('firstname', 50),
  required(text('lastname', 50)),
  text('jobtitle'),
  ...['telephone1', 'telephone2', 'telephone3', 'mobilephone'].map(phone),
  { name: 'emailaddress1', type: 'String', maxLength: 100, format: 'Email' },
  text('new_extid'),
];

const leadsTo = (form: (table: string) => string, tables: readonly string[]): Record<string, string> =>
  Object.fromEntries(tables.map((table) => [form(table), table]));

const matters = ['contact', 'lead', 'account', 'incident', 'opportunity'];

const tables: Readonly<Record<string, FakeTable>> = {
  contact: {
    set: 'contacts',
    idColumn: 'contactid',
    nameColumn: 'fullname',
    columns: [...common, id('contactid'), ...person],
    leads: { parentcustomerid_account: 'account' },
    keys: ['new_extid'],
  },
  lead: {
    set: 'leads',
    idColumn: 'leadid',
    nameColumn: 'fullname',
    columns: [...common, id('leadid'), ...person, required(text('subject', 300)), text('companyname')],
    leads: {},
  },
  account: {
    set: 'accounts',
    idColumn: 'accountid',
    nameColumn: 'name',
    columns: [
      ...common,
      id('accountid'),
      required(text('name', 160)),
      ...['telephone1', 'telephone2', 'telephone3'].map(phone),
    ],
    leads: {},
  },
  incident: {
    set: 'incidents',
    idColumn: 'incidentid',
    nameColumn: 'title',
    columns: [
      ...common,
      id('incidentid'),
      required(text('title', 200)),
      { name: 'description', type: 'Memo', maxLength: 2000 },
    ],
    leads: { customerid_contact: 'contact', customerid_account: 'account' },
  },
  opportunity: {
    set: 'opportunities',
    idColumn: 'opportunityid',
    nameColumn: 'name',
    columns: [...common, id('opportunityid'), required(text('name', 300))],
    leads: { customerid_contact: 'contact', customerid_account: 'account' },
  },
  phonecall: {
    set: 'phonecalls',
    idColumn: 'activityid',
    nameColumn: 'subject',
    columns: [
      ...common,
      id('activityid'),
      required(text('subject', 200)),
      { name: 'description', type: 'Memo', maxLength: 2000 },
      { name: 'phonenumber', type: 'String', maxLength: 200, format: 'Phone' },
      { name: 'directioncode', type: 'Boolean' },
      { name: 'actualdurationminutes', type: 'Integer' },
      { name: 'actualstart', type: 'DateTime' },
      { name: 'actualend', type: 'DateTime' },
      { name: 'statecode', type: 'State' },
      { name: 'statuscode', type: 'Status' },
    ],
    leads: { ownerid: 'systemuser' },
  },
  annotation: {
    set: 'annotations',
    idColumn: 'annotationid',
    nameColumn: 'subject',
    columns: [
      ...common,
      id('annotationid'),
      text('subject', 500),
      { name: 'notetext', type: 'Memo', maxLength: 100_000 },
    ],
    leads: leadsTo((table) => `objectid_${table}`, [...matters, 'phonecall']),
  },
  connection: {
    set: 'connections',
    idColumn: 'connectionid',
    nameColumn: 'name',
    columns: [...common, id('connectionid'), id('name')],
    leads: {
      ...leadsTo((table) => `record1id_${table}`, matters),
      ...leadsTo((table) => `record2id_${table}`, matters),
    },
  },
  systemuser: {
    set: 'systemusers',
    idColumn: 'systemuserid',
    nameColumn: 'fullname',
    columns: [
      ...common,
      id('systemuserid'),
      { name: 'fullname', type: 'String', isFixed: true },
      text('internalemailaddress'),
      text('domainname'),
      { name: 'isdisabled', type: 'Boolean' },
    ],
    leads: {},
  },
  new_policy: {
    set: 'new_policyset',
    idColumn: 'new_policyid',
    nameColumn: 'new_number',
    columns: [...common, id('new_policyid'), text('new_number')],
    leads: {},
  },
};

/** `regarding`: what the property is called by which a phone call leads to what it is about. */
export function tablesOf(regarding: (table: string) => string): Readonly<Record<string, FakeTable>> {
  const { phonecall } = tables;
  if (phonecall === undefined) return tables;
  return { ...tables, phonecall: { ...phonecall, leads: { ...phonecall.leads, ...leadsTo(regarding, matters) } } };
}

/** Why a column does not take a value. */
export function problemOf(
  { name, type, maxLength = Infinity, isFixed = false }: FakeColumn,
  value: unknown,
): string | undefined {
  if (isFixed) return `The property '${name}' cannot be written`;
  if (value === null) return undefined;
  const isText = type === 'String' || type === 'Memo';
  if (isText && typeof value === 'string' && value.length > maxLength)
    return `A validation error occurred. The length of the '${name}' attribute of the entity exceeded the maximum allowed length of '${maxLength}'.`;
  const fits = {
    String: () => typeof value === 'string',
    Memo: () => typeof value === 'string',
    Boolean: () => typeof value === 'boolean',
    DateTime: () => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(typeof value === 'string' ? value : ''),
    Uniqueidentifier: () => typeof value === 'string',
    Integer: () => Number.isInteger(value),
    Picklist: () => Number.isInteger(value),
    State: () => Number.isInteger(value),
    Status: () => Number.isInteger(value),
  };
  return fits[type]() ? undefined : `Cannot convert the value of property '${name}' to the expected type`;
}
