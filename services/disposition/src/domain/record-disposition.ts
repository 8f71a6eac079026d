import { isDeepStrictEqual } from 'node:util';
import type {
  Campaign,
  DispositionReply,
  DispositionRequest,
  DispositionValue,
  Interaction,
} from '@patchcord/contracts';
import { completeAcw } from './acw.ts';
import { dispositionEvent } from './events.ts';
import { type AfterCallState, type Call, type Effect, withEffects } from './state.ts';

/** What an agent says of his interaction; the name of the option is looked up. */
export type DispositionInput = DispositionRequest['disposition'];

export type RecordOutcome =
  | {
      readonly outcome: DispositionReply['outcome'];
      readonly disposition: DispositionValue;
      readonly state: AfterCallState;
    }
  | { readonly outcome: 'unknown-interaction' }
  | {
      readonly outcome: 'unknown-option';
      readonly validIds: readonly string[];
      readonly campaignId: string | undefined;
    };

export interface RecordFacts {
  readonly interactionId: string;
  /** Default: the agent of the interaction. */
  readonly agentId: string | undefined;
  readonly disposition: DispositionInput;
  readonly campaign: Campaign | undefined;
  /** ms since epoch. */
  readonly now: number;
}

/** Records or changes a disposition: during the interaction, in its after-call work, or later. */
export function recordDisposition(call: Call, facts: RecordFacts): RecordOutcome {
  const { interactionId, campaign } = facts;
  const interaction = call.session.interactions.find((candidate) => candidate.interactionId === interactionId);
  if (interaction?.answeredAt === undefined) return { outcome: 'unknown-interaction' };
  const options = campaign?.dispositions ?? [];
  const option = options.find(({ id }) => id === facts.disposition.optionId);
  if (option === undefined) {
    return { outcome: 'unknown-option', validIds: options.map(({ id }) => id), campaignId: campaign?.id };
  }
  const { comments, form } = facts.disposition;
  const disposition: DispositionValue = {
    optionId: option.id,
    name: option.name,
    ...(comments === undefined ? {} : { comments }),
    ...(form === undefined ? {} : { form }),
  };
  return keep(call, interaction, disposition, facts);
}

function keep(call: Call, interaction: Interaction, disposition: DispositionValue, facts: RecordFacts): RecordOutcome {
  const { interactionId, now } = facts;
  const previous = call.state.dispositions[interactionId];
  if (previous !== undefined && sameChoice(previous.value, disposition)) {
    return { outcome: 'unchanged', disposition: previous.value, state: call.state };
  }
  const change = (previous?.changes ?? 0) + 1;
  const agentId = facts.agentId ?? interaction.agent.agentId;
  const recorded = { agentId, value: disposition, changes: change, at: new Date(now).toISOString() };
  const published = dispositionEvent(
    { session: call.session, interactionId, now },
    { agentId, disposition, previous: previous?.value, change },
  );
  const dispositions = { ...call.state.dispositions, [interactionId]: recorded };
  const told: Effect = { kind: 'event', id: published.id, event: published };
  const state = withEffects({ ...call.state, dispositions }, [told]);
  return {
    outcome: previous === undefined ? 'recorded' : 'changed',
    disposition,
    state: completeOrReview({ session: call.session, state }, interactionId, { change, now }),
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
const sameChoice = (a: DispositionValue, b: DispositionValue): boolean =>
  isDeepStrictEqual({ ...a, name: '' }, { ...b, name: '' });
