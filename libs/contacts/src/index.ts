export {
  type Added,
  type ContactRef,
  type Contacts,
  createContacts,
  type Found,
  type Page,
  type Updated,
  type Written,
} from './contacts.ts';
export { type ContactImports, createContactImports, type ImportRequest } from './imports.ts';
export type { ContactIssue, ContactValues, DatabaseOfTenant, PreparedContact } from './prepare.ts';
