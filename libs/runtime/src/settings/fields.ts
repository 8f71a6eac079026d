import { eventIssues, parseJson } from '@patchcord/contracts';
import { z } from 'zod';
import { Secret } from './secret.ts';

/**
 * Building blocks for a service's settings. Each takes the text of an environment variable; the message of each says
 * what was expected. Text is never coerced: `z.coerce.boolean()` would read "false" as true.
 */

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  1: true,
  yes: true,
  on: true,
  false: false,
  0: false,
  no: false,
  off: false,
};

/** `true/false`, `yes/no`, `on/off` or `1/0`, in any case. */
export const booleanText = (): z.ZodType<boolean, string> =>
  z.string().transform((text, context) => {
    const value = booleans[text.trim().toLowerCase()];
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: 'expected true or false' });
    return z.NEVER;
  });

/** A whole number from `min` to `max`. */
export const integerText = (min = 0, max = Number.MAX_SAFE_INTEGER): z.ZodType<number, string> =>
  z.string().transform((text, context) => {
    const value = /^-?\d{1,16}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `expected a whole number from ${min} to ${max}` });
    return z.NEVER;
  });

/** A TCP port; 0 takes any free one. */
export const portText = (): z.ZodType<number, string> => integerText(0, 65_535);

/** One or more URLs, separated by commas, of one of these schemes (`nats`, `redis` …). */
export const urlText = (...schemes: [string, ...string[]]): z.ZodType<string, string> =>
  z
    .string()
    .refine(
      (text) => text.split(',').every((url) => schemes.some((scheme) => isUrl(url.trim(), scheme))),
      `expected a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    );

const isUrl = (text: string, scheme: string): boolean => text.startsWith(`${scheme}://`) && URL.canParse(text);

/** Values separated by commas; empty ones are dropped. */
export const listText = (): z.ZodType<string[], string> =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** One of these words. */
export const choiceText = <const Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
): z.ZodType<Choice, string> =>
  z.string().transform((text, context) => {
    const found = choices.find((choice) => choice === text.trim());
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `expected one of ${choices.join(', ')}` });
    return z.NEVER;
  });

/** Text that is masked everywhere. */
export const secretText = (): z.ZodType<Secret, string> => z.string().transform((text) => new Secret(text));

/** A JSON list of things that each fit `item`; `what` names them in messages, e.g. `PBXs`. */
export const jsonListText = <Item>(item: z.ZodType<Item>, what: string): z.ZodType<Item[], string> =>
  z.string().transform((text, context) => {
    const parsed = z.array(item, { error: `expected a JSON list of ${what}` }).safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    for (const { path, message } of eventIssues(parsed.error)) {
      context.addIssue({ code: 'custom', message: `${path === '' ? 'the value' : path}: ${message}` });
    }
    return z.NEVER;
  });
