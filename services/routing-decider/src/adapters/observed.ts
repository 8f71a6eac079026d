import type { RoutingDecision, RoutingRequest } from '@patchcord/contracts';
import { type Logger, type ServiceMetrics, tracerOf, withSpan } from '@patchcord/runtime';
import type { DecideRoute } from '../usecases/decide-route.ts';

export interface ObservedOptions {
  readonly service: string;
  readonly metrics: ServiceMetrics;
  readonly log: Logger;
}

/** A decision with its span, its measurement and its line in the log, which are made when the answers of this turn have left. */
export function observed(decide: DecideRoute, { service, metrics, log }: ObservedOptions): DecideRoute {
  const tracer = tracerOf(service);
  const duration = metrics.histogram('decision_duration_seconds', 'From the question to the decision');
  return (request, arrivedAt) =>
    withSpan(tracer, 'decide routing', attributesOf(request), async (span) => {
      const decision = await decide(request, arrivedAt);
      const { outcome, row, durationMs } = decision;
      setImmediate(() => {
        duration.record(durationMs / 1000, { outcome });
        log.info(lineOf(request, decision), 'routing decided');
      });
      span.setAttributes({ 'patchcord.outcome': outcome, ...(row === undefined ? {} : { 'patchcord.row': row }) });
      return decision;
    });
}

const attributesOf = ({ tenantId, ruleId, input }: RoutingRequest): Record<string, string> => ({
  'patchcord.tenant': tenantId,
  'patchcord.rule': ruleId,
  ...(input.callId === undefined ? {} : { 'patchcord.call': input.callId }),
});

/** Of the reason only what went wrong: a value that was found may be personal data. */
function lineOf({ tenantId, ruleId, input }: RoutingRequest, decision: RoutingDecision): object {
  const { outcome, row, durationMs, destination, reason } = decision;
  const failed = outcome === 'timeout' || outcome === 'error';
  return {
    tenantId,
    ruleId,
    callId: input.callId,
    outcome,
    row,
    destination: destination.type,
    durationMs: Math.round(durationMs * 10) / 10,
    ...(failed ? { reason } : {}),
  };
}
