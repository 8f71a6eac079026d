import type { DigitalLog } from '@patchcord/call-model';
import type { DigitalContact, DispositionEntry, LinkedRecord, Session } from '@patchcord/contracts';
import type { AfterCallState, Call, CallRef, EventEffect } from './state.ts';

export interface InteractionRef extends CallRef {
  readonly interactionId: string;
}

/** A call as it was read, with the mark by which a write finds out that somebody else wrote since. */
export interface StoredCall extends Call {
  readonly mark: string;
}

export interface CallStore {
  /** Keeps the snapshot if it is newer than what is kept, and gives what is kept then. */
  keep(session: Session): Promise<StoredCall>;
  read(ref: CallRef): Promise<StoredCall | undefined>;
  /** Writes the state unless somebody else wrote since `mark`; the new mark, or undefined. */
  replace(ref: CallRef, mark: string, state: AfterCallState): Promise<string | undefined>;
}

/** Ways to a call for those who do not know its id. Entries may be out of date; the call itself tells the truth. */
export interface CallIndex {
  put(ref: InteractionRef): Promise<void>;
  callOf(tenantId: string, interactionId: string): Promise<string | undefined>;
  openAcw(ref: InteractionRef, agentId: string): Promise<void>;
  closeAcw(ref: InteractionRef, agentId: string): Promise<void>;
  /** Interactions whose after-call work an agent has open. */
  openAcwOf(tenantId: string, agentId: string): Promise<InteractionRef[]>;
}

export interface DispositionRef {
  readonly tenantId: string;
  readonly dispositionId: string;
}

/** The disposition of a contact, with the events of it that nobody may have published yet. */
export interface ContactDisposition {
  readonly entry: DispositionEntry;
  readonly pending: readonly EventEffect[];
}

export interface StoredDisposition extends ContactDisposition {
  readonly mark: string;
}

export interface DispositionFilter {
  readonly tenantId: string;
  readonly limit: number;
  readonly dispositionId?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly callId?: string | undefined;
}

/** Dispositions of contacts, and the list of all, those of interactions too. */
export interface DispositionStore {
  read(ref: DispositionRef): Promise<StoredDisposition | undefined>;
  /** Writes unless somebody else wrote since `mark` (undefined: unless there is one); the new mark, or undefined. */
  replace(tenantId: string, mark: string | undefined, next: ContactDisposition): Promise<string | undefined>;
  /** Shows an interaction's disposition in the list, unless a later change of it is there. */
  list(tenantId: string, entry: DispositionEntry): Promise<void>;
  /** By the time of their last change, newest first. */
  find(filter: DispositionFilter): Promise<DispositionEntry[]>;
}

export interface DigitalRef {
  readonly tenantId: string;
  readonly contactId: string;
}

export interface StoredDigital {
  readonly log: DigitalLog;
  /** Of the last write; 0 when there was none. */
  readonly version: number;
}

/** Digital contacts: what was told of each, and which are open. */
export interface DigitalStore {
  read(ref: DigitalRef): Promise<StoredDigital>;
  /** Writes unless somebody else wrote since `version`; the new version, or undefined. */
  replace(ref: DigitalRef, version: number, log: DigitalLog): Promise<number | undefined>;
  /** Puts an open contact first in the list of those, and takes a closed one out. `now`: ms since epoch. */
  show(contact: DigitalContact, now: number): Promise<void>;
  /** Ids of open contacts, those that changed last first. One that was closed just now may still be among them. */
  openOf(tenantId: string, page: DigitalPage): Promise<string[]>;
}

interface DigitalPage {
  readonly from: number;
  readonly count: number;
  /** Only those of which this agent has, or had, a segment. */
  readonly agentId?: string | undefined;
}

/** What has to happen later, whoever is alive then. */
export interface Schedule {
  /** `extensions`: how often more time was taken. Each has a timer of its own, and the one before it is taken back. */
  acwTimeout(ref: InteractionRef, at: Date, extensions?: number): Promise<void>;
  cancelAcwTimeout(ref: InteractionRef, extensions?: number): Promise<void>;
  /** Looks at the call's records once late events have had their time to come; more of it when nobody answered. */
  afterCall(ref: CallRef, jobId: string, options: { unanswered: boolean }): Promise<void>;
  /**
   * Looks at the call in any case, a little later. To be called before a change that nobody would repeat, so that
   * its effects happen even if this process dies right after it.
   */
  recover(ref: CallRef): Promise<void>;
  /** The same for the disposition of a contact. */
  recoverDisposition(ref: DispositionRef): Promise<void>;
}

/** What the card of a conversation has linked. Both are empty where there is no card. */
export interface CallLinks {
  /** Where it is written. */
  readonly linked: readonly LinkedRecord[];
  /** What somebody took off: nothing is written there, whoever has the number. */
  readonly unlinked: readonly LinkedRecord[];
}

/** `callId`: of a digital contact, what everything after it is filed under. */
export type LinksOf = (tenantId: string, callId: string) => Promise<CallLinks>;
