import type { CallEvent, Session } from '@patchcord/contracts';
import type { IndexedRecording } from './indexed-recording.ts';
import type { AppliedEvent, CallRef, StoredCall } from './stored-call.ts';

/** What is known of a call, as far as some events of it are concerned. */
export interface CallView {
  readonly stored: StoredCall | undefined;
  /** For each event that was asked for: the version it made, or undefined when it was not folded yet. */
  readonly versions: readonly (number | undefined)[];
}

export interface Commit {
  /** Version the call had when it was read; 0 when there was none. */
  readonly expectedVersion: number;
  readonly next: StoredCall;
  readonly applied: readonly AppliedEvent[];
  /** One of them that was made here: it is kept with the call until {@link CallStore.published}. */
  readonly unpublished?: CallEvent;
}

/** The calls, each with the events that made it. Rejects with `Failure` own-trouble when it cannot be reached. */
export interface CallStore {
  read(ref: CallRef, events: readonly CallEvent[]): Promise<CallView>;
  session(ref: CallRef): Promise<Session | undefined>;
  /** All events that were folded into the call. */
  applied(ref: CallRef): Promise<AppliedEvent[]>;
  /** Events that were made here and are not known to be in the stream. */
  unpublished(ref: CallRef): Promise<CallEvent[]>;
  /** The stream has this event now. */
  published(ref: CallRef, event: CallEvent): Promise<void>;
  /** False when somebody else has changed the call meanwhile: nothing was written. */
  commit(ref: CallRef, commit: Commit): Promise<boolean>;
}

/** Calls with writes of which it is not known whether the stream has them: whoever died in between left them. */
export interface OpenWrites {
  /** Before the write. */
  note(ref: CallRef, eventId: string): Promise<void>;
  /** The write is in the stream, or was not made. */
  settle(ref: CallRef, eventId: string): Promise<void>;
  /** Those noted before this time (ms since 1970), oldest first. */
  due(
    tenantId: string,
    beforeMs: number,
    limit: number,
  ): Promise<{ readonly callId: string; readonly eventId: string }[]>;
}

/** Which calls of a tenant are under way. May name calls that have ended; readers check. */
export interface ActiveCalls {
  /** The call is under way. Its PBX's own id leads to it from now on. */
  add(session: Session): Promise<void>;
  /** The call has ended: it is listed among those for as long as its session is kept. */
  end(session: Session): Promise<void>;
  remove(ref: CallRef): Promise<void>;
  /** Calls under way, newest first; those that ended, the last end first. */
  page(tenantId: string, query: CallPageQuery): Promise<CallPlace[]>;
  count(tenantId: string): Promise<number>;
  /** The call that a PBX knows by this id, e.g. a Linkedid. Of two PBXs with one id: the call that came last. */
  ofPbx(tenantId: string, pbxCallId: string): Promise<string | undefined>;
}

export type CallSet = 'active' | 'ended';

/** Where a call stands in its list. */
export interface CallPlace {
  readonly callId: string;
  /** Ms since 1970. */
  readonly at: number;
}

export interface CallPageQuery {
  readonly set: CallSet;
  readonly after?: CallPlace | undefined;
  readonly count: number;
}

/** Where a page of recordings ended. */
export interface RecordingPosition {
  readonly startedAtMs: number;
  readonly recordingId: string;
}

export interface RecordingQuery {
  readonly callId?: string | undefined;
  readonly agentId?: string | undefined;
  /** Began then or later. */
  readonly fromMs?: number | undefined;
  /** Began before. */
  readonly toMs?: number | undefined;
  readonly after?: RecordingPosition | undefined;
  readonly limit: number;
}

/** The recordings of all calls, for longer than the calls themselves are kept. */
export interface RecordingIndex {
  keep(tenantId: string, recordings: readonly IndexedRecording[]): Promise<void>;
  get(tenantId: string, recordingId: string): Promise<IndexedRecording | undefined>;
  /** By the name of its file; of several with one name, the one that was told last. */
  named(tenantId: string, fileName: string): Promise<IndexedRecording | undefined>;
  /** Newest first. */
  find(tenantId: string, query: RecordingQuery): Promise<IndexedRecording[]>;
}

/** A session without a call. */
export interface StandaloneSession {
  readonly id: string;
  /** Ms since 1970. */
  readonly createdAt: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Sessions without calls, kept for a while after their last use. */
export interface StandaloneSessions {
  create(tenantId: string, data: StandaloneSession['data']): Promise<StandaloneSession>;
  read(tenantId: string, id: string): Promise<StandaloneSession | undefined>;
  /** Writers take turns: `to` may be asked again, and what it throws is thrown. Undefined: there is none. */
  change(
    tenantId: string,
    id: string,
    to: (session: StandaloneSession) => StandaloneSession['data'],
  ): Promise<StandaloneSession | undefined>;
}
