/** Fields that this fake knows of each model, and which of them must be given. `readonly` ones are its own. */
export const models: Readonly<
  Record<string, { readonly fields: Readonly<Record<string, string>>; readonly mandatory?: string }>
> = {
  'res.partner': {
    fields: {
      name: 'char',
      phone: 'char',
      email: 'char',
      function: 'char',
      ref: 'char',
      is_company: 'boolean',
      parent_id: 'many2one',
      x_last_call: 'datetime',
    },
    mandatory: 'name',
  },
  'crm.lead': {
    fields: {
      name: 'char',
      contact_name: 'char',
      partner_name: 'char',
      phone: 'char',
      email_from: 'char',
      description: 'html',
      partner_id: 'many2one',
    },
    mandatory: 'name',
  },
  'mail.message': { fields: { model: 'char', res_id: 'many2one_reference', body: 'html', subject: 'char' } },
  'mail.activity': {
    fields: {
      res_model_id: 'many2one',
      res_model: 'char',
      res_id: 'many2one_reference',
      activity_type_id: 'many2one',
      summary: 'char',
      note: 'html',
      date_deadline: 'date',
      user_id: 'many2one',
      active: 'boolean',
    },
    mandatory: 'date_deadline',
  },
  'res.users': {
    fields: {
      name: 'char',
      login: 'char',
      email: 'char',
      active: 'boolean',
      share: 'boolean',
      partner_id: 'many2one',
    },
  },
  'ir.model': { fields: { model: 'char', name: 'char' } },
  'mail.activity.type': { fields: { name: 'char', category: 'selection' } },
};

/** Of every model. `phone_mobile_search` can be searched only. */
export const common = ['id', 'display_name', 'write_date', 'create_date'];
