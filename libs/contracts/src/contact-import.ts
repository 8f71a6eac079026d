import { z } from 'zod';
import { token } from './tokens.ts';

/** A line of a file that was not imported. */
export const badLine = z.object({
  /** As an editor counts, from 1; of a record over several lines, its first. */
  line: z.number().int(),
  /** The column at fault, where it is one. */
  column: z.string().optional(),
  reason: z.string(),
});
export type BadLine = z.infer<typeof badLine>;

/** An import of a CSV file into a contact database: how far it is, and what became of its lines. */
export const contactImport = z.object({
  importId: token,
  databaseId: token,
  /**
   * `interrupted`: the upload broke off, or the process that read it died. What was imported stays; importing the file
   * again completes it.
   */
  state: z.enum(['running', 'done', 'failed', 'interrupted']),
  /** Contacts that are there already were to be changed. */
  update: z.boolean(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** Bytes read so far. */
  bytes: z.number().int(),
  /** Lines read so far, the header and blank ones included. */
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
