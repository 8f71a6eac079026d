import { applyDigital, type DigitalLog, digitalContactOf, digitalSessionOf } from '@patchcord/call-model';
import { type DigitalEvent, Failure } from '@patchcord/contracts';
import type { DigitalRef, DigitalStore, StoredDigital } from '../domain/ports.ts';
import type { ObserveSession } from './observe-session.ts';

export interface ObserveDigitalOptions {
  readonly store: DigitalStore;
  /** What comes after the contact is the same as after a call. */
  readonly observe: ObserveSession;
  readonly now: () => number;
}

export type ObserveDigital = (event: DigitalEvent) => Promise<void>;

/** Each write reads the whole log. More events than this are not the life of a conversation. */
const maxEvents = 1000;
/** Writers of one contact are few; so many conflicts in a row mean that something is wrong. */
const maxConflicts = 50;

/**
 * Takes an event of a digital contact in. A process that dies after the event is kept leaves what follows from it to
 * whoever gets the message again: the same event then changes nothing, and all that follows is asked for once more.
 *
 * @throws Failure permanent `too_many_events` | own-trouble
 */
export function createObserveDigital({ store, observe, now }: ObserveDigitalOptions): ObserveDigital {
  return async (event) => {
    const ref = { tenantId: event.tenantid, contactId: event.subject };
    const { log, version } = await keep(store, ref, event);
    const contact = digitalContactOf(ref, log, version);
    await store.show(contact, now());
    await observe(digitalSessionOf(contact, log[0]?.traceparent));
  };
}

async function keep(store: DigitalStore, ref: DigitalRef, event: DigitalEvent): Promise<StoredDigital> {
  for (let conflicts = 0; conflicts < maxConflicts; conflicts += 1) {
    const current = await store.read(ref);
    const log = applyDigital(current.log, event);
    if (log === current.log) return current;
    if (isFull(log)) throw new Failure('permanent', 'too_many_events', `a contact has up to ${maxEvents} events`);
    const version = await store.replace(ref, current.version, log);
    if (version !== undefined) return { log, version };
  }
  throw new Failure('own-trouble', 'write_conflict', 'the contact is being changed by too many at once');
}

const isFull = (log: DigitalLog): boolean => log.length > maxEvents;
