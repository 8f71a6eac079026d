import type { AgiSession } from '@patchcord/asterisk';
import { isFailure } from '@patchcord/contracts';
import type { FlowInput, FlowInstruction, Leave } from '@patchcord/flows';
import type { Identify } from '../usecases/identify.ts';
import type { RunFlow } from '../usecases/run-flow.ts';
import { type AgiCaller, callerOf, channelText } from './agi-call.ts';
import { identifyInFlow } from './agi-flow-identify.ts';
import { readKeys } from './agi-keys.ts';
import type { AgiCall, AgiScript } from './agi-scripts.ts';
import { createVoice, type Voice } from './agi-voice.ts';
import { type SessionNews, waitForVariables } from './agi-wait.ts';

export interface AgiFlowDeps {
  readonly runFlow: RunFlow;
  readonly news: SessionNews;
  readonly identify: Identify;
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** The PBX's application that says a text; undefined: it has none. */
  readonly ttsApplication: string | undefined;
}

/**
 * Serves `AGI(agi://host/flow/<flow>)`: takes the caller through the flow and leaves on the channel where the call goes.
 * `?back=timeout` (or `played`, `failed`) tells that the call came back from there. `CRM_OUTCOME` is empty until all other
 * variables are set; it stays so where we do not come to an end, and the dialplan goes its own way.
 */
export function createAgiFlow(deps: AgiFlowDeps): AgiScript {
  return async (call) => {
    const { session, pbx, id: flowId, refuse } = call;
    const { callId, ...told } = await callerOf(session, pbx);
    if (flowId === undefined || callId === undefined) {
      refuse(flowId === undefined ? 'expected agi://host/flow/<id of the flow>' : 'expected a shorter linked id');
      return session.setVariable('CRM_OUTCOME', 'error');
    }
    await serve(deps, call, { flowId, callId, told });
  };
}

interface Served {
  readonly flowId: string;
  readonly callId: string;
  readonly told: Omit<AgiCaller, 'callId'>;
}

async function serve(deps: AgiFlowDeps, call: AgiCall, served: Served): Promise<void> {
  const { session, refuse } = call;
  const next = nextOf(deps, call, served);
  try {
    await session.answer();
    await tellLeave(session, await takeThrough({ deps, call, served, next }));
  } catch (error) {
    if (hasHungUp(session, error)) return void (await next({ type: 'hung-up' }));
    if (session.hungUp.aborted) return;
    if (!isFailure(error, 'permanent') || error.code !== 'not_found') throw error;
    refuse(error.message);
    await session.setVariable('CRM_OUTCOME', 'error');
  }
}

type Next = (input: FlowInput) => Promise<FlowInstruction>;

function nextOf(
  { runFlow }: AgiFlowDeps,
  { pbx: { tenantId, pbxId } }: AgiCall,
  { flowId, callId, told: { ani, dnis } }: Served,
): Next {
  const told = { pbxId, ...(ani === undefined ? {} : { ani }), ...(dnis === undefined ? {} : { dnis }) };
  return async (input) => (await runFlow({ tenantId, flowId, callId, input, told })).instruction;
}

/** With `AGIEXITONHANGUP` Asterisk closes without a word. Our own stop, and our own deadline, are no hangups. */
function hasHungUp({ hungUp }: AgiSession, error: unknown): boolean {
  const why: unknown = hungUp.aborted ? hungUp.reason : error;
  return isFailure(why) && (why.code === 'agi_hung_up' || why.code === 'agi_closed');
}

interface Way {
  readonly deps: AgiFlowDeps;
  readonly call: AgiCall;
  readonly served: Served;
  readonly next: Next;
}

/** Does what the flow says until it hands the call over. */
async function takeThrough(way: Way): Promise<Leave> {
  const { deps, call, next } = way;
  const { session, refuse } = call;
  const voice = createVoice({ session, ttsApplication: deps.ttsApplication, onLeftOut: refuse });
  let instruction = await next(firstInput(call));
  while (instruction.do !== 'leave') {
    if (session.hungUp.aborted) throw session.hungUp.reason;
    instruction = await follow(way, voice, instruction);
  }
  return instruction.leave;
}

function firstInput({ session, refuse }: AgiCall): FlowInput {
  const back = session.request.query.get('back');
  if (back === 'timeout' || back === 'played') return { type: back };
  if (back === 'failed') return { type: 'failed', reason: '' };
  if (back !== null) refuse('expected back=played, back=timeout or back=failed');
  return { type: 'started' };
}

async function follow(
  { deps, call, served, next }: Way,
  voice: Voice,
  instruction: Exclude<FlowInstruction, { do: 'leave' }>,
): Promise<FlowInstruction> {
  const { session, pbx } = call;
  const { turn } = instruction;
  const { tenantId } = pbx;
  const { callId, told } = served;
  switch (instruction.do) {
    case 'play':
      return next({ ...(await playAll(voice, instruction.prompts)), turn });
    case 'read':
      return next({ ...(await readKeys(session, voice, instruction)), turn });
    case 'identify': {
      const caller = { tenantId, identificationId: instruction.identification, callId, ...told };
      return next({ ...(await identifyInFlow(deps, call, caller)), turn });
    }
    case 'wait': {
      const news = (onChange: () => void) => deps.news({ tenantId, callId }, onChange);
      return waitForVariables({ session, voice, news, next }, instruction);
    }
  }
}

async function playAll(voice: Voice, prompts: Extract<FlowInstruction, { do: 'play' }>['prompts']): Promise<FlowInput> {
  let outcome: 'said' | 'failed' = 'said';
  for (const prompt of prompts) if ((await voice.say(prompt)).outcome === 'failed') outcome = 'failed';
  return outcome === 'said' ? { type: 'played' } : { type: 'failed', reason: 'a sound could not be played' };
}

/** Times of dialplan applications are in seconds. */
async function tellLeave(session: AgiSession, leave: Leave): Promise<void> {
  const timeoutMs = 'timeoutMs' in leave ? leave.timeoutMs : undefined;
  const priority = 'priority' in leave ? leave.priority : undefined;
  const variables = {
    CRM_DESTINATION_TYPE: leave.to,
    CRM_DESTINATION_TARGET: 'target' in leave ? channelText(leave.target) : '',
    CRM_DESTINATION_TIMEOUT: timeoutMs ? String(Math.ceil(timeoutMs / 1000)) : '',
    CRM_DESTINATION_PRIORITY: priority === undefined ? '' : String(priority),
    CRM_DESTINATION_RETURNS: 'returns' in leave && leave.returns ? '1' : '',
    CRM_OUTCOME: 'success',
  };
  for (const [name, value] of Object.entries(variables)) await session.setVariable(name, value);
}
