import { z } from 'zod';
import { token } from './tokens.ts';

/** A line of a file, or a record of a CRM, that was not imported. */
export const badLine = z.object({
  /** As an editor counts, from 1; of a record over several lines, its first. Of a CRM: the how manieth record. */
  line: z.number().int(),
  /** The column at fault, where it is one. */
  column: z.string().optional(),
  /** Of a CRM: the id of the record. */
  record: z.string().optional(),
  reason: z.string(),
});
export type BadLine = z.infer<typeof badLine>;

/** From where in a CRM contacts come. */
const crmSource = z.object({
  connectionId: token,
  module: z.string(),
  modifiedSince: z.iso.datetime({ offset: true }).optional(),
});

/** An import of a CSV file, or from a CRM, into a contact database: how far it is, and what became of its lines. */
export const contactImport = z.object({
  importId: token,
  databaseId: token,
  /**
   * `interrupted`: the upload broke off, or the process that read it died. What was imported stays; importing the file
   * again completes it.
   */
  state: z.enum(['running', 'done', 'failed', 'interrupted', 'cancelled']),
  /** Absent: a file. An import from a CRM goes on by itself when the process that reads it dies. */
  crm: crmSource.optional(),
  /** Of a CRM: how many records there are, where it tells. */
  total: z.number().int().optional(),
  /** Of a CRM: it is asked again then; `message` says why it waits. */
  waitingUntil: z.iso.datetime().optional(),
  /** Contacts that are there already were to be changed. */
  update: z.boolean(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** Bytes read so far. */
  bytes: z.number().int(),
  /** Lines read so far, the header and blank ones included; of a CRM records. */
  lines: z.number().int(),
  added: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  refused: z.number().int(),
  /** Why it failed or was interrupted. */
  message: z.string().optional(),
});
export type ContactImport = z.infer<typeof contactImport>;

/** With the first 1,000 lines that were refused. */
export const contactImportReport = contactImport.extend({ badLines: z.array(badLine) });
export type ContactImportReport = z.infer<typeof contactImportReport>;
