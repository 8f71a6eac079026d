import { createHash } from 'node:crypto';
import type { DispositionEntry, DispositionValue } from '@patchcord/contracts';
import type { Call, RecordedDisposition } from './state.ts';

/** What is said of a contact once, whoever asks for it: hashed, because ids joined by a dash could be read in two ways. */
export function contactDispositionId(campaignId: string, contactId: string): string {
  const digest = createHash('sha256').update(`${campaignId}\n${contactId}`).digest('base64url');
  return `d-${digest.slice(0, 27)}`;
}

/** Ids of interactions begin in another way. */
export const isContactDisposition = (dispositionId: string): boolean => dispositionId.startsWith('d-');

/** The disposition of an interaction as it stands. */
export function entryOf(
  { session }: Pick<Call, 'session'>,
  interactionId: string,
  recorded: RecordedDisposition,
): DispositionEntry {
  const { agentId, value, changes, at, createdAt, campaignId, contactId } = recorded;
  return {
    dispositionId: interactionId,
    callId: session.callId,
    interactionId,
    agentId,
    ...(campaignId === undefined ? {} : { campaignId }),
    ...(contactId === undefined ? {} : { contactId }),
    disposition: value,
    createdAt: createdAt ?? at,
    updatedAt: at,
    changes,
  };
}

/** A disposition of a contact, changed or new. `undefined` in `next` leaves what there was. */
export interface ContactChange {
  readonly agentId: string | undefined;
  readonly value: DispositionValue;
  /** ms since epoch. */
  readonly now: number;
}

export function changedEntry(before: DispositionEntry, { agentId, value, now }: ContactChange): DispositionEntry {
  return {
    ...before,
    ...(agentId === undefined ? {} : { agentId }),
    disposition: value,
    updatedAt: new Date(now).toISOString(),
    changes: before.changes + 1,
  };
}
