import {
  Failure,
  type Identification,
  type IdentifyReply,
  type IdentifyRequest,
  isFailure,
} from '@patchcord/contracts';
import { type Budget, budgetOf } from '../domain/budget.ts';
import { conclude, type IdentificationStep, judge, type ServiceAnswer } from '../domain/identification.ts';
import { withinBudget } from './within-budget.ts';

/** What is known when a caller has tried, or is to be asked for the first time. */
export interface IdentificationRequest extends Omit<IdentifyRequest, 'budgetMs'> {
  /** Which attempt this was, from 1; 0 begins. Nothing was entered in it when `digits` is empty. */
  readonly attempt: number;
}

export interface IdentifyOptions {
  readonly nodeOf: (tenantId: string, identificationId: string) => Identification | undefined;
  readonly ask: (request: IdentifyRequest, timeoutMs: number) => Promise<IdentifyReply>;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

/** `arrivedAt`: when the question came in, by the same clock as `now`; the service's time runs from there. */
export type Identify = (request: IdentificationRequest, arrivedAt: number) => Promise<IdentificationStep>;

/**
 * The next step of an identification. Whatever the service and the dispatcher do, the caller gets one within the node's
 * `timeoutMs`. Fails only for a node that does not exist.
 */
export function createIdentify(options: IdentifyOptions): Identify {
  return async (request, arrivedAt) => {
    const { tenantId, identificationId, digits } = request;
    const node = options.nodeOf(tenantId, identificationId);
    if (node === undefined) throw unknownNode(identificationId);
    const step = judge(node, request);
    if (step.next !== 'verify') return step;
    const budget = budgetOf([node.timeoutMs], options.now() - arrivedAt);
    return conclude(node, digits, await withinBudget(budget, () => askService(options, request, budget), tooLate));
  };
}

const unknownNode = (id: string): Failure =>
  new Failure('permanent', 'not_found', `there is no identification "${id}"`);

const tooLate: ServiceAnswer = { outcome: 'failed', reason: 'the service did not answer in time' };

async function askService(
  options: IdentifyOptions,
  { tenantId, identificationId, digits, callId, ani, dnis }: IdentificationRequest,
  budget: Budget,
): Promise<ServiceAnswer> {
  const asked = { tenantId, identificationId, digits, callId, ani, dnis, budgetMs: budget.lookupMs };
  try {
    const reply = await options.ask(asked, budget.totalMs);
    return reply.outcome === 'answered' ? reply : failed(reply.failure);
  } catch (error) {
    return failed(isFailure(error) ? error : { code: 'unexpected', message: 'the service could not be asked' });
  }
}

const failed = ({ code, message }: { readonly code: string; readonly message: string }): ServiceAnswer => ({
  outcome: 'failed',
  reason: `${code}: ${message}`,
});
