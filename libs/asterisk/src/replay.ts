import type { AnyEvent } from '@patchcord/contracts';
import { createFeed } from './ami/feed.ts';
import { createAmiMapper } from './mapping/mapper.ts';
import { type AmiMessage, field } from './message.ts';
import { type Recording, type RecordingStep, readRecording } from './recording.ts';

export interface ReplayOptions {
  /** Default `lab`. */
  readonly pbxId?: string | undefined;
  /** Default `demo`. */
  readonly tenantId?: string | undefined;
  readonly trunks?: readonly string[] | undefined;
}

/** One AMI message of a recording and when it was received (epoch ms). */
export interface RecordedMessage {
  readonly message: AmiMessage;
  readonly at: number;
}

/**
 * The messages of a recording in the order of the wire, banners and responses included.
 * @throws Failure `recording_missing` or `not_a_recording`.
 */
export function replayRecording(file: string): RecordedMessage[] {
  return readRecording(file).steps.flatMap((step) =>
    step.kind === 'message' ? [{ message: step.message, at: step.at }] : [],
  );
}

/**
 * The canonical events that a connector would have published: the same feed and mapper, with a resynchronisation
 * where the connection was lost.
 * @throws Failure `recording_missing` or `not_a_recording`.
 */
export const recordingEvents = (file: string, options: ReplayOptions = {}): AnyEvent[] =>
  eventsOf(readRecording(file), options);

export function eventsOf(
  recording: Recording,
  { pbxId = 'lab', tenantId = 'demo', trunks }: ReplayOptions = {},
): AnyEvent[] {
  const events: AnyEvent[] = [];
  const feed = createFeed({
    mapper: createAmiMapper({ pbxId, tenantId, trunks }),
    emit: (more) => void events.push(...more),
    onDefect: (error) => {
      throw error;
    },
  });
  feed.release(undefined, recording.steps[0]?.at ?? 0);
  for (const step of recording.steps) play(feed, step);
  return events;
}

function play(feed: ReturnType<typeof createFeed>, step: RecordingStep): void {
  if (step.kind === 'gap') feed.hold();
  else if (step.kind === 'resync') feed.release(step.snapshot, step.at);
  else if (field(step.message, 'Event') !== undefined) feed.accept(step.message, step.at);
}
