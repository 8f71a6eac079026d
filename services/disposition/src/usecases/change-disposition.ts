import { type DispositionEntry, Failure, isFailure } from '@patchcord/contracts';
import { isContactDisposition } from '../domain/entry.ts';
import type { DispositionStore } from '../domain/ports.ts';
import { type ContactChangeRequest, type ContactDispositions, unknownDisposition } from './contact-dispositions.ts';
import type { RecordDisposition } from './record-disposition.ts';

export interface ChangeDispositionOptions {
  readonly contacts: Pick<ContactDispositions, 'change'>;
  readonly record: RecordDisposition;
  readonly store: Pick<DispositionStore, 'find'>;
}

export type ChangeDisposition = (request: ContactChangeRequest) => Promise<DispositionEntry>;

/**
 * Changes a disposition by its id, of a contact or of an interaction.
 *
 * @throws Failure permanent `not_found` | `gone` when its call is no longer kept | `unknown_disposition` | `form_invalid`
 */
export function createChangeDisposition({ contacts, record, store }: ChangeDispositionOptions): ChangeDisposition {
  return async (request) => {
    const { dispositionId, ...change } = request;
    if (isContactDisposition(dispositionId)) return contacts.change(request);
    try {
      return (await record({ ...change, interactionId: dispositionId, mustExist: true })).entry;
    } catch (error) {
      if (!isFailure(error) || error.code !== 'not_found') throw error;
      const listed = await store.find({ tenantId: request.tenantId, dispositionId, limit: 1 });
      throw listed.length === 0 ? unknownDisposition(dispositionId) : tooLate(dispositionId);
    }
  };
}

const tooLate = (id: string): Failure =>
  new Failure('permanent', 'gone', `the call of the disposition "${id}" is too long over: it can only be read`);
