import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

export interface NormalisedNumber {
  /**
   * `number`: a telephone number; `extension`: a short number that only the PBX understands, or a feature code;
   * `sip-user`: a name; `anonymous`: the caller hides it.
   */
  readonly kind: 'number' | 'extension' | 'anonymous' | 'sip-user';
  /** `+14155550123`; only for numbers that the numbering plan allows. */
  readonly e164?: string;
  /** Digits as dialled within the country, e.g. `4155550123`. */
  readonly national?: string;
}

/** What PBXs and carriers write in place of a hidden number. */
const ANONYMOUS = new Set([
  '',
  'anonymous',
  'blocked',
  'private',
  'restricted',
  'unavailable',
  'unknown',
  'withheld',
  'asserted-anonymous',
]);

/** Public numbers have at least this many digits; what is shorter is an extension or a service number. */
const shortestNumber = 7;
/** ITU-T E.164: at most 15 digits. */
const longestNumber = 15;

/**
 * A number as the PBX sent it, in the form in which numbers are compared. `region` (ISO 3166) is where national
 * numbers are dialled. Extensions and SIP user names are never turned into numbers. Never throws.
 */
export function normaliseNumber(raw: string, region: string): NormalisedNumber {
  const user = userPart(raw);
  if (ANONYMOUS.has(user.toLowerCase())) return { kind: 'anonymous' };
  if (/^[*#]/.test(user)) return { kind: 'extension' };
  if (!/^\+?[\d\s().\-/]+$/.test(user)) return { kind: 'sip-user' };
  const digits = user.replace(/\D/g, '');
  if (digits.length < shortestNumber) return { kind: 'extension' };
  if (digits.length > longestNumber + dialPrefixDigits) return { kind: 'sip-user' };
  return publicNumber(user, digits, region);
}

/** International prefixes such as `00` and `011` stand before the E.164 number. */
const dialPrefixDigits = 4;

function publicNumber(text: string, digits: string, region: string): NormalisedNumber {
  const country: CountryCode | undefined = isSupportedCountry(region) ? region : undefined;
  const parsed = parsePhoneNumberFromString(text, { ...(country && { defaultCountry: country }), extract: false });
  if (parsed?.isPossible()) return { kind: 'number', e164: parsed.number, national: parsed.nationalNumber };
  return { kind: 'number', national: digits };
}

/** `sip:+14155550123@host;user=phone`, `"Ann" <sip:ann@host>` and `<unknown>` to what stands before the `@`. */
function userPart(raw: string): string {
  const inBrackets = /<([^<>]*)>/.exec(raw)?.[1] ?? raw;
  const withoutScheme = inBrackets.trim().replace(/^(?:sips?|tel):/i, '');
  return (withoutScheme.split(/[@;]/)[0] ?? '').trim();
}
