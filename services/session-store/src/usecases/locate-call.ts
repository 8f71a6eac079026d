import { type Session, token } from '@patchcord/contracts';
import type { ActiveCalls, CallStore } from '../domain/ports.ts';
import type { CallRef } from '../domain/stored-call.ts';

export interface LocatedCall {
  readonly ref: CallRef;
  /** Undefined: it is not kept, or never was. */
  readonly session: Session | undefined;
}

/** A call by our id, which is that of its session too, or by its PBX's own, e.g. a Linkedid. */
export type LocateCall = (tenantId: string, id: string) => Promise<LocatedCall | undefined>;

export function createLocateCall(store: Pick<CallStore, 'session'>, active: Pick<ActiveCalls, 'ofPbx'>): LocateCall {
  return async (tenantId, id) => {
    const own = token.safeParse(id).success ? { tenantId, callId: id } : undefined;
    const session = own === undefined ? undefined : await store.session(own);
    if (own !== undefined && session !== undefined) return { ref: own, session };
    const callId = await active.ofPbx(tenantId, id);
    if (callId === undefined) return own === undefined ? undefined : { ref: own, session: undefined };
    const ref = { tenantId, callId };
    return { ref, session: await store.session(ref) };
  };
}
