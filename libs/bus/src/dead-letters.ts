import { randomUUID } from 'node:crypto';
import { headers } from '@nats-io/nats-core';
import { type DeadLetter, deadLetter, Failure, parseJson, streams, subjects } from '@patchcord/contracts';
import type { Bus } from './connect.ts';
import { overReconnect } from './over-reconnect.ts';
import { storedMessages } from './stored-messages.ts';

/** A dead letter and where it lies. */
export interface StoredDeadLetter {
  readonly letter: DeadLetter;
  /** Position in the stream of dead letters. */
  readonly sequence: number;
}

export interface ListOptions {
  readonly tenantId: string;
  readonly limit: number;
  readonly service?: string;
}

export interface DeadLetters {
  /** Stores a letter; a second one of the same id within the duplicate window is stored once. */
  add(letter: DeadLetter): Promise<void>;
  /** Open letters of a tenant, newest first. */
  list(options: ListOptions): Promise<StoredDeadLetter[]>;
  get(tenantId: string, id: string): Promise<StoredDeadLetter | undefined>;
  /** Open letters of a tenant, or of all. */
  depth(tenantId?: string): Promise<number>;
  /**
   * Closes a letter, with a note that stays beside it until the stream forgets it. Unknown ids are ignored. Whoever knows
   * where it lies says so: else all open letters are read to find it.
   */
  discard(tenantId: string, id: string, note: string, sequence?: number): Promise<void>;
  /**
   * `message` letters: publishes the original message again on its subject, under a new message id (the stream still
   * remembers the old one), and closes the letter. Throws `Failure` permanent when the message is gone.
   */
  republish(letter: DeadLetter): Promise<void>;
}

export function createDeadLetters(bus: Bus): DeadLetters {
  const find = async (tenantId: string, id: string): Promise<StoredDeadLetter | undefined> =>
    (await openLetters(bus, tenantId)).find(({ letter }) => letter.id === id);
  const discard = async (tenantId: string, id: string, note: string, sequence?: number): Promise<void> => {
    const found = sequence === undefined ? await find(tenantId, id) : await letterAt(bus, { tenantId, id, sequence });
    if (found !== undefined) await close(bus, found, note);
  };
  return {
    add: (letter) => add(bus, letter),
    list: async ({ tenantId, limit, service }) =>
      (await fromNats(openLetters(bus, tenantId, service))).toReversed().slice(0, limit),
    get: (tenantId, id) => fromNats(find(tenantId, id)),
    depth: (tenantId) => fromNats(depth(bus, tenantId)),
    discard: (tenantId, id, note, sequence) => fromNats(discard(tenantId, id, note, sequence)),
    republish: async (letter) => {
      await fromNats(republish(bus, letter));
      await fromNats(discard(letter.tenantId, letter.id, 'republished'));
    },
  };
}

/** Awaits NATS. @throws Failure own-trouble `nats_unavailable` */
async function fromNats<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('own-trouble', 'nats_unavailable', 'NATS did not answer for the dead letters', { cause });
  }
}

const stream = streams.deadLetters.name;

async function add(bus: Bus, letter: DeadLetter): Promise<void> {
  const subject = subjects.deadLetter(letter.service, letter.consumer, letter.tenantId);
  try {
    await overReconnect(bus, 5000, () => bus.js.publish(subject, JSON.stringify(letter), { msgID: letter.id }));
  } catch (cause) {
    throw new Failure('own-trouble', 'publish_failed', 'NATS did not acknowledge a dead letter', { cause });
  }
}

/** Oldest first; what was stored twice counts once. */
async function openLetters(bus: Bus, tenantId: string, service?: string): Promise<StoredDeadLetter[]> {
  const letters = new Map<string, StoredDeadLetter>();
  for await (const message of storedMessages(bus, stream, subjects.deadLettersOf(tenantId, service))) {
    const parsed = deadLetter.safeParse(message.json());
    if (parsed.success) letters.set(parsed.data.id, { letter: parsed.data, sequence: message.seq });
  }
  return [...letters.values()];
}

interface LetterPlace {
  readonly tenantId: string;
  readonly id: string;
  readonly sequence: number;
}

/** The open letter at a place, if it is still there and is that one. */
async function letterAt({ jsm }: Bus, { tenantId, id, sequence }: LetterPlace): Promise<StoredDeadLetter | undefined> {
  const message = await jsm.streams.getMessage(stream, { seq: sequence });
  const letter = deadLetter.safeParse(parseJson(message?.string() ?? '')).data;
  if (letter?.id !== id || letter.tenantId !== tenantId) return undefined;
  const isOpen = message?.subject === subjects.deadLetter(letter.service, letter.consumer, letter.tenantId);
  return isOpen ? { letter, sequence } : undefined;
}

async function depth({ jsm }: Bus, tenantId: string | undefined): Promise<number> {
  const filter = subjects.deadLettersOf(tenantId);
  const { state } = await jsm.streams.info(stream, { subjects_filter: filter });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}

/** Stored as closed first, removed from the open ones then: a crash in between leaves it open. */
async function close({ js, jsm }: Bus, { letter, sequence }: StoredDeadLetter, note: string): Promise<void> {
  const subject = subjects.closedDeadLetter(letter.service, letter.consumer, letter.tenantId);
  const closed = { letter, note, closedAt: new Date().toISOString() };
  await js.publish(subject, JSON.stringify(closed), { msgID: `${letter.id}.closed.${sequence}` });
  await jsm.streams.deleteMessage(stream, sequence, false).catch(ignoreGone);
}

/** Another one closed the same letter at the same time. */
const ignoreGone = (): void => undefined;

async function republish({ js, jsm }: Bus, letter: DeadLetter): Promise<void> {
  const { original } = letter;
  if (letter.kind !== 'message' || original === undefined) {
    throw new Failure('permanent', 'not_a_message', 'only letters of kind "message" can be published again');
  }
  const payload =
    letter.payload ?? (await jsm.streams.getMessage(original.stream, { seq: original.sequence }))?.string();
  if (payload === undefined) {
    throw new Failure('permanent', 'message_gone', `message ${original.sequence} of ${original.stream} is gone`);
  }
  const carrier = headers();
  carrier.set('Patchcord-Republished', letter.id);
  await js.publish(original.subject, payload, { msgID: `${letter.id}.${randomUUID()}`, headers: carrier });
}
