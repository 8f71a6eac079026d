/** Fields that the fake knows, with their types. Beside them every record has those of {@link common}. */
const common = {
  id: 'id',
  name: 'name',
  date_modified: 'datetime',
  description: 'text',
  sync_key: 'varchar',
  assigned_user_id: 'id',
};
const phones = { phone_mobile: 'phone', phone_work: 'phone', phone_home: 'phone', phone_other: 'phone' };
const person = { ...common, ...phones, first_name: 'varchar', last_name: 'varchar', title: 'varchar', email: 'email' };
const parent = { parent_type: 'parent_type', parent_id: 'id' };

export const modules: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Contacts: person,
  Leads: { ...person, account_name: 'varchar' },
  Accounts: { ...common, phone_office: 'phone', phone_alternate: 'phone', email: 'email' },
  Cases: { ...common, account_id: 'id', priority: 'enum', status: 'enum' },
  Users: {
    ...common,
    first_name: 'varchar',
    last_name: 'varchar',
    user_name: 'varchar',
    email: 'email',
    status: 'enum',
  },
  Notes: { ...common, ...parent },
  Calls: {
    ...common,
    ...parent,
    direction: 'enum',
    status: 'enum',
    date_start: 'datetimecombo',
    duration_hours: 'int',
    duration_minutes: 'int',
  },
};

/** By what name a module leads to another. */
export const links: Readonly<Record<string, readonly string[]>> = {
  Calls: ['contacts', 'leads', 'accounts', 'cases'],
  Accounts: ['contacts', 'cases', 'calls'],
};
