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
}

/** The calls, each with the events that made it. Rejects with `Failure` own-trouble when it cannot be reached. */
export interface CallStore {
  read(ref: CallRef, events: readonly CallEvent[]): Promise<CallView>;
  session(ref: CallRef): Promise<Session | undefined>;
  /** All events that were folded into the call. */
  applied(ref: CallRef): Promise<AppliedEvent[]>;
  /** False when somebody else has changed the call meanwhile: nothing was written. */
  commit(ref: CallRef, commit: Commit): Promise<boolean>;
}

/** Which calls of a tenant are under way. May name calls that have ended; readers check. */
export interface ActiveCalls {
  add(session: Session): Promise<void>;
  remove(ref: CallRef): Promise<void>;
  /** Newest first. */
  page(tenantId: string, from: number, count: number): Promise<string[]>;
  count(tenantId: string): Promise<number>;
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
