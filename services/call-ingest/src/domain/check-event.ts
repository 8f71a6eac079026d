import { type AnyEvent, type EventIssue, eventDefinition, parseEvent } from '@patchcord/contracts';
import { z } from 'zod';

/** Who sends, and when it came. */
export interface Sender {
  readonly tenantId: string;
  readonly receivedAt: Date;
  /** Trace of the request; an event that has its own keeps it. */
  readonly traceparent?: string | undefined;
}

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
  subject: 'the call id, or the agent id of an agent event',
  time: 'when it happened by the clock of the source (RFC 3339), e.g. "2026-11-20T23:41:20.123Z"',
  data: 'the data of the event',
};

/** What a PBX may tell; everything else is said by services of the house. */
const entities = ['call', 'agent'];

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
    ...(entityOf(given) === 'call' && given.correlationid === undefined ? { correlationid: given.subject } : {}),
    ...(given.traceparent === undefined && traceparent !== undefined ? { traceparent } : {}),
  };
}

const entityOf = ({ type }: Given): string | undefined =>
  typeof type === 'string' ? eventDefinition(type)?.entity : undefined;

const missing = (given: Given): EventIssue[] =>
  Object.entries(needed)
    .filter(([path]) => given[path] === undefined)
    .map(([path, what]) => ({ path, message: `is missing: expected ${what}` }));

function foreign(given: Given, { tenantId }: Sender): EventIssue[] {
  const issues: EventIssue[] = [];
  if (given.tenantid !== undefined && given.tenantid !== tenantId) {
    issues.push({ path: 'tenantid', message: `expected "${tenantId}", the tenant of the API token, or nothing` });
  }
  const entity = entityOf(given);
  if (entity !== undefined && !entities.includes(entity)) {
    const kinds = entities.map((kind) => `patchcord.v1.${kind}.*`).join(' and ');
    issues.push({ path: 'type', message: `only ${kinds} are taken here; ${entity} events come from inside` });
  }
  if (given.type === 'patchcord.v1.call.session-written') {
    const message = 'is no event of a PBX: write into a session by PATCH /v1/calls/{id}/variables of the session store';
    issues.push({ path: 'type', message });
  }
  return issues;
}

/** The first finding is the one with the remedy. */
const firstOfEachPath = (issues: readonly EventIssue[]): EventIssue[] =>
  issues.filter(({ path }, index) => issues.findIndex((issue) => issue.path === path) === index);
