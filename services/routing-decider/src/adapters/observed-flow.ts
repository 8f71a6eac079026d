import { tracerOf, withSpan } from '@patchcord/runtime';
import type { FlowAnswer, FlowQuestion, RunFlow } from '../usecases/run-flow.ts';
import type { ObservedOptions } from './observed.ts';

/** A step of a flow with its span, its measurement and its line of the call's story; never what was entered or said. */
export function observedFlow(runFlow: RunFlow, { service, metrics, log }: ObservedOptions): RunFlow {
  const tracer = tracerOf(service);
  const duration = metrics.histogram('flow_step_duration_seconds', 'From what happened to what follows');
  const unstored = metrics.counter('flow_steps_not_stored', 'Steps of flows that the session does not have yet');
  return (question) =>
    withSpan(tracer, 'step flow', attributesOf(question), async (span) => {
      const startedAt = performance.now();
      const answer = await runFlow(question);
      const { instruction, trouble, story, warnings } = answer;
      duration.record((performance.now() - startedAt) / 1000, { instruction: instruction.do });
      span.setAttributes({ 'patchcord.instruction': instruction.do, 'patchcord.turn': instruction.turn });
      const { tenantId, flowId, callId } = question;
      for (const warning of warnings) log.warn({ tenantId, flowId, callId }, `flow: ${warning}`);
      if (story.length === 0) return answer;
      if (trouble === undefined) log.info(lineOf(question, answer), 'flow');
      else {
        unstored.add(1, { code: trouble });
        log.warn(lineOf(question, answer), 'flow: the session does not have this step yet, it is only remembered here');
      }
      return answer;
    });
}

const attributesOf = ({ tenantId, flowId, callId }: FlowQuestion): Record<string, string> => ({
  'patchcord.tenant': tenantId,
  'patchcord.flow': flowId,
  'patchcord.call': callId,
});

const lineOf = (
  { tenantId, flowId, callId, input }: FlowQuestion,
  { instruction, trouble, story }: FlowAnswer,
): object => ({
  tenantId,
  flowId,
  callId,
  input: input.type,
  instruction: instruction.do,
  turn: instruction.turn,
  story,
  ...(trouble === undefined ? {} : { trouble }),
});
