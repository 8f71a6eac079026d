import type { Readable } from 'node:stream';
import { Failure } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import { z } from 'zod';
import type { OpenRecording, OpenRecordingFile } from '../adapters/recording-files.ts';
import type { RecordingLinks } from '../adapters/recording-links.ts';
import { byteRange } from '../domain/byte-range.ts';
import type { IndexedRecording } from '../domain/indexed-recording.ts';
import type { RecordingIndex } from '../domain/ports.ts';
import { contentTypeOf, safeFileName } from '../domain/recording-file.ts';

export interface RecordingFileRoutes {
  readonly recordings: Pick<RecordingIndex, 'get'>;
  readonly links: RecordingLinks;
  readonly open: OpenRecordingFile;
}

const querystring = z.strictObject({ token: z.string().max(1024).meta({ description: 'Of the link' }) });

interface FileRequest {
  readonly method: string;
  readonly query: z.output<typeof querystring>;
  readonly headers: { readonly range?: string | undefined; readonly 'if-range'?: string | undefined };
}

interface FileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readable;
}

/** `GET` and `HEAD /v1/recordings/file?token=…`: the token of the link is all that is needed. */
export function registerRecordingFile(app: HttpServer, { recordings, links, open }: RecordingFileRoutes): void {
  const answer = async (request: FileRequest): Promise<FileAnswer> => {
    const { tenantId, recordingId } = links.verify(request.query.token);
    const recording = await recordings.get(tenantId, recordingId);
    if (recording === undefined) throw new Failure('permanent', 'gone', 'the recording is not kept any more');
    return answerFor(request, recording, await open(tenantId, recording));
  };
  const schema = {
    tags: ['recordings'],
    summary: 'The audio of a recording, whole or in ranges',
    description: 'Answers 200, or 206 to a `Range`, with the bytes of the file. Needs no token but that of the link.',
    security: [],
    querystring,
  };
  app.get('/v1/recordings/file', { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { status, headers, body } = await answer(request);
    return reply.code(status).headers(headers).send(body);
  });
  app.head('/v1/recordings/file', { schema: { ...schema, hide: true } }, async (request, reply) => {
    const { status, headers } = await answer(request);
    return reply.code(status).headers(headers).send();
  });
}

async function answerFor(
  { method, headers: asked }: FileRequest,
  recording: IndexedRecording,
  file: OpenRecording,
): Promise<FileAnswer> {
  const { handle, sizeBytes, modifiedAt } = file;
  const etag = `"${sizeBytes.toString(36)}-${modifiedAt.getTime().toString(36)}"`;
  // A range of an earlier version of the file would be patched together with this one.
  const changed = asked['if-range'] !== undefined && asked['if-range'] !== etag;
  const wanted = byteRange(changed ? undefined : asked.range, sizeBytes);
  const headers = { ...headersOf(recording), etag, 'last-modified': modifiedAt.toUTCString() };
  if (wanted === 'unsatisfiable') {
    await handle.close();
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${sizeBytes}` } };
  }
  const { first, last } = wanted === 'whole' ? { first: 0, last: sizeBytes - 1 } : wanted;
  const sized = { ...headers, 'content-length': String(last - first + 1) };
  const found: FileAnswer =
    wanted === 'whole'
      ? { status: 200, headers: sized }
      : { status: 206, headers: { ...sized, 'content-range': `bytes ${first}-${last}/${sizeBytes}` } };
  if (method !== 'HEAD' && sizeBytes > 0)
    return { ...found, body: handle.createReadStream({ start: first, end: last }) };
  await handle.close();
  return found;
}

/** A page of a CRM may play it, and nothing in it may run. */
const headersOf = ({ location, recordingId }: IndexedRecording): Record<string, string> => ({
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-store',
  'content-disposition': `inline; filename="${safeFileName(location, recordingId)}"`,
  'content-security-policy': "default-src 'none'; sandbox",
  'content-type': contentTypeOf(location),
  'cross-origin-resource-policy': 'cross-origin',
});
