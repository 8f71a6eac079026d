/** A field: nothing is known of it, the length of its column, or the modules that it refers to. */
type Field = undefined | number | readonly string[];

interface FakeModule {
  readonly prefix: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly mandatory: readonly string[];
}

/** Fields that the CRM fills in. */
export const ofEverything = ['createdtime', 'modifiedtime', 'source'];

const fields = (...names: string[]): Record<string, Field> =>
  Object.fromEntries([...names, ...ofEverything, 'assigned_user_id'].map((name) => [name, undefined]));

/** Modules of a Vtiger 8.2.0, with the fields that matter here. `cf_901` is one that an administrator made. */
export const modules: Readonly<Record<string, FakeModule>> = {
  Users: {
    prefix: '19',
    fields: fields('user_name', 'first_name', 'last_name', 'email1', 'status'),
    mandatory: [],
  },
  Leads: {
    prefix: '10',
    fields: fields('firstname', 'lastname', 'company', 'phone', 'mobile', 'email', 'description'),
    mandatory: ['lastname'],
  },
  Accounts: {
    prefix: '11',
    fields: fields('accountname', 'phone', 'otherphone', 'email1', 'website', 'description'),
    mandatory: ['accountname'],
  },
  Contacts: {
    prefix: '12',
    fields: {
      ...fields('firstname', 'lastname', 'phone', 'mobile', 'homephone', 'otherphone', 'email', 'title', 'description'),
      account_id: ['Accounts'],
    },
    mandatory: ['lastname'],
  },
  Potentials: { prefix: '13', fields: fields('potentialname', 'closingdate', 'sales_stage', 'amount'), mandatory: [] },
  HelpDesk: {
    prefix: '17',
    fields: fields('ticket_title', 'ticketstatus', 'description'),
    mandatory: ['ticket_title'],
  },
  Events: {
    prefix: '18',
    fields: {
      ...fields('activitytype', 'eventstatus', 'date_start', 'time_start', 'due_date', 'time_end', 'description'),
      duration_hours: undefined,
      subject: 100,
      contact_id: ['Contacts'],
      parent_id: ['Leads', 'Accounts', 'Potentials', 'HelpDesk'],
    },
    mandatory: [
      'subject',
      'date_start',
      'time_start',
      'due_date',
      'time_end',
      'duration_hours',
      'eventstatus',
      'activitytype',
    ],
  },
  PBXManager: {
    prefix: '24',
    fields: {
      direction: 10,
      callstatus: 20,
      starttime: undefined,
      endtime: undefined,
      totalduration: undefined,
      billduration: undefined,
      recordingurl: 200,
      sourceuuid: 100,
      customer: ['Leads', 'Contacts', 'Accounts'],
      user: ['Users'],
      customernumber: 100,
      assigned_user_id: ['Users'],
      ModifiedTime: undefined,
      cf_901: undefined,
    },
    mandatory: ['customernumber'],
  },
  ModComments: {
    prefix: '30',
    fields: { ...fields('commentcontent'), related_to: ['Leads', 'Contacts', 'Accounts', 'Potentials'] },
    mandatory: ['commentcontent', 'related_to'],
  },
};

export const mandatoryOf = (module: string): readonly string[] => [
  ...(modules[module]?.mandatory ?? []),
  'assigned_user_id',
];
