import type { AfterCallInteraction, Campaign, Session } from '@patchcord/contracts';
import { answeredInteractions } from '../domain/acw.ts';
import { entryOf } from '../domain/entry.ts';
import type { CallStore } from '../domain/ports.ts';
import type { Call } from '../domain/state.ts';

interface CallInteractionsOptions {
  readonly store: Pick<CallStore, 'read'>;
  readonly campaignOf: (session: Session) => Campaign | undefined;
}

interface CallInteractionsRequest {
  readonly tenantId: string;
  readonly callId: string;
  /** Only those of this agent. */
  readonly onlyOf?: string | undefined;
}

export type CallInteractions = (request: CallInteractionsRequest) => Promise<AfterCallInteraction[]>;

/** Consult calls of consult calls: nobody goes further. */
const maxMerges = 5;

/** Who had part in a call or a digital contact, and what is said of it by now. */
export function createCallInteractions({ store, campaignOf }: CallInteractionsOptions): CallInteractions {
  return async ({ tenantId, callId, onlyOf }) => {
    let call = await store.read({ tenantId, callId });
    for (let merges = 0; merges < maxMerges && call?.session.mergedInto !== undefined; merges += 1)
      call = await store.read({ tenantId, callId: call.session.mergedInto });
    if (call === undefined) return [];
    const campaignId = campaignOf(call.session)?.id;
    return interactionsOf(call, campaignId).filter(({ agentId }) => onlyOf === undefined || agentId === onlyOf);
  };
}

function interactionsOf(call: Call, campaignId: string | undefined): AfterCallInteraction[] {
  const { session, state } = call;
  return answeredInteractions(session).map(({ interactionId, agent, answeredAt = '', endedAt = session.endedAt }) => {
    const acw = state.acw[interactionId];
    const recorded = state.dispositions[interactionId];
    return {
      interactionId,
      agentId: agent.agentId,
      ...(agent.name === undefined ? {} : { agentName: agent.name }),
      ...(campaignId === undefined ? {} : { campaignId }),
      answeredAt,
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(acw === undefined ? {} : { acw }),
      ...(recorded === undefined ? {} : { disposition: entryOf(call, interactionId, recorded) }),
    };
  });
}
