import { RE2JS } from 're2js';
import { z } from 'zod';
import { entityFields } from './common.ts';

const common = {
  /** Key of the saved value. */
  name: z.string().min(1).max(128),
  label: z.string().max(256).optional(),
  required: z.boolean().default(false),
};
const choices = z.array(z.string().min(1).max(256)).min(1).max(500);

const pattern = z
  .string()
  .max(512)
  .superRefine((text, context) => {
    try {
      RE2JS.compile(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'expected a pattern in the syntax of RE2' });
    }
  });

export const formField = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('text'),
    maxLength: z.number().int().min(1).max(8192).default(1024),
    multiline: z.boolean().default(false),
    /** The whole value must match (RE2). */
    pattern: pattern.optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('number'),
    min: z.number().optional(),
    max: z.number().optional(),
    integer: z.boolean().default(false),
  }),
  z.strictObject({ ...common, type: z.literal('date') }),
  z.strictObject({ ...common, type: z.literal('checkbox') }),
  z.strictObject({ ...common, type: z.literal('select'), options: choices }),
  z.strictObject({ ...common, type: z.literal('multi-select'), options: choices }),
]);
export type FormField = z.infer<typeof formField>;

/** A management form: what an agent fills in with a disposition. */
export const form = z
  .strictObject({ ...entityFields, fields: z.array(formField).min(1).max(100) })
  .superRefine(({ fields }, context) => {
    fields.forEach(({ name }, at) => {
      if (fields.findIndex((other) => other.name === name) !== at)
        context.addIssue({
          code: 'custom',
          path: ['fields', at, 'name'],
          message: `expected a name of its own, not "${name}" again`,
        });
    });
  });
export type Form = z.infer<typeof form>;
