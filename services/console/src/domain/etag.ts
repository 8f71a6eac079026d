import { Failure } from '@patchcord/contracts';

/** The revision of an entity as a strong entity tag: `"17"`. */
export const etagOf = (revision: number): string => `"${revision}"`;

export interface Precondition {
  readonly ifRevision?: number;
  readonly ifAbsent?: boolean;
  /** `If-Match: *`: it must be there, in whatever revision. */
  readonly ifPresent?: boolean;
}

/**
 * What the conditional headers of a request demand (RFC 9110, section 13). One tag only: an entity has one revision.
 *
 * @throws Failure permanent `invalid_request` when a header cannot be understood
 */
export function preconditionOf(headers: Readonly<Record<string, string | string[] | undefined>>): Precondition {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (match !== undefined && noneMatch !== undefined) throw invalid('If-Match and If-None-Match exclude each other');
  if (noneMatch !== undefined) {
    if (noneMatch !== '*') throw invalid('If-None-Match: expected *');
    return { ifAbsent: true };
  }
  if (match === undefined) return {};
  if (match === '*') return { ifPresent: true };
  const tag = /^"(\d{1,15})"$/.exec(String(match));
  if (tag === null) throw invalid('If-Match: expected * or the ETag of an earlier answer, e.g. "17"');
  return { ifRevision: Number(tag[1]) };
}

const invalid = (message: string): Failure => new Failure('permanent', 'invalid_request', message);
