import type { Reply } from '../fake-http.ts';
import type { FakeRecord } from '../fake-records.ts';

/** Kinds of records with the properties that this fake knows of each. */
export const kinds: Readonly<Record<string, { readonly type: string; readonly properties: readonly string[] }>> = {
  contacts: {
    type: '0-1',
    properties: [
      'firstname',
      'lastname',
      'email',
      'phone',
      'mobilephone',
      'company',
      'jobtitle',
      'customer_number',
      'hs_searchable_calculated_phone_number',
      'hs_searchable_calculated_mobile_number',
    ],
  },
  companies: { type: '0-2', properties: ['name', 'domain', 'phone'] },
  deals: { type: '0-3', properties: ['dealname', 'pipeline', 'dealstage', 'amount'] },
  tickets: {
    type: '0-5',
    properties: ['subject', 'content', 'hs_pipeline', 'hs_pipeline_stage', 'hs_ticket_priority'],
  },
  notes: { type: '0-46', properties: ['hs_timestamp', 'hs_note_body'] },
  calls: {
    type: '0-48',
    properties: [
      'hs_timestamp',
      'hs_call_title',
      'hs_call_body',
      'hs_call_direction',
      'hs_call_duration',
      'hs_call_status',
      'hs_call_disposition',
      'hs_call_from_number',
      'hs_call_to_number',
      'hs_call_recording_url',
      'hs_call_source',
      'hs_call_external_id',
      'hubspot_owner_id',
      'cti_call_key',
    ],
  },
};

/** Properties whose values are there once. */
export const unique: Readonly<Record<string, readonly string[]>> = {
  contacts: ['email', 'customer_number'],
  companies: [],
  calls: ['cti_call_key'],
};

const statuses = 'BUSY CALLING_CRM_USER CANCELED COMPLETED CONNECTING FAILED IN_PROGRESS NO_ANSWER QUEUED RINGING';

/** What a value of a property must be like. */
export const forms: Readonly<Record<string, RegExp>> = {
  email: /^[^@\s]+@[^@\s]+\.\w+$/,
  hs_timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  hs_call_direction: /^(INBOUND|OUTBOUND)$/,
  hs_call_duration: /^\d+$/,
  hs_call_status: new RegExp(`^(${statuses.replaceAll(' ', '|')})$`),
  hs_call_recording_url: /^https:\/\//,
  hs_call_source: /^INTEGRATIONS_PLATFORM$/,
};

export const definition = (name: string): object => ({
  name,
  label: `Label of ${name}`,
  type: name.endsWith('timestamp') ? 'datetime' : name === 'hs_call_direction' ? 'enumeration' : 'string',
  fieldType: name.endsWith('phone') ? 'phonenumber' : 'text',
  groupName: 'information',
  description: '',
  options: name === 'hs_call_direction' ? [{ label: 'Inbound', value: 'INBOUND', hidden: false, displayOrder: 0 }] : [],
  calculated: name.startsWith('hs_searchable'),
  hasUniqueValue: name === 'customer_number' || name === 'cti_call_key',
  modificationMetadata: { archivable: true, readOnlyDefinition: true, readOnlyValue: name.startsWith('hs_searchable') },
});

export const refuse = (status: number, category: string, message: string, errors?: readonly object[]): Reply => ({
  status,
  body: { status: 'error', message, correlationId: 'c-1', category, ...(errors === undefined ? {} : { errors }) },
});

/** What is not asked for is not in it. */
export const shown = ({ id, values }: FakeRecord, asked: readonly string[]) => ({
  id,
  properties: Object.fromEntries(asked.filter((name) => name !== '').map((name) => [name, values[name] ?? null])),
  createdAt: '2026-11-20T10:00:00.000Z',
  updatedAt: '2026-11-20T10:00:00.000Z',
  archived: false,
});
