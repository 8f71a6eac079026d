import {
  type DigitalContact,
  type DigitalEvent,
  type DigitalSegment,
  digitalCallIdOf,
  digitalInteractionIdOf,
} from '@patchcord/contracts';
import { defined } from '../defined.ts';
import type { DigitalLog } from './log.ts';

type EventNamed<Name extends string> = Extract<DigitalEvent, { type: `patchcord.v1.digital.${Name}` }>;

const named =
  <const Name extends string>(name: Name) =>
  (event: DigitalEvent): event is EventNamed<Name> =>
    event.type === `patchcord.v1.digital.${name}`;

const isOpened = named('opened');
const isAssigned = named('assigned');
const isTransferred = named('transferred');
const isClosed = named('closed');

export interface ContactRef {
  readonly tenantId: string;
  readonly contactId: string;
}

/** A digital contact as its events tell it. `version`: by how much the caller counts its changes. */
export function digitalContactOf(ref: ContactRef, log: DigitalLog, version = log.length): DigitalContact {
  const closed = lastClose(log);
  return {
    ...ref,
    callId: digitalCallIdOf(ref.contactId),
    state: closed === undefined ? 'open' : 'closed',
    version,
    queues: queuesOf(log),
    ...factsOf(log),
    ...defined({
      openedAt: log.find((event) => isOpened(event) || isAssigned(event))?.time,
      closedAt: closed?.time,
      closedBy: closed?.data.by,
    }),
    segments: segmentsOf(ref.contactId, log),
  };
}

/** The close that still holds: a contact that is opened or assigned after one goes on. */
function lastClose(log: DigitalLog): EventNamed<'closed'> | undefined {
  const last = log.findLast((event) => isClosed(event) || isOpened(event) || isAssigned(event));
  return last !== undefined && isClosed(last) ? last : undefined;
}

/** What later events say goes before what earlier ones said; of customer and variables, name by name. */
function factsOf(log: DigitalLog) {
  let facts: Partial<
    Pick<DigitalContact, 'kind' | 'direction' | 'pointOfContact' | 'queue' | 'customer' | 'variables'>
  > = {};
  for (const event of log) {
    if (!isOpened(event) && !isAssigned(event)) continue;
    const { kind, direction, pointOfContact, queue } = event.data;
    const customer = merged(facts.customer, event.data.customer);
    const variables = merged(facts.variables, event.data.variables);
    facts = { ...facts, ...defined({ kind, direction, pointOfContact, queue, customer, variables }) };
  }
  return facts;
}

const merged = <T extends object>(before: T | undefined, after: T | undefined): T | undefined =>
  before === undefined || after === undefined ? (after ?? before) : { ...before, ...defined(after) };

function queuesOf(log: DigitalLog): string[] {
  const queues = log.flatMap((event) => queueOf(event) ?? []);
  return queues.filter((queue, at) => queues.indexOf(queue) === at);
}

function queueOf(event: DigitalEvent): string | undefined {
  if (isTransferred(event)) return event.data.to?.queue;
  return isOpened(event) || isAssigned(event) ? event.data.queue : undefined;
}

/** A segment is there once its assignment is known, whatever was told of it before. */
function segmentsOf(contactId: string, log: DigitalLog): DigitalSegment[] {
  const first = new Map<string, EventNamed<'assigned'>>();
  for (const event of log)
    if (isAssigned(event) && !first.has(event.data.segmentId)) first.set(event.data.segmentId, event);
  return [...first.values()].map((assigned) => segmentOf(contactId, assigned, log));
}

function segmentOf(contactId: string, assigned: EventNamed<'assigned'>, log: DigitalLog): DigitalSegment {
  const { segmentId, agent } = assigned.data;
  const transferred = log.find((event) => isTransferred(event) && event.data.segmentId === segmentId);
  const unassignedAt = timeOf('unassigned', segmentId, log);
  const dismissedAt = timeOf('dismissed', segmentId, log);
  const closedAt = log.find((event) => isClosed(event) && !isBefore(event.time, assigned.time))?.time;
  const queue =
    assigned.data.queue ??
    log
      .slice(0, log.indexOf(assigned))
      .flatMap((event) => queueOf(event) ?? [])
      .at(-1);
  return {
    segmentId,
    interactionId: digitalInteractionIdOf(contactId, segmentId),
    agent,
    assignedAt: assigned.time,
    ...defined({ queue, unassignedAt, dismissedAt }),
    ...endOf({ transferredAt: transferred?.time, unassignedAt, dismissedAt, closedAt }),
    ...defined({
      transferredTo: transferred !== undefined && isTransferred(transferred) ? transferred.data.to : undefined,
    }),
  };
}

const timeOf = (name: 'unassigned' | 'dismissed', segmentId: string, log: DigitalLog): string | undefined => {
  const is = named(name);
  return log.find((event) => is(event) && event.data.segmentId === segmentId)?.time;
};

interface EndTimes {
  readonly transferredAt: string | undefined;
  readonly unassignedAt: string | undefined;
  readonly dismissedAt: string | undefined;
  readonly closedAt: string | undefined;
}

/** The first of what ends a segment: it was handed on, given back and dismissed (in either order), or closed. */
function endOf(times: EndTimes): Pick<DigitalSegment, 'endedAt' | 'endReason'> {
  const { transferredAt, unassignedAt, dismissedAt, closedAt } = times;
  const ends = [
    { endReason: 'transferred', endedAt: transferredAt },
    { endReason: 'dismissed', endedAt: laterOf(unassignedAt, dismissedAt) },
    { endReason: 'closed', endedAt: closedAt },
  ] as const;
  const [first] = ends
    .flatMap(({ endReason, endedAt }) => (endedAt === undefined ? [] : [{ endReason, endedAt }]))
    .sort((a, b) => Date.parse(a.endedAt) - Date.parse(b.endedAt));
  return first ?? {};
}

const laterOf = (a: string | undefined, b: string | undefined): string | undefined => {
  if (a === undefined || b === undefined) return undefined;
  return isBefore(a, b) ? b : a;
};

const isBefore = (a: string, b: string): boolean => Date.parse(a) < Date.parse(b);
