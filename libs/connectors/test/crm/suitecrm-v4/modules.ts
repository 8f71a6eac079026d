const phones = ['phone_mobile', 'phone_work', 'phone_home', 'phone_other'];
const person = ['id', 'first_name', 'last_name', 'title', ...phones, 'email1', 'date_modified', 'description'];
const parent = ['parent_type', 'parent_id'];

/** Fields that the fake knows of each module. */
export const modules: Readonly<Record<string, readonly string[]>> = {
  Contacts: [...person, 'vip_c'],
  Leads: [...person, 'account_name'],
  Accounts: ['id', 'name', 'phone_office', 'phone_alternate', 'email1', 'date_modified', 'description'],
  Cases: ['id', 'name', 'description', 'account_id', 'priority', 'status', 'date_modified'],
  Users: ['id', 'first_name', 'last_name', 'user_name', 'email1', 'status', 'date_modified'],
  Notes: ['id', 'name', 'description', ...parent],
  Calls: [
    'id',
    'name',
    'description',
    'direction',
    'status',
    'date_start',
    'duration_hours',
    'duration_minutes',
    ...parent,
    'assigned_user_id',
  ],
};

/** By what name a module leads to another. */
export const links: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Contacts: { calls: 'Calls', accounts: 'Accounts' },
  Leads: { calls: 'Calls' },
  Accounts: { calls: 'Calls', contacts: 'Contacts' },
  Cases: { calls: 'Calls' },
};

/** The arguments of each method in their order: PHP takes them by place, or by name. */
export const signatures: Readonly<Record<string, readonly string[]>> = {
  login: ['user_auth', 'application_name', 'name_value_list'],
  get_available_modules: ['session', 'filter'],
  get_module_fields: ['session', 'module_name', 'fields'],
  get_entry: ['session', 'module_name', 'id', 'select_fields', 'link_name_to_fields_array', 'track_view'],
  get_entry_list: [
    'session',
    'module_name',
    'query',
    'order_by',
    'offset',
    'select_fields',
    'link_name_to_fields_array',
    'max_results',
    'deleted',
    'favorites',
  ],
  set_entry: ['session', 'module_name', 'name_value_list'],
  set_relationship: [
    'session',
    'module_name',
    'module_id',
    'link_field_name',
    'related_ids',
    'name_value_list',
    'delete',
  ],
};
