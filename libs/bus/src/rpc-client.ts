import type { Msg } from '@nats-io/nats-core';
import { SpanKind } from '@opentelemetry/api';
import { Failure, type RpcDefinition } from '@patchcord/contracts';
import type { Bus } from './connect.ts';
import { requestsOf } from './requests.ts';
import { failureOf, parseJson, requestHeaders } from './rpc-wire.ts';
import { injectTrace, inSpan, tracingOn } from './trace.ts';

/**
 * Asks another service. Throws `Failure`: own-trouble `no_responders` (nobody serves it), own-trouble `rpc_timeout`
 * (no answer within `timeoutMs`), defect `invalid_reply`, or what the far side threw.
 */
export async function callRpc<Request, Reply>(
  bus: Bus,
  definition: RpcDefinition<Request, Reply>,
  request: Request,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<Reply> {
  return inSpan({ name: `request ${definition.subject}`, kind: SpanKind.CLIENT }, async () => {
    const reply = await ask(bus, definition.subject, JSON.stringify(request), timeoutMs);
    const failure = failureOf(reply);
    if (failure !== undefined) throw failure;
    const parsed = definition.reply.safeParse(parseJson(reply));
    if (parsed.success) return parsed.data;
    throw new Failure('defect', 'invalid_reply', `${definition.subject} answered something else`, {
      cause: parsed.error,
    });
  });
}

/** However long the answer may take: a connection that is lost comes back soon, or not soon. */
const connectDeadlineMs = 5000;

async function ask(bus: Bus, subject: string, body: string, timeoutMs: number): Promise<Msg> {
  const deadline = performance.now() + timeoutMs;
  if (!bus.connected()) await bus.whenConnected(Math.min(timeoutMs, connectDeadlineMs));
  const headers = requestHeaders(timeoutMs);
  if (tracingOn()) injectTrace(headers);
  const left = Math.max(1, deadline - performance.now());
  const answered = await requestsOf(bus)({ subject, body, headers, timeoutMs: left });
  switch (answered.kind) {
    case 'reply':
      return answered.msg;
    case 'no-responders':
      throw new Failure('own-trouble', 'no_responders', `nobody serves ${subject}`);
    case 'timeout':
      throw new Failure('own-trouble', 'rpc_timeout', `${subject} did not answer within ${timeoutMs} ms`);
    case 'broken':
      throw new Failure('own-trouble', 'nats_unavailable', `${subject} could not be asked`, { cause: answered.cause });
  }
}
