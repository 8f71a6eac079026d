import { Failure } from '@patchcord/contracts';
import type { IndexedRecording } from './indexed-recording.ts';
import type { RecordingPosition } from './ports.ts';

/** The place of a recording in the list, as a text that says nothing to a person. */
export const cursorOf = ({ startedAt, recordingId }: IndexedRecording): string =>
  Buffer.from(`${Date.parse(startedAt)}.${recordingId}`).toString('base64url');

/** @throws Failure permanent `invalid_request` */
export function positionOf(cursor: string): RecordingPosition {
  const [, startedAtMs, recordingId] =
    /^(\d{1,15})\.([A-Za-z0-9_-]{1,128})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (startedAtMs === undefined || recordingId === undefined) {
    throw new Failure('permanent', 'invalid_request', 'query.cursor: expected the cursor of an earlier answer');
  }
  return { startedAtMs: Number(startedAtMs), recordingId };
}
