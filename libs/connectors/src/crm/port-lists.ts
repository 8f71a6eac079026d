import type { CrmRecord } from './port.ts';

/** Which page of which records. */
export interface RecordsWanted {
  readonly module: string;
  readonly fields: readonly string[];
  /** Where the page begins: what the page before said. Absent: at the beginning. */
  readonly cursor?: string;
  /** RFC 3339: those that were changed then or later. A CRM that cannot tell them apart answers with others, too. */
  readonly modifiedSince?: string;
  /** At most so many in a page; fewer where the CRM allows no more. */
  readonly limit: number;
}

/** A page may be short, or empty, and have another one behind it. */
export interface RecordPage {
  readonly records: readonly CrmRecord[];
  /** Where the next page begins; absent: this is the last one. Holds nothing of a record but its id. */
  readonly next?: string;
  /** How many there are in all pages, where the CRM tells it with the first one. */
  readonly total?: number;
}

/** Somebody who may log in to the CRM. */
export interface CrmUser {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  /** By what they log in. */
  readonly username?: string;
  readonly active: boolean;
}

export interface UserPage {
  readonly users: readonly CrmUser[];
  readonly next?: string;
}

export type PresenceState = 'available' | 'busy' | 'away' | 'offline';

export interface PresenceChange {
  readonly userId: string;
  readonly state: PresenceState;
  /** The CRM's own word for it, where the connection gives one. */
  readonly word?: string;
  readonly reason?: string;
}
