import { isFailure } from '@patchcord/contracts';
import type { GoStep } from '../domain/identification.ts';
import type { IdentificationRequest, Identify } from '../usecases/identify.ts';
import { callerOf, destinationVariables, gone } from './agi-call.ts';
import type { AgiCall, AgiScript } from './agi-scripts.ts';

export interface AgiIdentifyDeps {
  readonly identify: Identify;
  readonly now: () => number;
}

type Caller = Omit<IdentificationRequest, 'attempt' | 'digits'>;

/**
 * Serves `AGI(agi://host/identify/<id>)`: asks the caller as often as the node says and leaves on the channel where the
 * call goes. `CRM_OUTCOME` is empty until all other variables are set, so a dialplan that finds it empty goes its own way.
 */
export function createAgiIdentify(deps: AgiIdentifyDeps): AgiScript {
  return async (call) => {
    const { session, pbx, id: identificationId, refuse } = call;
    if (identificationId === undefined) {
      refuse('expected agi://host/identify/<id of the identification>');
      return session.setVariable('CRM_OUTCOME', 'error');
    }
    const { tenantId } = pbx;
    await converse(deps, call, { tenantId, identificationId, ...(await callerOf(session, pbx)) });
  };
}

/** Until the call goes somewhere, or the caller does. */
async function converse(deps: AgiIdentifyDeps, { session, refuse }: AgiCall, caller: Caller): Promise<void> {
  try {
    await session.answer();
    let step = await deps.identify({ ...caller, attempt: 0, digits: '' }, deps.now());
    while (step.next === 'ask') {
      const { prompt, timeoutMs, maxDigits, attempt } = step;
      const entered = await session.getData(prompt, { timeoutMs, maxDigits });
      if (entered.outcome === 'hung-up' || session.hungUp.aborted) return;
      const next = deps.identify({ ...caller, attempt, digits: entered.digits }, deps.now());
      step = await Promise.race([next, gone(session.hungUp)]);
    }
    await tell(session, step);
  } catch (error) {
    if (session.hungUp.aborted) return;
    if (!isFailure(error, 'permanent') || error.code !== 'not_found') throw error;
    refuse(error.message);
    await session.setVariable('CRM_OUTCOME', 'error');
  }
}

/** `__`: channels that this one makes inherit it, so that the agent's leg has it too. */
async function tell(session: AgiCall['session'], { destination, outcome, identifiedAs }: GoStep): Promise<void> {
  for (const [name, value] of destinationVariables(destination)) await session.setVariable(name, value);
  if (identifiedAs !== undefined) {
    await session.setVariable('__CRM_IDENTIFIED_AS', identifiedAs);
    await session.setVariable('__Omlcrmidcontact', identifiedAs);
  }
  await session.setVariable('CRM_OUTCOME', outcome);
}
