import { Failure } from '@patchcord/contracts';
import type { CallIndex, CallStore, InteractionRef } from '../domain/ports.ts';

/** Consult calls of consult calls: nobody goes further. */
const maxMerges = 5;

export type FindCall = (tenantId: string, interactionId: string) => Promise<InteractionRef>;

/** The call of an interaction. One that was answered in a consult call is found in the call that it became part of. */
export function createFindCall(index: CallIndex, store: CallStore): FindCall {
  return async (tenantId, interactionId) => {
    let callId = await index.callOf(tenantId, interactionId);
    for (let merges = 0; merges < maxMerges && callId !== undefined; merges += 1) {
      const call = await store.read({ tenantId, callId });
      if (call === undefined) break;
      if (call.session.mergedInto === undefined) return { tenantId, callId, interactionId };
      callId = call.session.mergedInto;
    }
    throw unknownInteraction(interactionId);
  };
}

export const unknownInteraction = (interactionId: string): Failure =>
  new Failure('permanent', 'not_found', `there is no answered interaction "${interactionId}"`);
