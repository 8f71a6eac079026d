import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import { createAmiParser } from './ami/parser.ts';
import { type AmiMessage, field } from './message.ts';
import type { AmiSnapshot } from './snapshot.ts';

export type RecordingStep =
  | { readonly kind: 'message'; readonly message: AmiMessage; readonly at: number }
  /** The connection was lost: what comes next is of another one. */
  | { readonly kind: 'gap'; readonly at: number }
  /** `snapshot` is undefined where the recording holds none. */
  | { readonly kind: 'resync'; readonly snapshot: AmiSnapshot | undefined; readonly at: number };

export interface Recording {
  readonly steps: readonly RecordingStep[];
  /** `none`: the order is known, the times are not; `at` only counts messages. */
  readonly clock: 'recorded' | 'none';
}

const headerValues = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const lineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['banner', 'response', 'event']), t: z.number(), msg: headerValues }),
  z.object({
    kind: z.literal('mark'),
    t: z.number(),
    msg: z.object({
      Request: z.object({ Action: z.string() }).loose().optional(),
      List: z.array(headerValues).optional(),
    }),
  }),
]);
type Line = z.infer<typeof lineSchema>;

/** What a recording is made of, before gaps are found: messages, and lists that the recorder asked for itself. */
type Item =
  | { readonly kind: 'message'; readonly message: AmiMessage; readonly at: number }
  | { readonly kind: 'list'; readonly action: string; readonly messages: readonly AmiMessage[]; readonly at: number }
  | { readonly kind: 'note'; readonly at: number };

/**
 * Reads a recording: `.ami.jsonl` (messages with times) or `.ami.txt` (bytes of the connections, one after another).
 * Bytes have no times: they are taken from the `.ami.jsonl` of the same name, beside it or one folder up, if there is.
 * @throws Failure `recording_missing` or `not_a_recording`.
 */
export function readRecording(file: string): Recording {
  const bytes = load(file);
  if (bytes.subarray(0, 64).toString('utf8').trimStart().startsWith('{')) {
    return { steps: withGaps(itemsOfLines(parseLines(file, bytes.toString('utf8')))), clock: 'recorded' };
  }
  const messages = parseBytes(file, bytes);
  const timed = timesOf(file, messages);
  if (timed !== undefined) return { steps: withGaps(timed), clock: 'recorded' };
  return { steps: withGaps(messages.map((message, at) => ({ kind: 'message', message, at }))), clock: 'none' };
}

function load(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Failure('permanent', 'recording_missing', `cannot read the recording ${file}`, { cause });
  }
}

const notARecording = (file: string, why: string, cause?: unknown): Failure =>
  new Failure('permanent', 'not_a_recording', `${file} is not an AMI recording: ${why}`, { cause });

function parseBytes(file: string, bytes: Buffer): AmiMessage[] {
  try {
    const messages = createAmiParser({ greetingFirst: true }).push(bytes);
    if (messages.length === 0) throw new TypeError('it is empty');
    return messages;
  } catch (cause) {
    throw notARecording(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function parseLines(file: string, text: string): Line[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [lineSchema.parse(JSON.parse(line))];
    } catch (cause) {
      throw notARecording(file, `line ${index + 1} is not a message with "kind", "t" and "msg"`, cause);
    }
  });
}

const toMessage = (values: z.infer<typeof headerValues>): AmiMessage => ({
  headers: Object.entries(values).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const),
  ),
});

function itemsOfLines(lines: readonly Line[]): Item[] {
  return lines.map((line): Item => {
    if (line.kind !== 'mark') return { kind: 'message', message: toMessage(line.msg), at: line.t };
    const { Request: request, List: list } = line.msg;
    if (request === undefined || list === undefined) return { kind: 'note', at: line.t };
    return { kind: 'list', action: request.Action, messages: list.map(toMessage), at: line.t };
  });
}

/** The bytes' own messages at the times of the twin; undefined when there is none, or it is of something else. */
function timesOf(file: string, messages: readonly AmiMessage[]): Item[] | undefined {
  const name = basename(file).replace(/\.ami\.txt$/, '.ami.jsonl');
  if (name === basename(file)) return undefined;
  for (const folder of [dirname(file), join(dirname(file), '..')]) {
    const items = twin(join(folder, name));
    if (items?.filter((item) => item.kind === 'message').length !== messages.length) continue;
    let next = 0;
    return items.map((item) => {
      const message = item.kind === 'message' ? messages[next++] : undefined;
      return message === undefined ? item : { kind: 'message', message, at: item.at };
    });
  }
  return undefined;
}

function twin(file: string): Item[] | undefined {
  try {
    return itemsOfLines(parseLines(file, readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A banner that is not the first one is a new connection. */
function withGaps(items: readonly Item[]): RecordingStep[] {
  const starts = items.flatMap((item, index) => (isBanner(item) ? [index] : []));
  if (starts.length === 0) return messagesOf(items);
  return starts.flatMap((start, nth) => {
    const connection = items.slice(nth === 0 ? 0 : start, starts[nth + 1]);
    const before = items[start - 1];
    return nth === 0 || before === undefined
      ? messagesOf(connection)
      : resumed(connection, items.slice(0, start), before.at);
  });
}

const isBanner = (item: Item): boolean => item.kind === 'message' && field(item.message, 'Banner') !== undefined;

const messagesOf = (items: readonly Item[]): RecordingStep[] =>
  items.flatMap((item) => (item.kind === 'message' ? [item] : []));

function resumed(connection: readonly Item[], earlier: readonly Item[], lostAt: number): RecordingStep[] {
  const steps = messagesOf(connection);
  const channels = listed(connection, 'CoreShowChannels', 'CoreShowChannel');
  const queues = listed(connection, 'QueueStatus');
  const restarted = isRestart(lastBoot(earlier), lastBoot(connection), lostAt);
  const at = Math.max(channels?.at ?? 0, queues?.at ?? 0, connection[0]?.at ?? lostAt);
  const complete = channels !== undefined || restarted;
  const snapshot: AmiSnapshot | undefined = complete
    ? { channels: channels?.messages ?? [], queues: queues?.messages, restarted, lostAtMs: lostAt }
    : undefined;
  const late = steps.findIndex((step) => step.at > at);
  const split = late === -1 ? steps.length : late;
  const resync: RecordingStep = { kind: 'resync', snapshot, at };
  return [{ kind: 'gap', at: lostAt }, ...steps.slice(0, split), resync, ...steps.slice(split)];
}

function listed(items: readonly Item[], action: string, event?: string) {
  const list = items.find((item) => item.kind === 'list' && item.action === action);
  if (list?.kind !== 'list') return undefined;
  return { at: list.at, messages: list.messages.filter((one) => event === undefined || field(one, 'Event') === event) };
}

interface Boot {
  readonly uptimeS: number;
  readonly at: number;
}

function lastBoot(items: readonly Item[]): Boot | undefined {
  const boot = items.findLast((item) => item.kind === 'message' && field(item.message, 'Event') === 'FullyBooted');
  if (boot?.kind !== 'message') return undefined;
  return { uptimeS: Number.parseInt(field(boot.message, 'Uptime') ?? '', 10), at: boot.at };
}

/** A PBX that is up for less time than before, or than the connection was away, is another process. */
function isRestart(before: Boot | undefined, now: Boot | undefined, lostAt: number): boolean {
  if (now === undefined || Number.isNaN(now.uptimeS)) return false;
  return (before !== undefined && now.uptimeS < before.uptimeS) || now.at - now.uptimeS * 1000 > lostAt;
}
