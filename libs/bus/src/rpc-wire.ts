import { headers, type Msg, type MsgHdrs } from '@nats-io/nats-core';
import { asFailure, type EventIssue, Failure, failureData, failureFromData, issueRule } from '@patchcord/contracts';
import { z } from 'zod';

/** A request or an entity did not match its schema. `issues` say where. */
export class InvalidInput extends Failure {
  readonly issues: readonly EventIssue[];
  constructor(code: string, message: string, issues: readonly EventIssue[]) {
    super('permanent', code, message);
    this.issues = issues;
  }
}

/** Error replies are marked as the NATS service protocol does it (ADR-32), so that any NATS client can tell them. */
const errorHeader = 'Nats-Service-Error';
const errorCodeHeader = 'Nats-Service-Error-Code';
/** How long the caller waits: a request that is older is answered by nobody. */
const timeoutHeader = 'Patchcord-Timeout-Ms';

const errorBody = z.object({
  failure: failureData,
  issues: z
    .array(z.object({ path: z.string(), message: z.string(), rule: issueRule.optional().catch(undefined) }))
    .optional(),
});

export function errorReply(thrown: unknown): { body: string; headers: MsgHdrs } {
  const failure = asFailure(thrown);
  const carrier = headers();
  carrier.set(errorHeader, failure.code);
  carrier.set(errorCodeHeader, failure.class === 'permanent' ? '400' : '500');
  const issues = failure instanceof InvalidInput ? { issues: failure.issues } : {};
  return { body: JSON.stringify({ failure: failure.toData(), ...issues }), headers: carrier };
}

/** The far side's failure, or undefined when the reply is a good one. */
export function failureOf(reply: Msg): Failure | undefined {
  if (!reply.headers?.has(errorHeader)) return undefined;
  const parsed = errorBody.safeParse(parseJson(reply));
  if (!parsed.success) return new Failure('defect', 'invalid_reply', 'an error reply that is no failure');
  const { failure, issues } = parsed.data;
  return issues === undefined ? failureFromData(failure) : new InvalidInput(failure.code, failure.message, issues);
}

export function requestHeaders(timeoutMs: number): MsgHdrs {
  const carrier = headers();
  carrier.set(timeoutHeader, String(timeoutMs));
  return carrier;
}

/** Whether its caller has given up a request that came `waitedMs` ago. */
export function givenUp(request: Msg, waitedMs: number): boolean {
  const timeoutMs = Number(request.headers?.get(timeoutHeader) || Number.POSITIVE_INFINITY);
  return waitedMs > timeoutMs;
}

/** The body as a value; undefined when it is no JSON. */
export function parseJson(msg: Msg): unknown {
  try {
    return msg.json();
  } catch {
    return undefined;
  }
}
