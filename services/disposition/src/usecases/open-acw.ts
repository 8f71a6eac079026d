import type { Campaign, OpenAcw, Session } from '@patchcord/contracts';
import type { CallIndex, CallStore, InteractionRef } from '../domain/ports.ts';
import type { Call } from '../domain/state.ts';

export interface OpenAcwOptions {
  readonly index: Pick<CallIndex, 'openAcwOf'>;
  readonly store: Pick<CallStore, 'read'>;
  readonly campaignOf: (session: Session) => Campaign | undefined;
}

export type ListOpenAcw = (of: { tenantId: string; agentId: string }) => Promise<{ acw: OpenAcw[] }>;

/** What an agent has still to do after his calls, oldest first. The index may be out of date; the calls tell the truth. */
export function createListOpenAcw({ index, store, campaignOf }: OpenAcwOptions): ListOpenAcw {
  return async ({ tenantId, agentId }) => {
    const refs = await index.openAcwOf(tenantId, agentId);
    const found = await Promise.all(refs.map(async (ref) => openOf(ref, await store.read(ref), campaignOf)));
    return { acw: found.flat().toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)) };
  };
}

function openOf(
  { interactionId }: InteractionRef,
  call: Call | undefined,
  campaignOf: OpenAcwOptions['campaignOf'],
): OpenAcw[] {
  const acw = call?.state.acw[interactionId];
  if (call === undefined || acw?.status !== 'open') return [];
  const { callId, direction, ani, callerName, dnis, interactions } = call.session;
  const queue = interactions.find((one) => one.interactionId === interactionId)?.queue;
  const campaignId = campaignOf(call.session)?.id;
  const { startedAt, until } = acw;
  const known = { until, campaignId, queue, direction, ani, callerName, dnis };
  const present = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return [{ callId, interactionId, startedAt, ...present }];
}
