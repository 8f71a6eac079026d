import { normaliseNumber } from '@patchcord/expressions';

/** A telephone number as it is indexed. */
export interface IndexedNumber {
  /** Without `+`; empty where the number is no valid one of a numbering plan. */
  readonly countryCode: string;
  readonly national: string;
}

/** The number that `raw` is in `region`; undefined for hidden numbers, extensions and names. */
export function indexedNumber(raw: string, region: string): IndexedNumber | undefined {
  const { kind, e164, national } = normaliseNumber(raw, region);
  if (kind !== 'number' || national === undefined) return undefined;
  const known = e164?.endsWith(national) === true;
  return { countryCode: known ? e164.slice(1, e164.length - national.length) : '', national };
}

/** What stands in the index: `1.4155550123`, `.5550123`. */
export const indexEntry = ({ countryCode, national }: IndexedNumber): string => `${countryCode}.${national}`;
