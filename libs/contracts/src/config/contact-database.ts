import { z } from 'zod';
import { entityFields } from './common.ts';

const column = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{C}]+$/u, 'expected no control characters');

/** A list of contacts with columns of its own. The contacts themselves are imported or added by the API. */
export const contactDatabase = z
  .strictObject({
    ...entityFields,
    columns: z.array(column).min(1).max(200),
    /** Columns that hold telephone numbers; the first is the main one, and no contact is without it. */
    phoneColumns: z.array(column).min(1).max(10),
    /** The column with the contact's id in the CRM, unique within the database. */
    externalIdColumn: column.optional(),
    /** How many last digits make a match when neither the E.164 nor the national form does. 0: none. */
    lastDigits: z.number().int().min(0).max(15).default(8),
  })
  .superRefine(({ columns, phoneColumns, externalIdColumn }, context) => {
    const twice = columns.find((name, at) => columns.indexOf(name) !== at);
    if (twice !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['columns'],
        message: `expected each column once, not "${twice}" twice`,
      });
    phoneColumns.forEach((name, at) => {
      if (!columns.includes(name))
        context.addIssue({
          code: 'custom',
          path: ['phoneColumns', at],
          message: `expected one of the columns, not "${name}"`,
        });
    });
    if (externalIdColumn !== undefined && !columns.includes(externalIdColumn))
      context.addIssue({
        code: 'custom',
        path: ['externalIdColumn'],
        message: `expected one of the columns, not "${externalIdColumn}"`,
      });
  });
export type ContactDatabase = z.infer<typeof contactDatabase>;
