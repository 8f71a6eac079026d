import { asText, type Value } from './values.ts';

/** A parameter with what is to be written for it. */
export interface Filled {
  readonly name: string;
  /** Undefined: it is left out. */
  readonly value: Value | undefined;
  /** It was said that it is to be left out, also where it would be empty otherwise. */
  readonly omit: boolean;
}

/** Where there are only texts, null is nothing. */
export const textOf = ({ value }: Filled): string | undefined =>
  value === undefined || value === null ? undefined : asText(value);

/** Fields as name and text, without those that are left out. */
export const textFields = (fields: readonly Filled[]): [string, string][] =>
  fields.flatMap((field) => {
    const text = textOf(field);
    return text === undefined ? [] : [[field.name, text] as [string, string]];
  });
