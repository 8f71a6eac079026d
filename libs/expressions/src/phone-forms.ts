import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { type NormalisedNumber, normaliseNumber } from './phone-number.ts';

/** A number in the forms in which other systems keep it. */
export interface PhoneForms {
  /** `+14155550123`; absent for a number that no numbering plan has. */
  readonly e164?: string;
  /** Digits within the country: `4155550123`. */
  readonly national: string;
  /** The last digits, which every way to write it ends with. */
  readonly suffix: string;
  /** Those above, digits with the country code, and the ways in which people write it: `(415) 555-0123`. No repeats. */
  readonly variants: readonly string[];
}

const defaultSuffixDigits = 8;

/** Undefined for what is no telephone number of the public network: extensions, SIP users, hidden numbers. */
export function phoneForms(raw: string, region: string, suffixDigits = defaultSuffixDigits): PhoneForms | undefined {
  const { kind, e164, national } = normaliseNumber(raw, region);
  if (kind !== 'number' || national === undefined) return undefined;
  const suffix = national.slice(-suffixDigits);
  if (e164 === undefined) return { national, suffix, variants: [national] };
  const parsed = parsePhoneNumberFromString(e164);
  const written = [e164, e164.slice(1), national, parsed?.formatNational(), parsed?.formatInternational()];
  return { e164, national, suffix, variants: [...new Set(written.filter((one) => one !== undefined))] };
}

/** How surely two numbers are the same. */
export type PhoneMatch = 'e164' | 'national' | 'suffix';

/** Whether what another system has is the number that is looked for. `suffix`: only the last digits tell. */
export function phoneMatch(stored: string, wanted: PhoneForms, region: string): PhoneMatch | undefined {
  const one: NormalisedNumber = normaliseNumber(stored, region);
  if (one.kind !== 'number' || one.national === undefined) return undefined;
  if (one.e164 !== undefined && wanted.e164 !== undefined) return one.e164 === wanted.e164 ? 'e164' : undefined;
  if (one.national === wanted.national) return 'national';
  const isWhole = wanted.suffix.length >= defaultSuffixDigits;
  return isWhole && one.national.endsWith(wanted.suffix) ? 'suffix' : undefined;
}
