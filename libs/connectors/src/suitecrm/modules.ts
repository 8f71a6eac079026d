import { callText } from '../crm/call-text.ts';
import type { CallEntry, RecordRef, StandardModule } from '../crm/port.ts';
import { sqlTime } from '../crm/times.ts';

const phoneFields = ['phone_mobile', 'phone_work', 'phone_home', 'phone_other'];

/** The same for both of its APIs. */
export const modules: readonly StandardModule[] = [
  {
    module: 'Contacts',
    label: 'Contact',
    phoneFields,
    emailField: 'email1',
    createFields: ['last_name', 'first_name', 'phone_mobile', 'phone_work', 'email1'],
    mandatory: ['last_name'],
  },
  {
    module: 'Leads',
    label: 'Lead',
    phoneFields,
    emailField: 'email1',
    createFields: ['last_name', 'first_name', 'phone_mobile', 'phone_work', 'email1', 'account_name'],
    mandatory: ['last_name'],
  },
  {
    module: 'Accounts',
    label: 'Account',
    phoneFields: ['phone_office', 'phone_alternate'],
    emailField: 'email1',
    createFields: ['name', 'phone_office', 'email1'],
    mandatory: ['name'],
  },
  {
    module: 'Cases',
    label: 'Case',
    phoneFields: [],
    createFields: ['name', 'description', 'account_id', 'priority', 'status'],
    mandatory: ['name'],
  },
];

/** Fields of a call. ISO 8601 would be stored as no time at all, without an error. */
export function callAttributes(entry: CallEntry): Record<string, unknown> {
  const minutes = Math.ceil(entry.durationSeconds / 60);
  const [parent] = entry.about;
  return {
    name: entry.subject,
    direction: entry.direction === 'outbound' ? 'Outbound' : 'Inbound',
    status: entry.outcome === 'answered' ? 'Held' : 'Not Held',
    date_start: sqlTime(entry.startedAt),
    duration_hours: Math.floor(minutes / 60),
    duration_minutes: minutes % 60,
    description: callText(entry, ['notes', 'disposition', 'numbers', 'duration', 'outcome', 'recording']),
    ...(parent === undefined ? {} : { parent_type: parent.module, parent_id: parent.id }),
    ...(entry.userId === undefined ? {} : { assigned_user_id: entry.userId }),
    ...entry.fields,
  };
}

export function deepLink({ baseUrl }: { readonly baseUrl: string }, { module, id }: RecordRef): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/index.php`;
  url.search = new URLSearchParams({ module, action: 'DetailView', record: id }).toString();
  return url.href;
}
