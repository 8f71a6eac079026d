import type { FieldType } from '../crm/port.ts';

/** What SugarCRM, and SuiteCRM after it, calls the types of fields. */
export const fieldTypes: Readonly<Record<string, FieldType>> = {
  name: 'text',
  fullname: 'text',
  varchar: 'text',
  text: 'text',
  phone: 'phone',
  email: 'email',
  url: 'url',
  int: 'number',
  decimal: 'number',
  float: 'number',
  currency: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  datetimecombo: 'datetime',
  enum: 'choice',
  multienum: 'choice',
  radioenum: 'choice',
  id: 'reference',
  relate: 'reference',
  parent: 'reference',
};
