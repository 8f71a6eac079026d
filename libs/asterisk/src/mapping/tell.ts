import { type AnyEvent, type EventDefinition, parseEvent } from '@patchcord/contracts';
import type { Call, Mapping } from './state.ts';

interface Told<Data> {
  readonly call: Call;
  /** The channel it is about. */
  readonly uid: string;
  readonly data: Data;
  /** When it happened, if not now (epoch ms). */
  readonly at?: number;
}

/**
 * Adds an event of a call. Its id is made of the call, what happened, the channel and the how manieth time, so that
 * whoever reads the same from the PBX makes the same id. Kinds that can repeat get another id when the beginning of
 * the call was missed: their numbers would not be the same.
 */
export function tell<Type extends string, Data>(
  m: Mapping,
  definition: EventDefinition<Type, Data>,
  { call, uid, data, at = m.now }: Told<Data>,
): void {
  const key = `${definition.event}.${uid}`;
  const nth = (call.counters.get(key) ?? 0) + 1;
  call.counters.set(key, nth);
  const mark = call.adopted !== undefined && repeating.has(definition.event) ? `${call.adopted}-` : '';
  add(m, {
    ...envelope(m, definition.type, at),
    id: `${call.id}.${definition.event}.${uid}.${mark}${nth}`,
    subject: call.id,
    correlationid: call.id,
    data,
  });
}

const repeating: ReadonlySet<string> = new Set([
  'ivr-entered',
  'dtmf-collected',
  'variables-set',
  'queued',
  'dequeued',
  'held',
  'resumed',
  'conference-changed',
  'transferred',
  'recording-ready',
]);

/** Adds an event of an agent: a state, not a step of a call, so it is named by when it was. */
export function tellAgent<Type extends string, Data>(
  m: Mapping,
  definition: EventDefinition<Type, Data>,
  agentId: string,
  data: Data,
): void {
  const base = envelope(m, definition.type, m.now);
  add(m, {
    ...base,
    id: `${m.pbxId}.${agentId}.${definition.event}.${m.now}.${base.sequence}`,
    subject: agentId,
    data,
  });
}

function envelope(m: Mapping, type: string, at: number) {
  m.sequence += 1;
  return {
    specversion: '1.0',
    source: `/pbx/${m.pbxId}`,
    type,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    tenantid: m.tenantId,
    sequence: String(m.sequence),
  };
}

function add(m: Mapping, event: { readonly type: string } & Record<string, unknown>): void {
  const parsed = parseEvent(event);
  if (parsed.ok) m.out.push(parsed.event satisfies AnyEvent);
  else m.onInvalid(event.type, parsed.issues);
}
