import { tracerOf, withSpan } from '@patchcord/runtime';
import type { IdentificationRequest, Identify } from '../usecases/identify.ts';
import type { ObservedOptions } from './observed.ts';

/** A step of an identification with its span, its measurement and its line in the log; never what was entered. */
export function observedIdentification(identify: Identify, { service, metrics, log }: ObservedOptions): Identify {
  const tracer = tracerOf(service);
  const duration = metrics.histogram('identification_duration_seconds', 'From what a caller entered to what follows');
  return (request, arrivedAt) =>
    withSpan(tracer, 'identify caller', attributesOf(request), async (span) => {
      const startedAt = performance.now();
      const step = await identify(request, arrivedAt);
      const outcome = step.next === 'ask' ? 'ask' : step.outcome;
      duration.record((performance.now() - startedAt) / 1000, { outcome });
      span.setAttribute('patchcord.outcome', outcome);
      const { tenantId, identificationId, callId, attempt } = request;
      const reason = step.next === 'go' ? step.reason : undefined;
      log.info({ tenantId, identificationId, callId, attempt, outcome, reason }, 'identification');
      return step;
    });
}

const attributesOf = ({ tenantId, identificationId, callId }: IdentificationRequest): Record<string, string> => ({
  'patchcord.tenant': tenantId,
  'patchcord.identification': identificationId,
  ...(callId === undefined ? {} : { 'patchcord.call': callId }),
});
