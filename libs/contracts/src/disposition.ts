import { z } from 'zod';
import { session } from './session.ts';
import { token } from './tokens.ts';

/** What an agent said of an interaction when it was over, or of a contact without one. */
export const dispositionValue = z.object({
  /** Id of the option within the campaign's disposition set. */
  optionId: token,
  name: z.string().min(1).max(256),
  comments: z.string().max(8192).optional(),
  /** Saved fields of the management form: name to value. */
  form: z.record(z.string().max(128), z.unknown()).optional(),
});
export type DispositionValue = z.infer<typeof dispositionValue>;

/** A disposition as it stands, of an interaction or of a contact. */
export const dispositionEntry = z.object({
  dispositionId: token,
  campaignId: token.optional(),
  contactId: token.optional(),
  callId: token.optional(),
  interactionId: token.optional(),
  agentId: token.optional(),
  disposition: dispositionValue,
  createdAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
  /** 1 when it was never changed. */
  changes: z.number().int().positive(),
});
export type DispositionEntry = z.infer<typeof dispositionEntry>;

/** What each event of a disposition says. */
export const dispositionNews = z.object({
  ...dispositionEntry.omit({ createdAt: true, updatedAt: true }).shape,
  /** The call as it is by now, so that a reader asks nobody. Absent where there is none. */
  session: session.optional(),
});
export type DispositionNews = z.infer<typeof dispositionNews>;
