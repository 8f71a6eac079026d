import { type AnyEvent, asFailure, type EventIssue } from '@patchcord/contracts';
import { checkEvent, type Sender } from '../domain/check-event.ts';

/**
 * - `accepted`: stored
 * - `duplicate`: it was stored before, under the same source and id
 * - `refused`: it can never be stored as it is
 * - `unavailable`: it is not known to be stored; send it again
 */
type EventStatus = 'accepted' | 'duplicate' | 'refused' | 'unavailable';

export interface EventResult {
  /** Position in the batch. */
  readonly index: number;
  readonly id?: string | undefined;
  readonly status: EventStatus;
  readonly issues?: readonly EventIssue[] | undefined;
}

export interface IngestEventsOptions {
  /** Resolves when the event is stored. Called for all events of a batch, in order, before the first has resolved. */
  readonly publish: (event: AnyEvent) => Promise<{ readonly duplicate: boolean }>;
}

export type IngestEvents = (values: readonly unknown[], sender: Sender) => Promise<EventResult[]>;

/** Takes a batch of events: checks each, stores the good ones, says of each what became of it. */
export function createIngestEvents({ publish }: IngestEventsOptions): IngestEvents {
  const ingest = async (value: unknown, index: number, sender: Sender): Promise<EventResult> => {
    const checked = checkEvent(value, sender);
    if (checked.ok) return await store(checked.event, index, publish);
    return { index, id: checked.id, status: 'refused', issues: checked.issues };
  };
  return (values, sender) => Promise.all(values.map((value, index) => ingest(value, index, sender)));
}

async function store(event: AnyEvent, index: number, publish: IngestEventsOptions['publish']): Promise<EventResult> {
  try {
    const { duplicate } = await publish(event);
    return { index, id: event.id, status: duplicate ? 'duplicate' : 'accepted' };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.class !== 'permanent') return { index, id: event.id, status: 'unavailable' };
    return { index, id: event.id, status: 'refused', issues: [{ path: '', message: failure.message }] };
  }
}
