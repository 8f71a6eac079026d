import { z } from 'zod';
import { token } from './tokens.ts';

/** One row of a contact database. */
export const contact = z.object({
  contactId: token,
  databaseId: token,
  /** The contact's id in the CRM, from the database's external id column. */
  externalId: z.string().min(1).max(256).optional(),
  /** Column to value; columns that are empty are absent. */
  values: z.record(z.string(), z.string()),
});
export type Contact = z.infer<typeof contact>;

/** How a number was found: the first way that finds anybody is the one that counts. */
export const contactMatch = z.enum(['e164', 'national', 'last-digits']);
export type ContactMatch = z.infer<typeof contactMatch>;
