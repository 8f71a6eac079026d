import {
  type AnyEvent,
  cutTranscript,
  digitalCallIdOf,
  digitalEvents,
  digitalId,
  type EventIssue,
  eventDefinition,
  parseEvent,
} from '@patchcord/contracts';
import { z } from 'zod';

/** Who sends, and when it came. */
export interface Sender {
  readonly tenantId: string;
  readonly receivedAt: Date;
  /** Trace of the request; an event that has its own keeps it. */
  readonly traceparent?: string | undefined;
  /** What he tells of. Default: calls and agents. */
  readonly about?: Teller | undefined;
}

/** A PBX tells of calls and its agents, a digital platform of conversations; all else is said by services of the house. */
type Teller = 'pbx' | 'digital-platform';

const entitiesOf: Readonly<Record<Teller, readonly string[]>> = {
  pbx: ['call', 'agent'],
  'digital-platform': ['digital'],
};

export type CheckedEvent =
  | { readonly ok: true; readonly event: AnyEvent }
  | { readonly ok: false; readonly id?: string | undefined; readonly issues: readonly EventIssue[] };

const record = z.record(z.string(), z.unknown());

/** What is said when a field is not there. */
const needed: Readonly<Record<string, string>> = {
  id: 'an id of its own that stays the same when the event is sent again: by it a repetition is known',
  specversion: 'the version of CloudEvents, "1.0"',
  source: 'who says so, e.g. "/pbx/main"',
  type: 'the event type, e.g. "patchcord.v1.call.offered"',
  subject: 'the call id, the agent id of an agent event, or the contact id of a digital one',
  time: 'when it happened by the clock of the source (RFC 3339), e.g. "2026-11-20T23:41:20.123Z"',
  data: 'the data of the event',
};

/** Checks one event of a sender and completes it: tenant, time of reception, call, trace. Never throws. */
export function checkEvent(value: unknown, sender: Sender): CheckedEvent {
  const given = record.safeParse(value);
  if (!given.success || Array.isArray(value)) {
    return { ok: false, issues: [{ path: '', message: 'expected a CloudEvent, a JSON object' }] };
  }
  const parsed = parseEvent(completed(given.data, sender));
  const issues = [...missing(given.data), ...foreign(given.data, sender), ...(parsed.ok ? [] : parsed.issues)];
  if (parsed.ok && issues.length === 0) return { ok: true, event: parsed.event };
  const id = typeof given.data.id === 'string' ? given.data.id : undefined;
  return { ok: false, id, issues: firstOfEachPath(issues) };
}

type Given = Readonly<Record<string, unknown>>;

function completed(given: Given, { tenantId, receivedAt, traceparent }: Sender): Given {
  return {
    ...given,
    tenantid: tenantId,
    recordedtime: receivedAt.toISOString(),
    ...correlated(given),
    ...shortened(given),
    ...(given.traceparent === undefined && traceparent !== undefined ? { traceparent } : {}),
  };
}

function correlated(given: Given): Given {
  if (given.correlationid !== undefined) return {};
  const entity = entityOf(given);
  if (entity === 'call') return { correlationid: given.subject };
  const contactId = entity === 'digital' ? digitalId.safeParse(given.subject).data : undefined;
  return contactId === undefined ? {} : { correlationid: digitalCallIdOf(contactId) };
}

/** A transcript may be longer than a message of NATS. */
function shortened({ type, data }: Given): Given {
  if (type !== digitalEvents.digitalTranscriptRecorded.type) return {};
  const said = record.safeParse(data);
  if (!said.success || typeof said.data.text !== 'string') return {};
  return { data: { ...said.data, text: cutTranscript(said.data.text) } };
}

const entityOf = ({ type }: Given): string | undefined =>
  typeof type === 'string' ? eventDefinition(type)?.entity : undefined;

const missing = (given: Given): EventIssue[] =>
  Object.entries(needed)
    .filter(([path]) => given[path] === undefined)
    .map(([path, what]) => ({ path, message: `is missing: expected ${what}` }));

function foreign(given: Given, { tenantId, about = 'pbx' }: Sender): EventIssue[] {
  const issues: EventIssue[] = [];
  if (given.tenantid !== undefined && given.tenantid !== tenantId) {
    issues.push({ path: 'tenantid', message: `expected "${tenantId}", the tenant of the API token, or nothing` });
  }
  const entity = entityOf(given);
  if (entity !== undefined && !entitiesOf[about].includes(entity)) {
    const kinds = entitiesOf[about].map((kind) => `patchcord.v1.${kind}.*`).join(' and ');
    issues.push({ path: 'type', message: `only ${kinds} are taken here; ${entity} events ${elsewhere(entity)}` });
  }
  if (given.type === 'patchcord.v1.call.session-written') {
    const message = 'is no event of a PBX: write into a session by PATCH /v1/calls/{id}/variables of the session store';
    issues.push({ path: 'type', message });
  }
  return issues;
}

function elsewhere(entity: string): string {
  if (entitiesOf.pbx.includes(entity)) return 'go to POST /v1/events';
  return entitiesOf['digital-platform'].includes(entity) ? 'go to POST /v1/digital-events' : 'come from inside';
}

/** The first finding is the one with the remedy. */
const firstOfEachPath = (issues: readonly EventIssue[]): EventIssue[] =>
  issues.filter(({ path }, index) => issues.findIndex((issue) => issue.path === path) === index);
