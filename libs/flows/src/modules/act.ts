import { automationOutcome, automationOutcomeKey, type FlowModuleOf } from '@patchcord/contracts';
import { occurrenceOf, type Run } from '../run.ts';
import type { FlowState } from '../state.ts';
import type { Behaviour } from './behaviour.ts';
import { waiting } from './waiting.ts';

type HttpAction = FlowModuleOf<'http-action'>;

/** Has an automation ask somebody, and waits until the answer is in the session. */
export const act: Behaviour<HttpAction> = waiting({
  outcome: outcomeOf,
  wanted: ({ automation }) => `the answer to "${automation}"`,
  begin: (run, module, state) => run.act(module, module.automation, runOf(run, state)),
});

/** Of this passage of the call: another one's outcome may still stand there. */
function outcomeOf(run: Run, module: HttpAction, state: FlowState): 'come' | 'given-up' | undefined {
  const written = run.context.session.data?.[automationOutcomeKey(module.automation)];
  const { data } = automationOutcome.safeParse(written);
  if (data?.run !== runOf(run, state)) return undefined;
  return data.outcome === 'failed' ? 'given-up' : 'come';
}

const runOf = ({ context: { flow } }: Run, { entered }: FlowState): string => occurrenceOf(flow, entered, 'action');
