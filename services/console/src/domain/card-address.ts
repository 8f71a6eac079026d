import type { Identity } from '@patchcord/runtime';
import { actorOf } from './actor.ts';

/** A card as somebody asks for it: who acts for one agent sees those that he is on. */
export function addressOf({ tenantId, agentId }: Identity, cardId: string) {
  return { tenantId, cardId, ...(agentId === undefined ? {} : { onlyOf: agentId }) };
}

/** Who it was, as the card's history tells it. */
export const personOf = ({ agentId, tokenId }: Identity): string =>
  agentId === undefined ? actorOf(tokenId) : `agent:${agentId}`;
