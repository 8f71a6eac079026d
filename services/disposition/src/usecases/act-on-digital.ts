import {
  type ActOnDigitalRequest,
  type AnyEvent,
  type DigitalAction,
  type DigitalContact,
  type DigitalSegment,
  digitalCallIdOf,
  Failure,
} from '@patchcord/contracts';
import type { FindDigital } from './find-digital.ts';

interface ActOnDigitalOptions {
  readonly find: Pick<FindDigital, 'one'>;
  readonly publish: (events: readonly AnyEvent[]) => Promise<unknown>;
  /** What a colleague is called. */
  readonly agentName: (tenantId: string, agentId: string) => string | undefined;
  readonly now: () => number;
}

export type ActOnDigital = (request: ActOnDigitalRequest) => Promise<{ readonly outcome: 'told' | 'unchanged' }>;

/**
 * Tells what an agent did with his segment, by the events that its platform would tell: so that everybody who follows them
 * hears of it, the platform included. One id for each of them: the same again is the same event.
 *
 * @throws Failure permanent `not_found`
 */
export function createActOnDigital({ find, publish, agentName, now }: ActOnDigitalOptions): ActOnDigital {
  return async ({ tenantId, contactId, segmentId, onlyOf, action }) => {
    const contact = (await find.one({ tenantId, contactId }))?.contact;
    const segment = contact?.segments.find((one) => one.segmentId === segmentId);
    if (contact === undefined || segment === undefined || !isHis(segment, onlyOf)) throw unknown(contactId, segmentId);
    const happenings = happeningsOf(action, contact, { segment, nameOf: (id) => agentName(tenantId, id) });
    if (happenings.length === 0) return { outcome: 'unchanged' };
    // No clock of ours goes before what the platform told.
    const at = Math.max(now(), Date.parse(segment.assignedAt));
    await publish(happenings.map((happening) => eventOf({ contact, segment, at }, happening)));
    return { outcome: 'told' };
  };
}

const isHis = ({ agent }: DigitalSegment, onlyOf: string | undefined): boolean =>
  onlyOf === undefined || agent.agentId === onlyOf;

const unknown = (contactId: string, segmentId: string): Failure =>
  new Failure('permanent', 'not_found', `there is no segment "${segmentId}" of a digital contact "${contactId}"`);

type Name = 'transferred' | 'unassigned' | 'dismissed' | 'closed';

interface Happening {
  readonly name: Name;
  readonly data: object;
}

interface Facts {
  readonly segment: DigitalSegment;
  readonly nameOf: (agentId: string) => string | undefined;
}

/** What is not so yet. */
function happeningsOf(action: DigitalAction, contact: DigitalContact, { segment, nameOf }: Facts): Happening[] {
  const { segmentId, endedAt, unassignedAt, dismissedAt } = segment;
  if (action.kind === 'close') return contact.state === 'closed' ? [] : [{ name: 'closed', data: { by: 'agent' } }];
  if (endedAt !== undefined) return [];
  const unassigned: Happening[] = unassignedAt === undefined ? [{ name: 'unassigned', data: { segmentId } }] : [];
  const dismissed: Happening[] = dismissedAt === undefined ? [{ name: 'dismissed', data: { segmentId } }] : [];
  switch (action.kind) {
    case 'transfer':
      return [{ name: 'transferred', data: { segmentId, to: targetOf(action.to, nameOf) } }];
    case 'unassign':
      return unassigned;
    case 'dismiss':
      return dismissed;
    case 'release':
      return [...unassigned, ...dismissed];
  }
}

function targetOf(to: Extract<DigitalAction, { kind: 'transfer' }>['to'], nameOf: Facts['nameOf']): object {
  if ('queue' in to) return to;
  const name = nameOf(to.agentId);
  return { agent: { agentId: to.agentId, ...(name === undefined ? {} : { name }) } };
}

interface About {
  readonly contact: DigitalContact;
  readonly segment: DigitalSegment;
  readonly at: number;
}

const eventOf = ({ contact, segment, at }: About, { name, data }: Happening): AnyEvent =>
  ({
    specversion: '1.0',
    id: `desk:${contact.contactId}:${segment.segmentId}:${name}`,
    source: '/service/disposition',
    type: `patchcord.v1.digital.${name}`,
    subject: contact.contactId,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    tenantid: contact.tenantId,
    sequence: '0',
    correlationid: digitalCallIdOf(contact.contactId),
    data,
  }) as AnyEvent;
