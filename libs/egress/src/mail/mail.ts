import type { Failure, MailServer } from '@patchcord/contracts';

/** A message. Addresses are single mailboxes: `ana@example.com` or `Ana <ana@example.com>`. */
export interface Mail {
  /** Default: the server's. */
  readonly from?: string | undefined;
  readonly to: readonly string[];
  readonly cc?: readonly string[] | undefined;
  /** Get the message, and nobody sees it. */
  readonly bcc?: readonly string[] | undefined;
  readonly replyTo?: string | undefined;
  /** Line breaks in it become spaces. */
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /**
   * What the message stands for, e.g. the id of its work. The same gives the same Message-ID, by which the reader's
   * server can tell a repeat.
   */
  readonly messageId: string;
  /** Further ones. Those that say who writes to whom, and how the message is built, cannot be set. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** By which server a message goes. */
export interface MailVia {
  readonly server: MailServer;
  /** Of the server's user, in clear. Needed when it has one. */
  readonly password?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A recipient whom the server did not take while it took others. */
export interface RefusedRecipient {
  /** Where it stands in the message: `cc[1]`. Never the address. */
  readonly field: string;
  /** What the server said: `smtp_550`. */
  readonly code: string;
}

/** The server has taken the message for at least one recipient; those it refused are not asked again. */
export interface MailSent {
  readonly ok: true;
  /** The header, with its brackets. */
  readonly messageId: string;
  /** How many recipients the server took. */
  readonly accepted: number;
  readonly refused: readonly RefusedRecipient[];
  readonly durationMs: number;
}

export interface MailFailure {
  readonly ok: false;
  /** Holds no address, no subject and no text of the server, which might quote them. */
  readonly failure: Failure;
  readonly durationMs: number;
}

export type MailOutcome = MailSent | MailFailure;
