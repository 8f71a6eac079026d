import { basename, extname, isAbsolute, relative } from 'node:path/posix';

/** A folder of recordings as the PBX writes it, mounted here. */
export interface RecordingStore {
  readonly tenantId: string;
  readonly kind: 'directory';
  readonly path: string;
  /** Only recordings of this PBX lie there. */
  readonly pbxId?: string | undefined;
  /** What stands before the path inside the folder where the PBX tells of it, e.g. `/var/spool/asterisk/monitor`. */
  readonly stripPrefix?: string | undefined;
}

/** The file's path inside the store, or undefined when the recording cannot lie there. It may still lead outside. */
export function pathInStore({ path, stripPrefix }: RecordingStore, location: string): string | undefined {
  if (location.includes('\0') || /^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return undefined;
  if (!isAbsolute(location)) return location;
  return inside(stripPrefix, location) ?? inside(path, location);
}

function inside(folder: string | undefined, location: string): string | undefined {
  if (folder === undefined || folder === '') return undefined;
  const rest = relative(folder, location);
  return rest === '' || rest.startsWith('../') || isAbsolute(rest) ? undefined : rest;
}

const types: Readonly<Record<string, string>> = {
  '.aac': 'audio/aac',
  '.flac': 'audio/flac',
  '.m4a': 'audio/mp4',
  '.mp3': 'audio/mpeg',
  '.oga': 'audio/ogg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  // Asterisk writes GSM in a WAV frame as `.WAV` and `.wav49`.
  '.wav': 'audio/wav',
  '.wav49': 'audio/wav',
  '.webm': 'audio/webm',
};

/** By the extension; what is not known is never shown by a browser. */
export const contentTypeOf = (location: string): string =>
  types[extname(location).toLowerCase()] ?? 'application/octet-stream';

/** The last part of a path or a URL: what CRMs are told of a recording, and ask for it by. */
export function fileNameIn(location: string): string {
  const isUrl = /^https?:\/\//i.test(location) && URL.canParse(location);
  const name = (isUrl ? new URL(location).pathname : location).split(/[/\\]/).findLast((part) => part !== '') ?? '';
  return isUrl ? decodedName(name) : name;
}

function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const longestName = 128;

/** A name that no header and no file system reads as anything else. */
export function safeFileName(location: string, recordingId: string): string {
  const name = basename(location)
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(-longestName);
  return name === '' ? recordingId : name;
}
