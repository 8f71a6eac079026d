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
export {
  type CrmImportRequest,
  type CrmPage,
  fieldsOf,
  importPage,
  type ReadPage,
  requireFittingColumns,
} from './crm-import.ts';
export { type CrmImportClaim, type CrmImportJobs, createCrmImportJobs } from './crm-import-jobs.ts';
export { type ContactImports, createContactImports, type ImportRequest } from './imports.ts';
export type { ContactIssue, ContactValues, DatabaseOfTenant, PreparedContact } from './prepare.ts';
