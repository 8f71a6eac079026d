import type { SiteAuthentication } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { z } from 'zod';
import type { PresenceChange, RecordPage, RecordsWanted, UserPage } from './port-lists.ts';
import type { CrmRequest } from './request.ts';

/** Something in a CRM. `module` and `id` are the CRM's own words: `Contact`, `003…`. */
export interface RecordRef {
  readonly module: string;
  readonly id: string;
}

/** A record as it was read: of its fields those that were asked for, under the CRM's names. */
export interface CrmRecord extends RecordRef {
  /** What people call it. */
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** RFC 3339, where the CRM tells. */
  readonly modifiedAt?: string;
  /** Where people open it, where the CRM itself tells. */
  readonly url?: string;
}

export type FieldType =
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'phone'
  | 'email'
  | 'url'
  | 'choice'
  | 'reference'
  | 'other';

export interface CrmField {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly writable: boolean;
  /** Most characters of a text, where the CRM tells. */
  readonly maxLength?: number;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

export interface CrmModule {
  /** As it is named in requests. */
  readonly name: string;
  readonly label: string;
  readonly isCustom?: boolean;
}

/** Part of what every CRM can be asked for. What a CRM cannot do is said in {@link CrmConnector.cannot}. */
export const abilities = [
  'describe',
  'search-by-phone',
  'search-by-email',
  'search',
  'read',
  'create',
  'update',
  'upsert',
  'log-call',
  'update-call',
  'attach-note',
  'attach-recording',
  'link',
  'deep-link',
  'list-records',
  'list-users',
  'presence',
] as const;
export type Ability = (typeof abilities)[number];

/** A module in which callers are looked for, or of which records are made. */
export interface StandardModule {
  readonly module: string;
  /** What it is for people: `Contact`. Names the standard workflows. */
  readonly label: string;
  /** Fields that hold telephone numbers, the likeliest first; none: nobody is looked for there. */
  readonly phoneFields: readonly string[];
  /** The field with a person's mail address, if `find` finds who has it. Absent: nobody is looked for by it there. */
  readonly emailField?: string;
  /** What a record that was read has all of them in, where they are a list beside the one that counts. Never asked for. */
  readonly emailListField?: string;
  /** Fields of a standard create, the mandatory ones first. None: it is not made by a standard workflow. */
  readonly createFields: readonly string[];
  readonly mandatory: readonly string[];
}

/** Conditions that must all be met, in the CRM's own names. */
export interface CrmFilter {
  readonly module: string;
  /** Field to value: equal to it. */
  readonly equals?: Readonly<Record<string, string | number | boolean>>;
  /** An expression of the CRM's own query language, sent as it is written. */
  readonly expression?: string;
  readonly fields: readonly string[];
  /** At most so many. */
  readonly limit: number;
}

/** A conversation as it is logged in every CRM's own way. */
export interface CallEntry {
  /** Ours: the CRM holds it once under this key, however often it is written. */
  readonly key: string;
  readonly subject: string;
  readonly direction: 'inbound' | 'outbound' | 'internal';
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationSeconds: number;
  /** As they should be shown: E.164 where it is one. */
  readonly from?: string;
  readonly to?: string;
  readonly outcome: 'answered' | 'missed' | 'abandoned' | 'failed';
  /** What the agent said of it. */
  readonly disposition?: string;
  /** Plain text: notes, summary, what has no field of its own in this CRM. */
  readonly notes: string;
  readonly recordingUrl?: string;
  /** The CRM's own id of the user who spoke. */
  readonly userId?: string;
  /** What it was about, the person first. */
  readonly about: readonly RecordRef[];
  /** Fields of the CRM's call record that a mapping gives; they win. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Values by field, in the CRM's own names. Dates are RFC 3339; connectors write them as the CRM wants them. */
export type FieldValues = Readonly<Record<string, unknown>>;

/** How a connector speaks to one CRM: credentials, base URL, deadline and limits are seen to. */
export interface CrmApi<Settings = unknown> {
  readonly settings: Settings;
  /** Country by which national numbers are read (ISO 3166). */
  readonly region: string;
  /**
   * One request. Answers with a status that the request does not expect throw the `Failure` that the connector's
   * `failureOf`, or else the status, makes of them.
   */
  readonly ask: (request: CrmRequest) => Promise<CrmAnswer>;
  /** The value of the session that is open, or is opened now; undefined: this CRM has none. */
  readonly session: () => Promise<string | undefined>;
}

export interface CrmAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** With what a session is opened. */
export interface SessionSecrets {
  readonly username: string;
  readonly password: string;
  /** Of the application, where the CRM wants it beside those of the user. */
  readonly clientSecret?: string;
}

/** A log-in of the CRM's own, shared by all replicas until it ends. */
interface CrmSession<Settings> {
  /** Whether it is used with these settings: of the ways into a CRM not all have sessions. Absent: always. */
  readonly isUsed?: (settings: Settings) => boolean;
  /** `ask` here sends without a session. `ttlMs`: for how long it surely serves. */
  readonly open: (
    api: CrmApi<Settings>,
    secrets: SessionSecrets,
  ) => Promise<{ readonly value: string; readonly ttlMs: number }>;
  /** The request with the session in it. */
  readonly apply: (request: CrmRequest, value: string) => CrmRequest;
  /** Whether an answer says that the session is over: another is opened once, and the request sent again. */
  readonly isOver: (answer: CrmAnswer) => boolean;
}

interface SignIn {
  /** Kinds of site authentication, the advised one first; none: any. `username-password`: those of the connection itself. */
  readonly by: readonly (SiteAuthentication['kind'] | 'username-password')[];
  /** Whose credentials, and what is special about them. */
  readonly hint: string;
}

/**
 * One kind of CRM. Its functions throw nothing but `Failure`, and only for what the CRM did not do. A folder holds one,
 * and the fake that behaves as the CRM's documentation and recordings say.
 */
export interface CrmConnector<Settings = unknown> {
  /** As it is written in a configuration. */
  readonly name: string;
  /** The product's own name. */
  readonly title: string;
  /** Settings of this kind of CRM; throws zod's error. */
  readonly parseSettings: (settings: unknown) => Settings;
  /** The settings as people are shown them. Absent: there are none beside what the configuration entity describes. */
  readonly settingsSchema?: z.ZodType;
  /** By what a connection gets in, for people. */
  readonly signIn?: SignIn;
  /** The connector with these settings, where they say what it can and which modules it has. Absent: it is the same with all. */
  readonly configured?: (settings: Settings) => CrmConnector<Settings>;
  /** What it cannot do, and what is done instead or what people have to do. */
  readonly cannot: { readonly [What in Ability]?: string };
  readonly modules: readonly StandardModule[];
  /** Where calls are logged, and how long texts may be there (characters). */
  readonly calls: {
    readonly module: string;
    readonly maxLengths: Readonly<Record<string, number>>;
    /** The CRM itself holds our key. A function: whether it does is a matter of settings. */
    readonly isKeyed: boolean | ((settings: Settings) => boolean);
    /** For how long `findCall` may miss a call that was just written (ms). Absent: it never does. */
    readonly findLagMs?: (settings: Settings) => number;
    /** `link` adds a record to those that a call is at, and takes none away: further ones may be linked one by one. */
    readonly linksMany?: boolean;
  };
  readonly session?: CrmSession<Settings>;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What an answer means that the status alone does not tell; undefined: as the status says. Statuses below 400 too. */
  readonly failureOf?: (answer: CrmAnswer) => FailureMeaning | undefined;

