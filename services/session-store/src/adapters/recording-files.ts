import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Failure } from '@patchcord/contracts';
import type { IndexedRecording } from '../domain/indexed-recording.ts';
import { pathInStore, type RecordingStore } from '../domain/recording-file.ts';

/** An open file: whoever opens it closes it. */
export interface OpenRecording {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

/**
 * Opens the file of a recording.
 *
 * @throws Failure permanent `recording_not_ready` | `forbidden`
 */
export type OpenRecordingFile = (tenantId: string, recording: IndexedRecording) => Promise<OpenRecording>;

/** Looks into the stores of the tenant, one after the other. */
export function createRecordingFiles(stores: readonly RecordingStore[]): OpenRecordingFile {
  return async (tenantId, { location, pbxId }) => {
    const candidates = stores.flatMap((store) => {
      const path = isFor(store, tenantId, pbxId) ? pathInStore(store, location) : undefined;
      return path === undefined ? [] : [{ folder: store.path, path }];
    });
    for (const { folder, path } of candidates) {
      const opened = await openInside(folder, path);
      if (opened !== undefined) return opened;
    }
    throw candidates.length === 0 ? noStore() : notThere();
  };
}

const isFor = (store: RecordingStore, tenantId: string, pbxId: string | undefined): boolean =>
  store.tenantId === tenantId && (store.pbxId === undefined || store.pbxId === pbxId);

const noStore = (): Failure =>
  new Failure(
    'permanent',
    'recording_not_ready',
    'no folder is configured for this recording: check that RECORDINGS_STORES of session-store names one for its tenant ' +
      'and PBX, and that its stripPrefix is how the location of the recording begins',
  );

const notThere = (): Failure =>
  new Failure(
    'permanent',
    'recording_not_ready',
    'the file of this recording is not there (yet): check that the PBX has written it and still keeps it, that its ' +
      'folder is mounted where RECORDINGS_STORES of session-store says, and that the service may read it',
  );

const unreadable = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG', 'ELOOP', 'EISDIR', 'ENXIO']);

async function openInside(folder: string, path: string): Promise<OpenRecording | undefined> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) throw outside();
    return await openFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && unreadable.has(String(error.code))) return undefined;
    throw error;
  }
}

const outside = (): Failure =>
  new Failure('permanent', 'forbidden', 'the file of this recording lies outside of the folder that may be served');

/** The path is real by now; a link that took its place since then is refused, and a pipe does not keep us waiting. */
async function openFile(path: string): Promise<OpenRecording | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, sizeBytes: stats.size, modifiedAt: stats.mtime };
  await handle.close();
  return undefined;
}
