import { createHash, randomUUID } from 'node:crypto';
import type { Publisher } from '@patchcord/bus';
import { type CustomRaised, customEvents, type Session } from '@patchcord/contracts';

interface Raised {
  readonly session: Session;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Who tells it. */
  readonly by: string;
  /** The same event told again with it is told once. */
  readonly idempotencyKey: string | undefined;
}

/** Tells an event of the tenant's own about a call. Throws `Failure` own-trouble when NATS did not take it. */
export type RaiseEvent = (event: Raised) => Promise<{ readonly eventId: string }>;

export interface RaiseEventOptions {
  readonly service: string;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly now: () => number;
}

export function createRaiseEvent({ service, publisher, now }: RaiseEventOptions): RaiseEvent {
  return async (raised) => {
    const { session, name, values } = raised;
    const { tenantId, callId } = session;
    const eventId = eventIdOf(raised);
    const time = new Date(now()).toISOString();
    const event: CustomRaised = {
      specversion: '1.0',
      id: eventId,
      source: `/service/${service}`,
      type: customEvents.customRaised.type,
      subject: name,
      time,
      recordedtime: time,
      datacontenttype: 'application/json',
      tenantid: tenantId,
      sequence: '0',
      correlationid: callId,
      data: { name, values: { ...values }, callId, session, depth: 1 },
    };
    await publisher.publish(event);
    return { eventId };
  };
}

function eventIdOf({ session: { callId }, name, by, idempotencyKey }: Raised): string {
  if (idempotencyKey === undefined) return `e-${randomUUID()}`;
  const key = JSON.stringify([callId, name, by, idempotencyKey]);
  return `e-${createHash('sha256').update(key).digest('base64url')}`;
}
