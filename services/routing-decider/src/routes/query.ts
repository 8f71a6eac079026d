import { routingInput } from '@patchcord/contracts';
import { z } from 'zod';

/** A parameter that a dialplan writes although its variable is empty. */
export const emptyAsAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .union([z.literal(''), schema])
    .optional()
    .transform((value) => (value === '' ? undefined : value));

/** A `+` in a query means a blank, and dialplans do not encode. No number begins with a blank. */
export const numberInQuery = z
  .string()
  .transform((text) => text.replace(/^ (?=\d)/, '+'))
  .pipe(routingInput.shape.ani.unwrap());
