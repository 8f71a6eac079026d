import { z } from 'zod';

/** A setting of several values: settings are single values, so they are written as a text with commas between them. */
export const listSetting = (form: RegExp, expected: string) =>
  z
    .string(expected)
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .pipe(z.array(z.string().regex(form, expected)));
