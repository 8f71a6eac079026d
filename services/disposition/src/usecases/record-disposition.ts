import { InvalidInput } from '@patchcord/bus';
import type { Campaign, DispositionReply, Failure, Session } from '@patchcord/contracts';
import type { Schedule } from '../domain/ports.ts';
import { type DispositionInput, recordDisposition } from '../domain/record-disposition.ts';
import type { ChangeCall } from './change-call.ts';
import { type FindCall, unknownInteraction } from './find-call.ts';

export interface RecordDispositionOptions {
  readonly findCall: FindCall;
  readonly change: ChangeCall;
  readonly schedule: Schedule;
  readonly campaignOf: (session: Session) => Campaign | undefined;
  readonly now: () => number;
}

interface RecordDispositionRequest {
  readonly tenantId: string;
  readonly interactionId: string;
  /** Default: the agent of the interaction. */
  readonly agentId?: string | undefined;
  readonly disposition: DispositionInput;
}

export type RecordDisposition = (request: RecordDispositionRequest) => Promise<DispositionReply>;

/**
 * Records what an agent says of his interaction, and with it completes its after-call work.
 *
 * @throws Failure permanent `not_found` | `unknown_disposition` (with the ids that are valid)
 */
export function createRecordDisposition(options: RecordDispositionOptions): RecordDisposition {
  const { findCall, change, schedule, campaignOf, now } = options;
  return async ({ tenantId, interactionId, agentId, disposition }) => {
    const ref = await findCall(tenantId, interactionId);
    await schedule.recover(ref);
    const outcome = await change(ref, (call) => {
      const campaign = campaignOf(call.session);
      const result = recordDisposition(call, { interactionId, agentId, disposition, campaign, now: now() });
      return { state: 'state' in result ? result.state : call.state, result };
    });
    if (outcome === undefined || outcome.outcome === 'unknown-interaction') throw unknownInteraction(interactionId);
    if (outcome.outcome === 'unknown-option') throw unknownOption(disposition.optionId, outcome);
    return { outcome: outcome.outcome, disposition: outcome.disposition };
  };
}

function unknownOption(
  optionId: string,
  { validIds, campaignId }: { readonly validIds: readonly string[]; readonly campaignId: string | undefined },
): Failure {
  const expected =
    campaignId === undefined
      ? 'the call belongs to no campaign, so there are no dispositions to choose from'
      : validIds.length === 0
        ? `the campaign "${campaignId}" has no dispositions`
        : `expected one of ${validIds.map((id) => `"${id}"`).join(', ')}`;
  return new InvalidInput('unknown_disposition', `"${optionId}" cannot be recorded: ${expected}`, [
    { path: 'optionId', message: expected },
  ]);
}
