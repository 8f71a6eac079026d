import { cutTranscript, type DigitalEvent, digitalEvents } from '@patchcord/contracts';
import { inOrder } from '../order.ts';

/**
 * What was told of a digital contact: each event once, in order, and of the transcripts only the latest of each part.
 * The same events in any order, any number of times, give the same log.
 */
export type DigitalLog = readonly DigitalEvent[];

type Transcript = Extract<DigitalEvent, { type: 'patchcord.v1.digital.transcript-recorded' }>;

/** The log with one more event; the same log when the event tells nothing new. */
export function applyDigital(log: DigitalLog, event: DigitalEvent): DigitalLog {
  if (log.some(({ id, source }) => id === event.id && source === event.source)) return log;
  const next = withoutOldTranscripts(inOrder([...log, bounded(event)]));
  return next.some(({ id, source }) => id === event.id && source === event.source) ? next : log;
}

function withoutOldTranscripts(log: DigitalLog): DigitalLog {
  const latest = new Map<string, DigitalEvent>();
  for (const event of log) if (isTranscript(event)) latest.set(partOf(event), event);
  return log.filter((event) => !isTranscript(event) || latest.get(partOf(event)) === event);
}

/** Of the whole conversation under the empty name, which no segment has. */
const partOf = ({ data }: Transcript): string => data.segmentId ?? '';

const isTranscript = (event: DigitalEvent): event is Transcript =>
  event.type === digitalEvents.digitalTranscriptRecorded.type;

const bounded = (event: DigitalEvent): DigitalEvent =>
  isTranscript(event) ? { ...event, data: { ...event.data, text: cutTranscript(event.data.text) } } : event;

/** Texts of what was written. */
export interface Transcripts {
  /** By segment id. */
  readonly segments: Readonly<Record<string, string>>;
  readonly whole?: string | undefined;
}

/** The newest transcripts of a contact. */
export function transcriptsOf(log: DigitalLog): Transcripts {
  const texts = log.filter(isTranscript).map((event) => [partOf(event), event.data.text] as const);
  const { '': whole, ...segments } = Object.fromEntries(texts);
  return { segments, whole };
}
