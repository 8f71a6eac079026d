interface Column {
  readonly type: string;
  readonly reference?: string;
  readonly mandatory?: boolean;
  readonly choices?: readonly string[];
}

/** Tables with the columns that are their own, as this fake knows them. */
export const tables: Readonly<Record<string, { readonly extends?: string; readonly columns: Record<string, Column> }>> =
  {
    sys_db_object: {
      columns: texts(['name', 'label'], { super_class: { type: 'reference', reference: 'sys_db_object' } }),
    },
    sys_dictionary: {
      columns: texts([
        'name',
        'element',
        'column_label',
        'internal_type',
        'reference',
        'mandatory',
        'read_only',
        'max_length',
      ]),
    },
    sys_choice: { columns: texts(['name', 'element', 'value', 'label', 'language']) },
    sys_journal_field: { columns: texts(['element_id', 'name', 'element', 'value']) },
    sys_user: {
      columns: texts(
        ['name', 'first_name', 'last_name', 'user_name', 'email', 'active', 'title', 'sys_class_name'],
        phones(['phone', 'mobile_phone', 'home_phone']),
      ),
    },
    customer_account: { columns: texts(['name'], phones(['phone'])) },
    customer_contact: {
      extends: 'sys_user',
      columns: { account: { type: 'reference', reference: 'customer_account' } },
    },
    csm_consumer: { columns: texts(['name', 'first_name', 'last_name', 'email'], phones(['phone', 'mobile_phone'])) },
    task: {
      columns: texts(['number', 'short_description', 'description', 'correlation_id', 'contact_type'], {
        work_notes: { type: 'journal_input' },
        opened_at: { type: 'glide_date_time' },
        assigned_to: { type: 'reference', reference: 'sys_user' },
        priority: { type: 'integer', choices: ['1', '2'] },
      }),
    },
    incident: {
      extends: 'task',
      columns: {
        caller_id: { type: 'reference', reference: 'sys_user', mandatory: true },
        urgency: { type: 'integer' },
      },
    },
    sn_customerservice_case: {
      extends: 'task',
      columns: { contact: { type: 'reference', reference: 'customer_contact' } },
    },
    interaction: {
      columns: texts(['number', 'short_description', 'type', 'channel', 'direction', 'state', 'u_call_id'], {
        work_notes: { type: 'journal_input' },
        opened_at: { type: 'glide_date_time' },
        closed_at: { type: 'glide_date_time' },
        opened_for: { type: 'reference', reference: 'sys_user' },
        assigned_to: { type: 'reference', reference: 'sys_user' },
      }),
    },
    interaction_related_record: {
      columns: texts(['document_table', 'document_id', 'type'], {
        interaction: { type: 'reference', reference: 'interaction' },
      }),
    },
  };

function texts(names: readonly string[], more: Record<string, Column> = {}): Record<string, Column> {
  return { ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])), ...more };
}

function phones(names: readonly string[]): Record<string, Column> {
  return Object.fromEntries(names.map((name) => [name, { type: 'ph_number' }]));
}

const everywhere: Readonly<Record<string, Column>> = {
  sys_id: { type: 'GUID' },
  sys_updated_on: { type: 'glide_date_time' },
};

/** Columns of a table, those that it inherits among them. */
export function columnsOf(table: string): Readonly<Record<string, Column>> {
  const { extends: parent, columns = {} } = tables[table] ?? {};
  return { ...(parent === undefined ? everywhere : columnsOf(parent)), ...columns };
}

export const isA = (table: string, wanted: string): boolean =>
  table === wanted || (tables[table]?.extends !== undefined && isA(tables[table].extends, wanted));
