import type { StandardModule } from '../crm/port.ts';

/** Those of customer service are there when its application is active; a contact is a user as well. */
export const standardModules: readonly StandardModule[] = [
  {
    module: 'customer_contact',
    label: 'Contact',
    phoneFields: ['mobile_phone', 'phone', 'home_phone'],
    emailField: 'email',
    createFields: ['last_name', 'first_name', 'mobile_phone', 'phone', 'email', 'account'],
    mandatory: ['last_name'],
  },
  {
    module: 'csm_consumer',
    label: 'Consumer',
    phoneFields: ['mobile_phone', 'phone'],
    emailField: 'email',
    createFields: ['last_name', 'first_name', 'mobile_phone', 'phone', 'email'],
    mandatory: ['last_name'],
  },
  {
    module: 'sys_user',
    label: 'User',
    phoneFields: ['mobile_phone', 'phone', 'home_phone'],
    emailField: 'email',
    createFields: ['last_name', 'first_name', 'user_name', 'mobile_phone', 'phone', 'email'],
    mandatory: ['last_name'],
  },
  { module: 'customer_account', label: 'Account', phoneFields: ['phone'], createFields: [], mandatory: [] },
  {
    module: 'incident',
    label: 'Incident',
    phoneFields: [],
    createFields: ['short_description', 'caller_id', 'description', 'contact_type', 'urgency', 'impact'],
    mandatory: ['short_description', 'caller_id'],
  },
  {
    module: 'sn_customerservice_case',
    label: 'Case',
    phoneFields: [],
    createFields: ['short_description', 'contact', 'account', 'consumer', 'description', 'contact_type', 'priority'],
    mandatory: ['short_description'],
  },
  {
    module: 'interaction',
    label: 'Interaction',
    phoneFields: [],
    createFields: ['short_description', 'type', 'opened_for', 'state', 'assigned_to', 'work_notes'],
    mandatory: ['short_description', 'type'],
  },
];
