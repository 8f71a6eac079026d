import {
  isFailure,
  type RoutingDecision,
  type RoutingInput,
  type RoutingRule,
  routingInput,
} from '@patchcord/contracts';
import type { DecideRoute } from '../usecases/decide-route.ts';
import { callerOf, channelText, gone, tellDestination } from './agi-call.ts';
import type { AgiCall, AgiScript } from './agi-scripts.ts';

export interface AgiRouteDeps {
  readonly ruleOf: (tenantId: string, ruleId: string) => RoutingRule | undefined;
  /** The rule whose location names the dialled number. */
  readonly ruleOfDid: (tenantId: string, dialled: string) => RoutingRule | undefined;
  readonly decide: DecideRoute;
  readonly now: () => number;
}

/**
 * Serves `AGI(agi://host/route/<rule>)`, and `AGI(agi://host/route)` by the dialled number: plays the rule's greeting if
 * it has one, decides, and leaves on the channel where the call goes. `CRM_OUTCOME` is empty until all other variables
 * are set; it stays so where there is no decision, and the dialplan goes its own way.
 */
export function createAgiRoute(deps: AgiRouteDeps): AgiScript {
  return async (call) => {
    const { session, pbx, refuse } = call;
    const rule = ruleOf(deps, call);
    if (rule === undefined) return refuse(missing(call));
    const caller = await callerOf(session, pbx);
    try {
      const dtmf = await digitsOf(call, rule);
      if (dtmf === 'hung-up') return;
      const request = { tenantId: pbx.tenantId, ruleId: rule.id, input: inputOf({ ...caller, dtmf }) };
      await tell(call, await Promise.race([deps.decide(request, deps.now()), gone(session.hungUp)]));
    } catch (error) {
      if (session.hungUp.aborted) return;
      if (!isFailure(error, 'permanent') || error.code !== 'not_found') throw error;
      refuse(error.message);
    }
  };
}

function ruleOf(deps: AgiRouteDeps, { session, pbx: { tenantId }, id }: AgiCall): RoutingRule | undefined {
  if (id !== undefined) return deps.ruleOf(tenantId, id);
  const { dialledNumber } = session.request;
  return dialledNumber === undefined ? undefined : deps.ruleOfDid(tenantId, dialledNumber);
}

const missing = ({ id, session }: AgiCall): string =>
  id === undefined
    ? `no routing rule has the DID "${session.request.dialledNumber ?? ''}" in its location`
    : `there is no routing rule "${id}"`;

/** What the dialplan collected itself and wrote into the address, else what the greeting brings; undefined: nothing. */
async function digitsOf(call: AgiCall, { greeting }: RoutingRule): Promise<string | undefined> {
  const { session, refuse } = call;
  const brought = validDigits(session.request.query.get('dtmf') ?? '');
  if (brought !== undefined || greeting === undefined) return brought;
  const { prompt, maxDigits, inputTimeoutMs: timeoutMs, promptTimeoutMs: promptMs } = greeting;
  try {
    await session.answer();
    const entered = await session.getData(prompt, { timeoutMs, maxDigits, promptMs });
    if (entered.outcome === 'hung-up' || session.hungUp.aborted) return 'hung-up';
    return validDigits(entered.digits);
  } catch (error) {
    // A recording that is missing must not cost the caller his way.
    if (session.hungUp.aborted || !isFailure(error) || error.code !== 'agi_refused') throw error;
    refuse(`the greeting was left out: ${error.message}`);
    return undefined;
  }
}

const validDigits = (digits: string): string | undefined => routingInput.shape.dtmf.safeParse(digits).data;

/** What is not known is not sent. */
const inputOf = (given: { readonly [Key in keyof RoutingInput]: RoutingInput[Key] | undefined }): RoutingInput =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

async function tell({ session }: AgiCall, decision: RoutingDecision): Promise<void> {
  const { destination, voicemail = '', value = '', outcome } = decision;
  await tellDestination(session, destination);
  await session.setVariable('CRM_DESTINATION_VOICEMAIL', voicemail);
  await session.setVariable('CRM_VALUE', channelText(value));
  await session.setVariable('CRM_OUTCOME', outcome);
}
