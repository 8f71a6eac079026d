import { readFileSync } from 'node:fs';
import { z } from 'zod';

const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const line = z.object({
  /** When it was received, epoch ms. */
  t: z.number(),
  kind: z.literal('event'),
  msg: headers,
});

export type AmiHeaderRecord = z.infer<typeof headers>;

export interface RecordedEvent {
  /** After the first event of the recording. */
  readonly atMs: number;
  readonly headers: AmiHeaderRecord;
}

export interface Renumber {
  /** Seconds added to every epoch time and every channel id. Default: so many that the recording begins now. */
  readonly shiftS?: number;
  /** Replaces the number of the first caller. */
  readonly callerNumber?: string;
}

/** Said anew by whoever replays, for each connection. */
const ofTheConnection = new Set(['FullyBooted', 'SuccessfulAuth']);

/** The events of an `.ami.jsonl` recording, in their order and with their distances in time. */
export function readAmiRecording(path: string | URL, renumber?: Renumber): RecordedEvent[] {
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text): unknown => JSON.parse(text))
    .flatMap((value) => line.safeParse(value).data ?? [])
    .filter(({ msg }) => !ofTheConnection.has(String(msg.Event)));
  const begin = lines[0]?.t ?? 0;
  const rewrite = renumber === undefined ? (text: string) => text : rewriter(lines, renumber);
  return lines.map(({ t, msg }) => ({
    atMs: t - begin,
    headers: headers.parse(JSON.parse(rewrite(JSON.stringify(msg)))),
  }));
}

/**
 * Makes other calls of the same recording: epoch times and the ids made of them move by the shift; channel names,
 * bridges and ids that were chosen by hand get its number as a mark. Whatever was equal stays equal.
 */
function rewriter(lines: readonly z.infer<typeof line>[], renumber: Renumber): (text: string) => string {
  const shiftS = renumber.shiftS ?? Math.floor(Date.now() / 1000) - Math.floor((lines[0]?.t ?? 0) / 1000);
  const mark = (Math.abs(shiftS) % 0x1_00_00_00_00).toString(16).padStart(8, '0');
  const chosen = chosenIds(lines);
  const caller = firstCaller(lines);
  return (text) => {
    let out = text
      .replace(/\b(1[6-9]\d{8})\b/g, (epoch) => String(Number(epoch) + shiftS))
      .replace(/-([0-9a-f]{8})(?=["/;,]|\\)/g, (_, suffix: string) => `-${combine(suffix, mark)}`)
      .replace(/\b([0-9a-f]{8})(?=-[0-9a-f]{4}-[0-9a-f]{4}-)/g, (first) => combine(first, mark));
    for (const id of chosen) out = out.replaceAll(`"${id}"`, `"${id}-${mark}"`);
    if (renumber.callerNumber === undefined || caller === undefined) return out;
    return out.replaceAll(caller, renumber.callerNumber);
  };
}

const combine = (hex: string, mark: string): string =>
  ((Number.parseInt(hex, 16) ^ Number.parseInt(mark, 16)) >>> 0).toString(16).padStart(8, '0');

/** Channel ids that an Originate chose; the others are `<epoch>.<counter>`. */
function chosenIds(lines: readonly z.infer<typeof line>[]): string[] {
  const ids = lines.map(({ msg }) => String(msg.Uniqueid ?? ''));
  return [...new Set(ids)].filter((id) => /^[a-z][\w-]*-/.test(id));
}

function firstCaller(lines: readonly z.infer<typeof line>[]): string | undefined {
  const first = lines.find(({ msg }) => msg.Event === 'Newchannel');
  const number = String(first?.msg.CallerIDNum ?? '');
  return /^\+?\d{3,}$/.test(number) ? number : undefined;
}
