import { isDeepStrictEqual } from 'node:util';
import type {
  Campaign,
  DispositionEntry,
  DispositionReply,
  DispositionValue,
  Form,
  Interaction,
} from '@patchcord/contracts';
import { completeAcw } from './acw.ts';
import { choose, type DispositionInput, type Refusal } from './choose.ts';
import { entryOf } from './entry.ts';
import { dispositionEvent } from './events.ts';
import { type AfterCallState, type Call, type Effect, type RecordedDisposition, withEffects } from './state.ts';

export type RecordOutcome =
  | {
      readonly outcome: DispositionReply['outcome'];
      readonly disposition: DispositionValue;
      readonly entry: DispositionEntry;
      readonly state: AfterCallState;
    }
  | { readonly outcome: 'unknown-interaction' | 'never-recorded' }
  | { readonly outcome: 'not-his'; readonly agentId: string }
  | Refusal;

export interface RecordFacts {
  readonly interactionId: string;
  /** Default: the agent of the interaction. */
  readonly agentId: string | undefined;
  readonly disposition: DispositionInput;
  readonly campaign: Campaign | undefined;
  readonly forms: ReadonlyMap<string, Form>;
  /** Who called, if that is known. */
  readonly contactId?: string | undefined;
  readonly withoutForm?: boolean | undefined;
  /** Only a disposition that was recorded before can be changed. */
  readonly mustExist?: boolean | undefined;
  /** Only an interaction of this agent, or one that he spoke for before. */
  readonly onlyOf?: string | undefined;
  /** ms since epoch. */
  readonly now: number;
}

/** Records or changes a disposition: during the interaction, in its after-call work, or later. */
export function recordDisposition(call: Call, facts: RecordFacts): RecordOutcome {
  const { interactionId, onlyOf } = facts;
  const interaction = call.session.interactions.find((candidate) => candidate.interactionId === interactionId);
  if (interaction?.answeredAt === undefined) return { outcome: 'unknown-interaction' };
  const previous = call.state.dispositions[interactionId];
  const owners = [interaction.agent.agentId, previous?.agentId];
  if (onlyOf !== undefined && !owners.includes(onlyOf)) return { outcome: 'not-his', agentId: onlyOf };
  if (previous === undefined && facts.mustExist === true) return { outcome: 'never-recorded' };
  const chosen = choose(facts.disposition, { ...facts, previous: previous?.value });
  return chosen.outcome === 'valid' ? keep(call, interaction, chosen.value, facts) : chosen;
}

function keep(call: Call, interaction: Interaction, disposition: DispositionValue, facts: RecordFacts): RecordOutcome {
  const { interactionId, now } = facts;
  const { session } = call;
  const previous = call.state.dispositions[interactionId];
  if (previous !== undefined && sameChoice(previous.value, disposition)) {
    const entry = entryOf(call, interactionId, previous);
    return { outcome: 'unchanged', disposition: previous.value, entry, state: call.state };
  }
  const recorded = recordedOf(interaction, disposition, previous, facts);
  const entry = entryOf(call, interactionId, recorded);
  const { tenantId } = session;
  const published = dispositionEvent(entry, { tenantId, previous: previous?.value, session });
  const dispositions = { ...call.state.dispositions, [interactionId]: recorded };
  const told: Effect = { kind: 'event', id: published.id, event: published };
  const listed: Effect = { kind: 'list', id: `${interactionId}.list-${entry.changes}`, entry };
  const state = withEffects({ ...call.state, dispositions }, [told, listed]);
  return {
    outcome: previous === undefined ? 'recorded' : 'changed',
    disposition,
    entry,
    state: completeOrReview({ session, state }, interactionId, { change: entry.changes, now }),
  };
}

function recordedOf(
  interaction: Interaction,
  value: DispositionValue,
  previous: RecordedDisposition | undefined,
  facts: RecordFacts,
): RecordedDisposition {
  const at = new Date(facts.now).toISOString();
  const campaignId = facts.campaign?.id;
  const contactId = facts.contactId ?? previous?.contactId;
  return {
    agentId: facts.agentId ?? previous?.agentId ?? interaction.agent.agentId,
    value,
    changes: (previous?.changes ?? 0) + 1,
    at,
    createdAt: previous?.createdAt ?? previous?.at ?? at,
    ...(campaignId === undefined ? {} : { campaignId }),
    ...(contactId === undefined ? {} : { contactId }),
  };
}

/** After the after-call work, only the record is left to be written again; before it, there is none yet. */
function completeOrReview(call: Call, interactionId: string, at: { change: number; now: number }): AfterCallState {
  const { session, state } = call;
  if (state.acw[interactionId]?.status !== 'complete') {
    return completeAcw(call, interactionId, { reason: 'disposition', now: at.now });
  }
  return withEffects(state, [{ kind: 'after-call', id: `${session.tenantId}.${interactionId}.d${at.change}` }]);
}

/** The name is the option's, and may have been edited in the configuration since. */
export const sameChoice = (a: DispositionValue, b: DispositionValue): boolean =>
  isDeepStrictEqual({ ...a, name: '' }, { ...b, name: '' });
