import { Failure, isFailure } from '@patchcord/contracts';
import type { FlowInput } from '@patchcord/flows';
import type { GoStep } from '../domain/identification.ts';
import type { IdentificationRequest, Identify } from '../usecases/identify.ts';
import { gone } from './agi-call.ts';
import type { AgiCall } from './agi-scripts.ts';

export interface AskingCaller {
  readonly identify: Identify;
  readonly now: () => number;
}

type Caller = Omit<IdentificationRequest, 'attempt' | 'digits'>;

/** Asks who calls, as often as the identification says, and tells the flow what came of it. */
export async function identifyInFlow(deps: AskingCaller, call: AgiCall, caller: Caller): Promise<FlowInput> {
  const { session, refuse } = call;
  try {
    const { destination, outcome, identifiedAs } = await askCaller(deps, call, caller);
    if (identifiedAs !== undefined) {
      await session.setVariable('__CRM_IDENTIFIED_AS', identifiedAs);
      await session.setVariable('__Omlcrmidcontact', identifiedAs);
    }
    return { type: 'identified', outcome, destination, ...(identifiedAs === undefined ? {} : { id: identifiedAs }) };
  } catch (error) {
    const known = isFailure(error) && (error.code === 'not_found' || error.code === 'agi_refused');
    if (session.hungUp.aborted || !known) throw error;
    refuse(error.message);
    return { type: 'failed', reason: 'the caller could not be asked' };
  }
}

async function askCaller({ identify, now }: AskingCaller, { session }: AgiCall, caller: Caller): Promise<GoStep> {
  let step = await identify({ ...caller, attempt: 0, digits: '' }, now());
  while (step.next === 'ask') {
    const { prompt, timeoutMs, maxDigits, attempt } = step;
    const entered = await session.getData(prompt, { timeoutMs, maxDigits });
    if (entered.outcome === 'hung-up') throw new Failure('permanent', 'agi_hung_up', 'the caller hung up');
    const next = identify({ ...caller, attempt, digits: entered.digits }, now());
    step = await Promise.race([next, gone(session.hungUp)]);
  }
  return step;
}
