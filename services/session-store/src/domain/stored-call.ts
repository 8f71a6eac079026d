import type { Lane } from '@patchcord/call-model';
import type { CallEvent, Session } from '@patchcord/contracts';

export interface CallRef {
  readonly tenantId: string;
  readonly callId: string;
}

/** A call as it is stored. */
export interface StoredCall {
  readonly session: Session;
  /** Order key of the event that sorts last among those of a lane that were folded; empty: there was none. */
  readonly lastKeys: Readonly<Record<Lane, string>>;
}

/** An event that was folded, with the version of the session that it made. */
export interface AppliedEvent {
  readonly version: number;
  readonly event: CallEvent;
}

/** An event and the session as it was once the event was folded. */
export interface Change {
  readonly event: CallEvent;
  readonly session: Session;
  /** The event sorts before one of its lane that was folded already. */
  readonly late: boolean;
}
