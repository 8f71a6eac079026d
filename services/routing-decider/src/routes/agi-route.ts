import {
  isFailure,
  type RoutingDecision,
  type RoutingInput,
  type RoutingRule,
  routingInput,
} from '@patchcord/contracts';
import { type Decision, decide as decideBy, tooLate } from '../domain/decide.ts';
import type { DecideRoute } from '../usecases/decide-route.ts';
import { type ChannelVariables, callerOf, channelText, destinationVariables, gone } from './agi-call.ts';
import type { AgiCall, AgiScript } from './agi-scripts.ts';
import { createTold } from './agi-told.ts';

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
      const digits = await digitsOf(call, rule);
      if (digits === 'hung-up') return;
      const { dtmf, listened } = digits;
      const request = { tenantId: pbx.tenantId, ruleId: rule.id, input: inputOf({ ...caller, dtmf }) };
      // Where nothing was played to him, the caller has heard silence since the connection.
      const decided = deps.decide(request, listened ? deps.now() : session.openedAt);
      await tell(call, rule, decided);
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

interface Digits {
  /** Undefined: none. */
  readonly dtmf: string | undefined;
  /** The caller was asked for them. */
  readonly listened: boolean;
}

/** What the dialplan collected itself and wrote into the address, else what the greeting brings. */
async function digitsOf(call: AgiCall, { greeting }: RoutingRule): Promise<Digits | 'hung-up'> {
  const { session, refuse } = call;
  const brought = validDigits(session.request.query.get('dtmf') ?? '');
  if (brought !== undefined || greeting === undefined) return { dtmf: brought, listened: false };
  const { prompt, maxDigits, inputTimeoutMs: timeoutMs, promptTimeoutMs: promptMs } = greeting;
  try {
    await session.answer();
    const entered = await session.getData(prompt, { timeoutMs, maxDigits, promptMs });
    if (entered.outcome === 'hung-up' || session.hungUp.aborted) return 'hung-up';
    return { dtmf: validDigits(entered.digits), listened: true };
  } catch (error) {
    // A recording that is missing must not cost the caller his way.
    if (session.hungUp.aborted || !isFailure(error) || error.code !== 'agi_refused') throw error;
    refuse(`the greeting was left out: ${error.message}`);
    return { dtmf: undefined, listened: true };
  }
}

const validDigits = (digits: string): string | undefined => routingInput.shape.dtmf.safeParse(digits).data;

/** What is not known is not sent. */
const inputOf = (given: { readonly [Key in keyof RoutingInput]: RoutingInput[Key] | undefined }): RoutingInput =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/**
 * Tells the channel where the call goes. When many CRMs hang at once, each command counts: what is to be told then is told
 * while the caller still waits, and only the outcome is left for the end.
 */
async function tell({ session }: AgiCall, rule: RoutingRule, decided: Promise<RoutingDecision>): Promise<void> {
  const told = createTold(session);
  const late = setTimeout(() => told.guess(variablesOf(decideBy(rule, tooLate))), rule.budgetMs / 2);
  try {
    told.guess(noVoicemail);
    const decision = await Promise.race([decided, gone(session.hungUp)]);
    await told.tell(variablesOf(decision));
    await session.setVariable('CRM_OUTCOME', decision.outcome);
  } finally {
    clearTimeout(late);
  }
}

/** Of most decisions. */
const noVoicemail: ChannelVariables = [['CRM_DESTINATION_VOICEMAIL', '']];

const variablesOf = ({ destination, voicemail, value }: Decision): ChannelVariables => [
  ...destinationVariables(destination),
  ['CRM_DESTINATION_VOICEMAIL', voicemail ?? ''],
  ['CRM_VALUE', channelText(value ?? '')],
];
