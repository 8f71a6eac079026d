import type { CallRecord, MemorializedField, Placeholder } from '@patchcord/contracts';
import { parseTemplate } from '@patchcord/contracts';
import { msBetween } from './defined.ts';

/** What items tell beside the record. */
export interface ItemContext {
  /** The agent's id in the CRM. */
  readonly crmUserId?: string | undefined;
  /** Where people read the story of the call. */
  readonly storyLink?: string | undefined;
}

type Read = (record: CallRecord, context: ItemContext) => unknown;

/** The number at the other end: of whoever called, or was called; of who wrote, where the platform knows it. */
const numberOfCustomer = ({ direction, ani, dnis, digital }: CallRecord): string | undefined =>
  digital?.customer?.phone ?? (direction === 'outbound' ? dnis : ani);

const durations: Readonly<Record<string, (record: CallRecord) => number | undefined>> = {
  wait: ({ waitMs }) => waitMs,
  ring: ({ ringMs }) => ringMs,
  talk: ({ talkMs }) => talkMs,
  hold: ({ holdMs }) => holdMs,
  acw: ({ acwMs }) => acwMs,
  handle: ({ talkMs, acwMs }) => (talkMs === undefined ? acwMs : talkMs + (acwMs ?? 0)),
  total: ({ offeredAt, endedAt }) => msBetween(offeredAt, endedAt),
  recording: (record) => {
    const { startedAt, endedAt } = recordingOf(record) ?? {};
    return msBetween(startedAt, endedAt);
  },
};

const plain: Readonly<Record<string, Read>> = {
  'record.id': ({ recordId }) => recordId,
  'call.id': ({ callId }) => callId,
  'interaction.id': ({ interactionId }) => interactionId,
  'campaign.id': ({ campaignId }) => campaignId,
  'tenant.id': ({ tenantId }) => tenantId,
  'call.channel': ({ channel }) => channel,
  'call.direction': ({ direction }) => direction,
  'call.outcome': ({ outcome }) => (outcome === 'merged' ? 'failed' : outcome),
  'call.endedBy': ({ endedBy }) => endedBy,
  'call.queue': ({ queue }) => queue,
  'call.offeredAt': ({ offeredAt }) => offeredAt,
  'call.answeredAt': ({ answeredAt }) => answeredAt,
  'call.endedAt': ({ endedAt }) => endedAt,
  'call.ani': ({ ani }) => ani,
  'call.dnis': ({ dnis }) => dnis,
  'call.digits': ({ digits }) => digits,
  'customer.number': numberOfCustomer,
  'customer.name': ({ callerName, digital }) => callerName ?? digital?.customer?.name,
  'customer.email': ({ digital }) => digital?.customer?.email,
  'customer.handle': ({ digital }) => digital?.customer?.handle,
  'digital.kind': ({ digital }) => digital?.kind,
  'digital.contactId': ({ digital }) => digital?.contactId,
  'digital.segmentId': ({ digital }) => digital?.segmentId,
  'digital.pointOfContact': ({ digital }) => digital?.pointOfContact,
  'digital.endReason': ({ digital }) => digital?.endReason,
  transcript: ({ transcript }) => transcript,
  'agent.id': ({ agent }) => agent?.agentId,
  'agent.name': ({ agent }) => agent?.name,
  'agent.crmUserId': (_record, { crmUserId }) => crmUserId,
  'disposition.id': ({ disposition }) => disposition?.optionId,
  'disposition.name': ({ disposition }) => disposition?.name,
  'disposition.comments': ({ disposition }) => disposition?.comments,
  notes: ({ disposition, summary }) =>
    [disposition?.comments, summary].filter((text) => (text ?? '') !== '').join('\n\n'),
  summary: ({ summary }) => summary,
  form: ({ disposition }) => (disposition?.form === undefined ? undefined : JSON.stringify(disposition.form)),
  'transfers.count': ({ transfers }) => transfers.length,
  transfers: ({ transfers }) =>
    transfers.map(({ kind, to }) => `${kind} to ${to.agent?.agentId ?? to.extension ?? '?'}`),
  variables: allVariables,
  'story.link': (_record, { storyLink }) => storyLink,
  'recording.url': (record) => placesOf(record).findLast((place) => /^https?:\/\//i.test(place)),
  'recording.file': (record) => recordingOf(record)?.location.split(/[?#]/)[0]?.split(/[\\/]/).at(-1),
  'recording.id': (record) => recordingOf(record)?.recordingId,
};

/** The recording that can be opened, or else the last. */
const recordingOf = ({ recordings }: CallRecord): CallRecord['recordings'][number] | undefined =>
  recordings.findLast(({ location }) => /^https?:\/\//i.test(location)) ?? recordings.at(-1);

const placesOf = ({ recordings }: CallRecord): string[] => recordings.map(({ location }) => location);

function allVariables({ ani, dnis, variables, data = {} }: CallRecord): string {
  const pairs = Object.entries({ ANI: ani, DNIS: dnis, ...variables, ...data });
  const given = pairs.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${asText(value)}`]));
  return given.map((pair) => pair.replaceAll('|', '%7C')).join('|');
}

/**
 * The value of a data item ({@link dataItems}): text, a number, a list of texts, or what was written into the session.
 * Undefined: it has none.
 */
export function itemValue(name: string, record: CallRecord, context: ItemContext = {}): unknown {
  const read = plain[name];
  if (read !== undefined) return read(record, context);
  const [, of = '', unit] = /^(\w+)\.(ms|seconds|clock)$/.exec(name) ?? [];
  const ms = Object.hasOwn(durations, of) ? durations[of]?.(record) : undefined;
  if (unit !== undefined && ms !== undefined) return inUnit(ms, unit);
  return openValue(name, record);
}

function inUnit(ms: number, unit: string): number | string {
  const seconds = Math.round(ms / 1000);
  if (unit !== 'clock') return unit === 'ms' ? ms : seconds;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function openValue(name: string, { disposition, data = {}, variables }: CallRecord): unknown {
  const [namespace = '', ...rest] = name.split('.');
  if (namespace === 'form') return within(disposition?.form ?? {}, rest);
  if (namespace === 'var') return within(variables, rest);
  return namespace === 'ivr' || namespace === 'app' ? within(data, [namespace, ...rest]) : undefined;
}

/** The longest name that is there, and what its value holds under the rest. */
function within(values: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join('.');
    if (Object.hasOwn(values, name)) return descend(values[name], path.slice(length));
  }
  return undefined;
}

const descend = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    value,
  );

/** A value in a text. */
function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(asText).join('; ');
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

/** What is written into a mapped field: of an item with its type, of a text as text. Undefined: there is nothing. */
export function mappedValue(
  { item, text }: Pick<MemorializedField, 'item' | 'text'>,
  record: CallRecord,
  context: ItemContext = {},
): string | number | boolean | undefined {
  const value = text === undefined ? itemValue(item ?? '', record, context) : itemText(text, record, context);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const written = asText(value);
  return written === '' ? undefined : written;
}

/** A text with data items in braces. */
export function itemText(text: string, record: CallRecord, context: ItemContext = {}): string {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return '';
  const filled = ({ name, fallback = '' }: Placeholder): string => asText(itemValue(name, record, context)) || fallback;
  return parsed.template.parts.map((part) => (typeof part === 'string' ? part : filled(part))).join('');
}
