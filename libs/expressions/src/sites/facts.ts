import type {
  Campaign,
  Contact,
  ContactDatabase,
  DispositionValue,
  Interaction,
  Session,
  WorkCause,
} from '@patchcord/contracts';

/** All that a request to an external site can tell of: what happened, and whom and what it is about. */
export interface SiteFacts {
  readonly cause: WorkCause;
  /** When it happened (RFC 3339). */
  readonly occurredAt: string;
  /** `timeZone`: IANA name, e.g. `Europe/Madrid`; `region`: ISO 3166, where national numbers are dialled. */
  readonly tenant: { readonly id: string; readonly timeZone: string; readonly region?: string };
  readonly campaign: Pick<Campaign, 'id' | 'name' | 'type' | 'external'>;
  /** Absent for a disposition outside a call. */
  readonly session?: Session;
  /** The agent's part of the call that it is about. */
  readonly interaction?: Interaction;
  /** `externalIds`: external system to the agent's id there. */
  readonly agent?: {
    readonly id: string;
    readonly name?: string;
    readonly username?: string;
    readonly externalIds?: Readonly<Record<string, string>>;
  };
  /** Absent when there is none, and when the number fits several. */
  readonly contact?: Contact;
  /** The contact's database: tells an empty column called `contact_id` from none of that name. */
  readonly database?: Pick<ContactDatabase, 'columns'>;
  readonly disposition?: { readonly value: DispositionValue; readonly previous?: DispositionValue };
  /** Of test calls: family to key to value. Wins over everything else. */
  readonly sample?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Something was rendered, or a parameter stands in the way. `notes` are for the administrator and hold no values. */
export type Rendered<T> = { readonly ok: true; readonly value: T; readonly notes: string[] } | RenderFailure;

export interface RenderFailure {
  readonly ok: false;
  /** Its name in the parameter table. */
  readonly parameter: string;
  readonly message: string;
}
