import {
  type Campaign,
  type DispositionEntry,
  type DispositionReply,
  Failure,
  type Form,
  type Session,
} from '@patchcord/contracts';
import type { DispositionInput } from '../domain/choose.ts';
import type { Schedule } from '../domain/ports.ts';
import { type RecordOutcome, recordDisposition } from '../domain/record-disposition.ts';
import type { ChangeCall } from './change-call.ts';
import { type FindCall, unknownInteraction } from './find-call.ts';
import { refusalFailure } from './refusals.ts';

export interface RecordDispositionOptions {
  readonly findCall: FindCall;
  readonly change: ChangeCall;
  readonly schedule: Schedule;
  readonly campaignOf: (session: Session) => Campaign | undefined;
  readonly formsOf: (tenantId: string) => ReadonlyMap<string, Form>;
  /** The contact that a call was linked to, if it was. */
  readonly contactOf: (tenantId: string, callId: string) => Promise<string | undefined>;
  readonly now: () => number;
}

interface RecordDispositionRequest {
  readonly tenantId: string;
  readonly interactionId: string;
  /** Default: the agent of the interaction. */
  readonly agentId?: string | undefined;
  readonly disposition: DispositionInput;
  readonly withoutForm?: boolean | undefined;
  /** Only a disposition that was recorded before is changed. */
  readonly mustExist?: boolean | undefined;
  /** Only where this agent took part. */
  readonly onlyOf?: string | undefined;
}

/** The reply, and the disposition as it stands in the list. */
type Recorded = DispositionReply & { readonly entry: DispositionEntry };

export type RecordDisposition = (request: RecordDispositionRequest) => Promise<Recorded>;

/**
 * Records what an agent says of his interaction, and with it completes its after-call work.
 *
 * @throws Failure permanent `not_found` | `forbidden` | `unknown_disposition` (with the ids that are valid) | `form_invalid`
 */
export function createRecordDisposition(options: RecordDispositionOptions): RecordDisposition {
  const { findCall, change, schedule, campaignOf, formsOf, contactOf, now } = options;
  return async ({ tenantId, interactionId, ...request }) => {
    const ref = await findCall(tenantId, interactionId);
    const contactId = await contactOf(tenantId, ref.callId);
    await schedule.recover(ref);
    const outcome = await change(ref, (call) => {
      const known = { campaign: campaignOf(call.session), forms: formsOf(tenantId), contactId, now: now() };
      const result = recordDisposition(call, { agentId: undefined, ...request, ...known, interactionId });
      return { state: 'state' in result ? result.state : call.state, result };
    });
    if (outcome === undefined) throw unknownInteraction(interactionId);
    return answerOf(outcome, interactionId, request.disposition.optionId);
  };
}

function answerOf(outcome: RecordOutcome, interactionId: string, optionId: string): Recorded {
  switch (outcome.outcome) {
    case 'unknown-interaction':
      throw unknownInteraction(interactionId);
    case 'never-recorded':
      throw new Failure('permanent', 'not_found', `the interaction "${interactionId}" has no disposition yet`);
    case 'not-his':
      throw notHis(interactionId, outcome.agentId);
    case 'unknown-option':
    case 'form-invalid':
      throw refusalFailure(optionId, outcome);
    default:
      return { outcome: outcome.outcome, disposition: outcome.disposition, entry: outcome.entry };
  }
}

const notHis = (interactionId: string, agentId: string): Failure =>
  new Failure('permanent', 'forbidden', `agent "${agentId}" had no part in the interaction "${interactionId}"`);
