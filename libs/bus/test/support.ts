import { type CallEvent, callIdOf, type Failure } from '@patchcord/contracts';
import type { ServerProcess } from '@patchcord/testkit';
import { type Bus, connectBus, ensureTopology } from '../src/index.ts';

/** A bus with all streams. */
export async function freshBus(server: ServerProcess, name = 'test'): Promise<Bus> {
  const bus = await connectBus({ url: server.url, name });
  await ensureTopology(bus);
  return bus;
}

let made = 0;

/** A `call.held` event: small, and its reason is nobody's business. */
export function someEvent(
  over: { id?: string; call?: string; tenantid?: string; traceparent?: string } = {},
): CallEvent {
  made += 1;
  const callId = callIdOf('lab', over.call ?? '1.1');
  return {
    specversion: '1.0',
    id: over.id ?? `e-${made}`,
    source: '/pbx/lab',
    type: 'patchcord.v1.call.held',
    subject: callId,
    time: new Date(1_795_218_080_000 + made).toISOString(),
    datacontenttype: 'application/json',
    tenantid: over.tenantid ?? 'acme',
    sequence: String(made),
    correlationid: callId,
    ...(over.traceparent === undefined ? {} : { traceparent: over.traceparent }),
    data: { legId: 'l-1', by: 'agent' },
  };
}

/** What a promise rejects with; fails when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('expected a rejection');
}
