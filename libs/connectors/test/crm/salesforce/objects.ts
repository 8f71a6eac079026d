/** What this fake organisation knows. A field of calls and two of customers are its own. */
interface FakeField {
  readonly name: string;
  readonly type: string;
  readonly length?: number;
  readonly required?: boolean;
  readonly externalId?: boolean;
  readonly referenceTo?: readonly string[];
  /** Set when the record is made, or never by us. */
  readonly may?: 'create' | 'read';
  readonly choices?: readonly string[];
}

const text = (name: string, length = 255): FakeField => ({ name, type: 'string', length });
const phone = (name: string): FakeField => ({ name, type: 'phone', length: 40 });
const to = (name: string, ...referenceTo: string[]): FakeField => ({
  name,
  type: 'reference',
  length: 18,
  referenceTo,
});
const required = (field: FakeField): FakeField => ({ ...field, required: true });
const readOnly = (name: string, type: string): FakeField => ({ name, type, may: 'read' });
const externalId = (name: string): FakeField => ({ name, type: 'string', length: 80, externalId: true });

const common = [readOnly('Id', 'id'), readOnly('LastModifiedDate', 'datetime'), to('OwnerId', 'User')];
const person = [
  readOnly('Name', 'string'),
  text('FirstName', 40),
  required(text('LastName', 80)),
  text('Title', 128),
  phone('Phone'),
  phone('MobilePhone'),
  { name: 'Email', type: 'email', length: 80, externalId: true },
  externalId('Ext_Id__c'),
];

export const objects: Readonly<Record<string, { readonly prefix: string; readonly fields: readonly FakeField[] }>> = {
  Contact: {
    prefix: '003',
    fields: [
      ...common,
      ...person,
      phone('HomePhone'),
      phone('OtherPhone'),
      phone('AssistantPhone'),
      to('AccountId', 'Account'),
      to('ReportsToId', 'Contact'),
    ],
  },
  Lead: {
    prefix: '00Q',
    fields: [...common, ...person, required(text('Company')), readOnly('IsConverted', 'boolean')],
  },
  Account: { prefix: '001', fields: [...common, required(text('Name')), phone('Phone'), text('Website')] },
  Case: {
    prefix: '500',
    fields: [
      ...common,
      text('Subject'),
      text('Description', 32_000),
      text('SuppliedPhone', 40),
      { name: 'Origin', type: 'picklist', length: 40, choices: ['Phone', 'Email', 'Web'] },
      to('ContactId', 'Contact'),
      to('AccountId', 'Account'),
    ],
  },
  Opportunity: {
    prefix: '006',
    fields: [
      ...common,
      required(text('Name', 120)),
      required(text('StageName', 40)),
      required({ name: 'CloseDate', type: 'date' }),
      { name: 'Amount', type: 'currency' },
      to('AccountId', 'Account'),
    ],
  },
  WorkOrder: {
    prefix: '0WO',
    fields: [...common, readOnly('WorkOrderNumber', 'string'), text('Subject'), to('AccountId', 'Account')],
  },
  User: {
    prefix: '005',
    fields: [...common, text('Name'), text('Email'), text('Username'), { name: 'IsActive', type: 'boolean' }],
  },
  Task: {
    prefix: '00T',
    fields: [
      ...common,
      text('Subject'),
      { name: 'Status', type: 'picklist', length: 40 },
      { name: 'Priority', type: 'picklist', length: 40 },
      { name: 'TaskSubtype', type: 'picklist', length: 40, may: 'create' },
      { name: 'ActivityDate', type: 'date' },
      { name: 'CallType', type: 'picklist', length: 40, choices: ['Inbound', 'Outbound', 'Internal'] },
      { name: 'CallDurationInSeconds', type: 'int' },
      text('CallDisposition'),
      text('CallObject'),
      { name: 'Description', type: 'textarea', length: 32_000 },
      to('WhoId', 'Contact', 'Lead'),
      to('WhatId', 'Account', 'Opportunity', 'Case', 'WorkOrder'),
      externalId('CTI_Call_Id__c'),
      { name: 'Recording__c', type: 'url', length: 255 },
    ],
  },
};

export const fieldNames = (object: string): string[] => (objects[object]?.fields ?? []).map(({ name }) => name);

export interface Problem {
  readonly errorCode: string;
  readonly message: string;
  readonly fields?: readonly string[];
}

/** Why an object does not take these values. `create`: what is required is asked for too. */
export function problemOf(
  object: string,
  values: Readonly<Record<string, unknown>>,
  create: boolean,
): Problem | undefined {
  const known = objects[object]?.fields ?? [];
  const field = (name: string) => known.find((one) => one.name === name);
  const unknown = Object.keys(values).find((name) => field(name) === undefined);
  if (unknown !== undefined)
    return { errorCode: 'INVALID_FIELD', message: `No such column '${unknown}' on sobject of type ${object}` };
  const fixed = Object.keys(values).filter((name) => {
    const may = field(name)?.may;
    return may === 'read' || (may === 'create' && !create);
  });
  if (fixed.length > 0)
    return {
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message: `Unable to create/update fields: ${fixed.join(', ')}. Please check the security settings of this field.`,
      fields: fixed,
    };
  const missing = known.filter(({ name, required: needed }) => needed === true && create && values[name] === undefined);
  const names = missing.map(({ name }) => name);
  if (names.length > 0)
    return {
      errorCode: 'REQUIRED_FIELD_MISSING',
      message: `Required fields are missing: [${names.join(', ')}]`,
      fields: names,
    };
  return wrongValue(values, field);
}

function wrongValue(
  values: Readonly<Record<string, unknown>>,
  field: (name: string) => FakeField | undefined,
): Problem | undefined {
  for (const [name, value] of Object.entries(values)) {
    const { type = '', length = Infinity, choices } = field(name) ?? {};
    const fields = [name];
    if (typeof value === 'string' && value.length > length)
      return { errorCode: 'STRING_TOO_LONG', message: `${name}: data value too large: ${value}`, fields };
    if (type === 'date' && !/^\d{4}-\d\d-\d\d$/.test(String(value)))
      return { errorCode: 'JSON_PARSER_ERROR', message: `Cannot deserialize instance of date from ${String(value)}` };
    if (type === 'int' && !Number.isInteger(value))
      return { errorCode: 'JSON_PARSER_ERROR', message: `Cannot deserialize instance of int from ${String(value)}` };
    if (choices !== undefined && !choices.includes(String(value)))
      return { errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message: `bad value: ${String(value)}`, fields };
  }
  return undefined;
}