  /** Who we are there. */
  test(api: CrmApi<Settings>): Promise<{ readonly user: string }>;
  listModules(api: CrmApi<Settings>): Promise<readonly CrmModule[]>;
  listFields(api: CrmApi<Settings>, module: string): Promise<readonly CrmField[]>;
  /**
   * Records of a module that may have one of these numbers. May return too many: every hit is looked at again. Never
   * too few because of how a number is written, as far as the CRM can help it.
   */
  findByPhone(
    api: CrmApi<Settings>,
    module: StandardModule,
    number: PhoneForms,
    fields: readonly string[],
  ): Promise<readonly CrmRecord[]>;
  find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]>;
  /** Undefined: there is no such record. */
  read(api: CrmApi<Settings>, ref: RecordRef, fields: readonly string[]): Promise<CrmRecord | undefined>;
  create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef>;
  update(api: CrmApi<Settings>, ref: RecordRef, values: FieldValues): Promise<void>;
  /** Makes or changes the one record whose `keyField` has this value. Absent: see `cannot`. */
  upsert?(this: void, api: CrmApi<Settings>, key: UpsertKey, values: FieldValues): Promise<RecordRef>;
  /**
   * Writes a call. With `calls.isKeyed` the same key again leaves one; otherwise `findCall` is asked before.
   * One that has more to do once the call is there, such as links to records, says `written` in between: should that fail,
   * the call is not written again.
   */
  logCall(api: CrmApi<Settings>, entry: CallEntry, written?: (ref: RecordRef) => Promise<void>): Promise<RecordRef>;
  /** The call that was logged under this key. */
  findCall?(this: void, api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined>;
  /** Writes what became known later into a call that was logged. */
  updateCall?(this: void, api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void>;
  attachNote?(this: void, api: CrmApi<Settings>, to: RecordRef, text: string): Promise<void>;
  link?(this: void, api: CrmApi<Settings>, from: RecordRef, to: RecordRef): Promise<void>;
  /** One page of all records of a module, in an order that changes of records do not change. Absent: see `cannot`. */
  listRecords?(this: void, api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage>;
  /** One page of the people who may log in there. */
  listUsers?(this: void, api: CrmApi<Settings>, cursor?: string): Promise<UserPage>;
  /** Shows whether somebody can be reached. The same again changes nothing. */
  setPresence?(this: void, api: CrmApi<Settings>, change: PresenceChange): Promise<void>;
  /** Where people open it in their browser; undefined: there is no such address. */
  deepLink(place: { readonly baseUrl: string; readonly settings: Settings }, ref: RecordRef): string | undefined;
}

export interface UpsertKey {
  readonly module: string;
  readonly field: string;
  readonly value: string;
}

/** What went wrong, in the words of the house. `message`: for an administrator, without values of records. */
export interface FailureMeaning {
  readonly class: 'transient' | 'throttled' | 'permanent' | 'destination-gone';
  readonly code: string;
  readonly message: string;
  /** `throttled`: how long to wait (ms). */
  readonly waitMs?: number;
}
