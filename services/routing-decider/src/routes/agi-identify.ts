import type { AgiSession } from '@patchcord/asterisk';
import { callIdOf, isFailure, rawNumber, token } from '@patchcord/contracts';
import type { GoStep } from '../domain/identification.ts';
import type { PbxOfPeer, PbxPeer } from '../domain/pbx-peers.ts';
import type { IdentificationRequest, Identify } from '../usecases/identify.ts';

export interface AgiIdentifyDeps {
  readonly pbxOf: PbxOfPeer;
  readonly identify: Identify;
  readonly now: () => number;
  /** Told of a call that is not served: from an unknown address, or with an address of the script that is none. */
  readonly onRefused: (about: { readonly peer: string; readonly path: string; readonly why: string }) => void;
}

type Caller = Omit<IdentificationRequest, 'attempt' | 'digits'>;

/**
 * Serves `AGI(agi://host/identify/<id>)`: asks the caller as often as the node says and leaves on the channel where the
 * call goes. `CRM_OUTCOME` is empty until all other variables are set, so a dialplan that finds it empty goes its own way.
 */
export function createAgiIdentify(deps: AgiIdentifyDeps): (session: AgiSession) => Promise<void> {
  return async (session) => {
    const { peer, request } = session;
    const pbx = deps.pbxOf(peer);
    const refuse = (why: string): void => deps.onRefused({ peer, path: request.path, why });
    if (pbx === undefined) return refuse('no entry of FASTAGI_PBXS names this address');
    await session.setVariable('CRM_OUTCOME', '');
    const id = /^identify\/([^/]+)$/.exec(request.path)?.[1];
    if (!token.safeParse(id).success || id === undefined) {
      refuse('expected agi://host/identify/<id of the identification>');
      return session.setVariable('CRM_OUTCOME', 'error');
    }
    await converse(deps, session, await callerOf(session, pbx, id));
  };
}

/** Until the call goes somewhere, or the caller does. */
async function converse(deps: AgiIdentifyDeps, session: AgiSession, caller: Caller): Promise<void> {
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
    deps.onRefused({ peer: session.peer, path: session.request.path, why: error.message });
    await session.setVariable('CRM_OUTCOME', 'error');
  }
}

/** Rejects when nobody is there any more: the service may still think, and nobody waits for it. */
const gone = (hungUp: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (hungUp.aborted) reject(hungUp.reason);
    hungUp.addEventListener('abort', () => reject(hungUp.reason), { once: true });
  });

/** Asterisk gives the linked id of the first channel to all of a call: our call id is made of it. */
async function callerOf(session: AgiSession, { pbxId, tenantId }: PbxPeer, identificationId: string): Promise<Caller> {
  const { uniqueId, callerNumber, dialledNumber } = session.request;
  const linkedId = (await session.getVariable('CHANNEL(linkedid)')) ?? uniqueId;
  return {
    tenantId,
    identificationId,
    callId: token.safeParse(callIdOf(pbxId, linkedId)).data,
    ani: rawNumber.safeParse(callerNumber).data,
    dnis: rawNumber.safeParse(dialledNumber).data,
  };
}

/** `__`: channels that this one makes inherit it, so that the agent's leg has it too. */
async function tell(session: AgiSession, { destination, outcome, identifiedAs }: GoStep): Promise<void> {
  await session.setVariable('CRM_DESTINATION_TYPE', destination.type);
  await session.setVariable('CRM_DESTINATION_TARGET', destination.target);
  if (identifiedAs !== undefined) {
    await session.setVariable('__CRM_IDENTIFIED_AS', identifiedAs);
    await session.setVariable('__Omlcrmidcontact', identifiedAs);
  }
  await session.setVariable('CRM_OUTCOME', outcome);
}
